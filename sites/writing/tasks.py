"""Every night: pictures that were pasted, and that no page came to show, go."""

from procrastinate.contrib.django import app

from govplatform.tenancy.each_site import each_site

from .pasted_pictures import sweep_pasted_pictures


@app.periodic(cron="47 2 * * *")
@app.task(name="govplatform.sweep_pasted_pictures", queueing_lock="sweep_pasted_pictures")
def sweep(timestamp: int) -> None:
    """Do it site by site."""
    each_site(lambda _run: sweep_pasted_pictures(), job="sweep_pasted_pictures")
