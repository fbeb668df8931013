"""Jobs of cases."""

from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from .retention.erasing import erase_due, erase_merged
from .tally import fold_tally


@app.periodic(cron="37 3 * * *")
@app.task(name="govplatform.erase_due_data", queue="bulk", queueing_lock="erase_due_data", pass_context=False)
def erase_due_data(timestamp: int) -> None:
    """Remove personal data whose term is over; every night. What is left because a site was busy goes the next one."""
    with schema_context("public"):
        erase_due()


@app.periodic(cron="57 3 * * *")
@app.task(name="govplatform.erase_merged_data", queue="owner", queueing_lock="erase_merged_data", pass_context=False)
def erase_merged_data(timestamp: int) -> None:
    """The same in sites that were merged, where the owner alone can write; every night."""
    with schema_context("public"):
        erase_merged()


@app.periodic(cron="*/10 * * * *")
@app.task(name="govplatform.fold_case_tally", queueing_lock="fold_case_tally", pass_context=False)
def fold_case_tally(timestamp: int) -> None:
    """Put the kept numbers of cases together, so that they are few to add up; every ten minutes."""
    with schema_context("public"):
        fold_tally()
