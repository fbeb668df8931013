"""Jobs: what the verifier found is taken in; once a night every file of every site is compared with the application.

What a page was made of is recorded while it is rendered. Should something have been forgotten there, its files are
right again the next morning.
"""

from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from govplatform.tenancy.models import Tenant

from .changes import note_whole
from .findings import take_in_findings
from .releasing import is_served


@app.periodic(cron="53 1 * * *")
@app.task(name="govplatform.renew_files", queueing_lock="renew_files")
def renew_files(timestamp: int) -> None:
    """Have all sites rendered; files that say what they said are not written."""
    with schema_context("public"):
        for tenant in Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).prefetch_related("domains"):
            if is_served(tenant):
                note_whole(tenant)


@app.periodic(cron="* * * * *")
@app.task(name="govplatform.take_in_findings", queue="urgent", queueing_lock="take_in_findings")
def take_in(timestamp: int) -> None:
    """Take in what the verifier of the static files has found; every minute."""
    with schema_context("public"):
        while take_in_findings():
            continue
