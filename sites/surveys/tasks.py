"""Every hour: of surveys that are over, nothing is kept any more by which an address could be known again."""

from procrastinate.contrib.django import app

from govplatform.tenancy.each_site import each_site

from .intake import forget_senders


@app.periodic(cron="37 * * * *")
@app.task(name="govplatform.forget_survey_senders", queueing_lock="forget_survey_senders")
def forget_survey_senders(timestamp: int) -> None:
    each_site(lambda _run: forget_senders(), job="forget_survey_senders")
