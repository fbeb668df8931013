"""Jobs of the review: scheduled publishing on every site, through the same gate, and scans."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from procrastinate.contrib.django import app

from govplatform.confidentiality.models import Scan
from govplatform.confidentiality.queries import is_lost
from govplatform.tenancy.each_site import each_site

from .gate.scans import run_scan

# The worker looks for tasks in this module of each app.
from .rescans.tasks import rescan_due_sites, rescan_site
from .submission import due_pages
from .submission.due_pages import publish_due_pages, work_off_schedule

__all__ = ["publish_due_pages", "publish_scheduled", "rescan_due_sites", "rescan_site", "scan_page"]

logger = logging.getLogger("govplatform.review")
#: Time after which a scan that nobody works on has lost its job: retries used up, or the queue emptied.
SCAN_WAITS_AT_MOST = timedelta(minutes=10)


@app.periodic(cron="* * * * *")
@app.task(name="govplatform.publish_scheduled", queue="publishing", queueing_lock="publish_scheduled")
def publish_scheduled(timestamp: int) -> None:
    """Publish, every minute, what is due, and take down what has expired, site by site."""
    each_site(work_off_schedule, job=due_pages.JOB)


@task(queue_name="scans")
def scan_page(scan_id: int) -> None:
    """Run one scan. The queue brings it back when the worker dies; files that are done are not read again."""
    scan = Scan.objects.select_related("revision", "requested_by").filter(pk=scan_id).first()
    if scan is not None and scan.state in (Scan.State.QUEUED, Scan.State.RUNNING):
        run_scan(scan)


@app.periodic(cron="*/5 * * * *")
@app.task(name="govplatform.queue_lost_scans", queueing_lock="queue_lost_scans")
def queue_lost_scans(timestamp: int) -> None:
    """Put scans without anybody at work on them back into the queue, every five minutes, site by site."""
    each_site(lambda _run: queue_waiting_scans(), job="queue_lost_scans")


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
