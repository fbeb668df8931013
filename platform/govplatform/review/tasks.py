"""Scheduled publishing on every site, through the same gate; scans as jobs."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from django_tenants.utils import schema_context, tenant_context
from procrastinate.contrib.django import app
from wagtail.models import Page, Revision

from govplatform.confidentiality.models import Scan
from govplatform.confidentiality.queries import is_lost
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

# The worker looks for tasks in this module of each app.
from .rescans.tasks import rescan_due_sites, rescan_site
from .submission.actions import expire_page, refuse_schedule

__all__ = ["publish_due_pages", "publish_scheduled", "rescan_due_sites", "rescan_site", "scan_page"]

logger = logging.getLogger("govplatform.review")
#: A scan that nobody has begun or held for so long lost its job: the retries were used up, or the queue was emptied.
SCAN_WAITS_AT_MOST = timedelta(minutes=10)


@app.periodic(cron="* * * * *")
@app.task(name="govplatform.publish_scheduled", queueing_lock="publish_scheduled")
def publish_scheduled(timestamp: int) -> None:
    """Every minute: what is due goes live, what has expired comes down, site by site."""
    with schema_context("public"):
        tenants = list(Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE))
    for tenant in tenants:
        with tenant_context(tenant):
            publish_due_pages()


def publish_due_pages() -> int:
    """Publish what is due on the current site and take down what has expired.

    Returns the number of pages published. One page's refusal does not stop the others: it loses
    its schedule, the refusal is recorded, and it goes back to its editor.
    """
    published = 0
    due = Revision.page_revisions.filter(approved_go_live_at__lte=timezone.now())
    for revision in list(due.order_by("approved_go_live_at")):
        try:
            with transaction.atomic():
                revision.publish()
                published += 1
        except Refused as refusal:
            logger.warning("scheduled page %s was not published: %s", revision.object_id, refusal)
            refuse_schedule(revision, refusal.reasons)
    for page in Page.objects.filter(live=True, expire_at__lte=timezone.now()).specific():
        expire_page(page)
    return published


@task()
def scan_page(scan_id: int) -> None:
    """Run one scan. The queue brings it back when the worker dies; files that are done are not read again."""
    from .gate.scans import run_scan

    scan = Scan.objects.select_related("revision", "requested_by").filter(pk=scan_id).first()
    if scan is not None and scan.state in (Scan.State.QUEUED, Scan.State.RUNNING):
        run_scan(scan)


@app.periodic(cron="*/5 * * * *")
@app.task(name="govplatform.queue_lost_scans", queueing_lock="queue_lost_scans")
def queue_lost_scans(timestamp: int) -> None:
    """Every five minutes: scans without anybody at work on them go back into the queue, site by site."""
    with schema_context("public"):
        tenants = list(Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE))
    for tenant in tenants:
        with tenant_context(tenant):
            queue_waiting_scans()


def queue_waiting_scans() -> int:
    """Enqueue again what has waited too long on the current site. Returns how many.

    A second job of one scan does no harm; ``queued_at`` keeps it to one in ``SCAN_WAITS_AT_MOST``.
    """
    before = timezone.now() - SCAN_WAITS_AT_MOST
    waiting = Q(state=Scan.State.QUEUED) | Q(state=Scan.State.RUNNING, started_at__lte=before)
    queued = 0
    for scan in Scan.objects.filter(waiting, queued_at__lte=before).order_by("pk"):
        if scan.state == Scan.State.RUNNING and not is_lost(scan):
            continue
        with transaction.atomic():
            if Scan.objects.filter(pk=scan.pk, state=scan.state, queued_at=scan.queued_at).update(
                state=Scan.State.QUEUED, queued_at=timezone.now()
            ):
                scan_page.enqueue(scan_id=scan.pk)
                queued += 1
    if queued:
        logger.warning("%s scans without a job were queued again", queued)
    return queued
