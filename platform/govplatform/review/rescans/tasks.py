"""Jobs of rescans, asked for in the console or by the calendar of a site's rule pack."""

import logging
from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from procrastinate.contrib.django import app

from govplatform.refusals import Busy, Refused
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.tenancy.current import current_schema, current_tenant
from govplatform.tenancy.each_site import each_site
from govplatform.tenancy.jobs import enqueue

from ..gate.scans import present_basis
from ..models import RescanRun
from .actions import request_rescan
from .queries import newest_run, sites_to_rescan
from .walking import look_again, walk

logger = logging.getLogger("govplatform.review")


@task(queue_name="bulk")
def rescan_site(run_id: int) -> None:
    """Carry out one run. The queue brings it back when the worker dies; pages that are done are skipped."""
    run = RescanRun.objects.select_related("requested_by").filter(pk=run_id).first()
    if run is None or not run.working:
        return
    try:
        walk(run)
        go_on_after(run)
    except Busy:
        # The queue brings it back; pages that are done are skipped.
        raise
    except Refused as refusal:
        # A verb rescans the site at this moment by the same rules, so nothing is left to do.
        logger.warning("rescan %s: %s", run_id, refusal)
        RescanRun.objects.filter(pk=run_id).update(state=RescanRun.State.STOPPED, finished_at=timezone.now())


def go_on_after(run: RescanRun) -> None:
    """Have the site scanned once more when its dictionary became another while ``run`` was at work."""
    if run.state == RescanRun.State.DONE and run.dictionary_version != present_basis().dictionary_version:
        _request()


@task(queue_name="bulk")
def rescan_for_words(site: str, more: bool, less: bool) -> None:
    """Follow a change of a dictionary on a site, or on all for ''.

    ``more``: what is public is scanned again. ``less``: pages with open findings are looked at first, so that what is
    found no more leaves the work list at once.
    """

    def after_change() -> None:
        if less:
            enqueue("govplatform.review.rescans.tasks.look_again_at_open", once=f"rescan:look_again:{current_schema()}")
        if more:
            _request()

    each_site(lambda _run: after_change(), job="rescan_for_words", tenants=sites_to_rescan(site or None), again=False)


@task(queue_name="bulk")
def look_again_at_open() -> None:
    """Scan the pages of the current site with open findings by the present rules; what is gone from them lapses."""
    look_again()


@app.periodic(cron="23 2 * * *")
@app.task(name="govplatform.rescan_due_sites", queueing_lock="rescan_due_sites")
def rescan_due_sites(timestamp: int) -> None:
    """Rescan, every night, the sites whose rule pack asks for it (``rescan_every`` days, 0 is never)."""
    each_site(lambda _run: request_when_due(), job="rescan_due_sites")


def request_when_due() -> bool:
    """Queue a rescan of the current site when its last one is long enough ago; return whether it was queued."""
    days = site_rule_pack().limit("rescan_every").days
    last = newest_run()
    # Half a day less: the night's job does not begin at the same second each time.
    if days <= 0 or (last is not None and timezone.now() - last.requested_at < timedelta(days=days, hours=-12)):
        return False
    return _request()


def _request() -> bool:
    """Queue a rescan of the current site in the platform's name; False when one is under way or waits already."""
    try:
        request_rescan(acting_user=None)
    except Refused as refusal:
        logger.info("no rescan of %s: %s", current_tenant().code, refusal)
        return False
    return True
