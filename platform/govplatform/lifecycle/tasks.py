"""The job that opens a site, in the worker that has the owner's login (decision 004)."""

from dataclasses import fields

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from govplatform.locks.holding import locking
from govplatform.refusals import Refused
from govplatform.tenancy.each_site import each_site

from .actions import NewSite, open_site
from .models import SiteOpening
from .states.clock import look_after_site, sites_with_clocks


@app.periodic(cron="* * * * *")
@app.task(name="govplatform.look_after_sites", queue="publishing", queueing_lock="look_after_sites")
def look_after_sites(timestamp: int) -> None:
    """Do, every minute, what is due in the life of sites: returns, terms of notices, reminders, what was left."""
    with schema_context("public"):
        tenants = sites_with_clocks()
    each_site(look_after_site, job="look_after_sites", tenants=tenants)


@task(queue_name="owner")
def open_site_job(opening_id: int) -> None:
    """Open the site of one SiteOpening. A refusal is its result, not a failure of the job.

    Run again after a kill it opens the site, since nothing was left behind, or finds it done.
    """
    with schema_context("public"):
        with transaction.atomic():
            opening = locking(SiteOpening.objects).get(pk=opening_id)
            if opening.state in (SiteOpening.State.DONE, SiteOpening.State.REFUSED):
                return
            opening.state = SiteOpening.State.RUNNING
            opening.save(update_fields=["state"])
        known = {field.name for field in fields(NewSite)}
        new = NewSite(**{name: value for name, value in opening.facts.items() if name in known})
        try:
            # The site and the result in its SiteOpening are one transaction: both are there or neither.
            with transaction.atomic():
                tenant, seconds = open_site(new, acting_user=opening.requested_by)
                _finish(opening, SiteOpening.State.DONE, tenant=tenant, seconds=round(seconds, 2))
        except Refused as refusal:
            _finish(opening, SiteOpening.State.REFUSED, reasons=refusal.reasons)
        except ValidationError as error:
            _finish(opening, SiteOpening.State.REFUSED, reasons=[str(message) for message in error.messages])


def _finish(opening: SiteOpening, state: str, **facts: object) -> None:
    opening.state = state
    opening.finished_at = timezone.now()
    for name, value in facts.items():
        setattr(opening, name, value)
    opening.save()
