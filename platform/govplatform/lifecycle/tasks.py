"""Jobs of the life of sites; those that make schemas or move rows run where the owner's login is (decision 004)."""

import logging
from dataclasses import fields

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from govplatform.locks.holding import locking
from govplatform.refusals import Busy, Refused
from govplatform.tenancy.each_site import each_site

from .actions import NewSite, open_site

# Workers look for jobs in this module alone.
from .ending import tasks as _of_the_end  # noqa: F401
from .merge.running import is_at_work, run_merge, run_reversal, verify_merge
from .models import Merge, SiteOpening
from .states.clock import look_after_site, sites_with_clocks

logger = logging.getLogger("govplatform.lifecycle")


@app.periodic(cron="* * * * *")
@app.task(name="govplatform.look_after_sites", queue="publishing", queueing_lock="look_after_sites")
def look_after_sites(timestamp: int) -> None:
    """Do, every minute, what is due in the life of sites: returns, terms of notices, reminders, what was left."""
    with schema_context("public"):
        tenants = sites_with_clocks()
    # The notices of a closing site stand on others as well, and have their terms there.
    each_site(look_after_site, job="look_after_sites", tenants=tenants, frozen_too=True)


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


@task(queue_name="owner")
def merge_site_job(merge_id: int) -> None:
    """Carry a merge out. A refusal is its result; whatever else goes wrong, the queue brings the job back."""
    with schema_context("public"):
        if not is_at_work(Merge.objects.get(pk=merge_id)):
            run_merge(merge_id)


@task(queue_name="owner")
def revert_merge_job(merge_id: int) -> None:
    """Take back a merge of which that was decided. A refusal is its result and stands with the merge."""
    with schema_context("public"):
        try:
            run_reversal(merge_id)
        except Busy:
            raise
        except Refused as refusal:
            logger.warning("merge %s was not taken back: %s", merge_id, refusal)


@task(queue_name="owner")
def verify_merge_job(merge_id: int) -> None:
    """Verify a merge anew. What was taken back or dropped before its turn came has nothing to be verified."""
    with schema_context("public"):
        try:
            verify_merge(Merge.objects.get(pk=merge_id))
        except Busy:
            raise
        except Refused as refusal:
            logger.warning("merge %s was not verified: %s", merge_id, refusal)


def _finish(opening: SiteOpening, state: str, **facts: object) -> None:
    opening.state = state
    opening.finished_at = timezone.now()
    for name, value in facts.items():
        setattr(opening, name, value)
    opening.save()
