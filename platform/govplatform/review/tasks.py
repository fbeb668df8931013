"""Scheduled publishing on every site, through the same gate."""

import logging

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tenants.utils import schema_context, tenant_context
from procrastinate.contrib.django import app
from wagtail.models import Page, Revision

from govplatform.confidentiality.models import Scan
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .actions import expire_page, refuse_schedule

# The worker looks for tasks in this module of each app.
from .rescans.tasks import rescan_due_sites, rescan_site

__all__ = ["publish_due_pages", "publish_scheduled", "rescan_due_sites", "rescan_site", "scan_page"]

logger = logging.getLogger("govplatform.review")


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
    from .scans import run_scan

    scan = Scan.objects.select_related("revision", "requested_by").filter(pk=scan_id).first()
    if scan is not None and scan.state in (Scan.State.QUEUED, Scan.State.RUNNING):
        run_scan(scan)
