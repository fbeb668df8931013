"""What is due on a site: cleared pages go live at their time, and come down when their time is over."""

import logging

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from govplatform.refusals import Busy, Refused
from govplatform.tenancy.each_site import SiteRun, site_run

from ..gate.requirements import is_refusal_of_gate
from .schedule import expire_page, publish_due_revision, refuse_schedule

logger = logging.getLogger("govplatform.review")
#: Name of the job under which failures are kept.
JOB = "publish_scheduled"


def publish_due_pages() -> int:
    """Work off what is due on the current site. Returns the number of pages published."""
    with site_run(JOB) as run:
        return work_off_schedule(run)


def work_off_schedule(run: SiteRun) -> int:
    """Publish what is due on the current site and take down what has expired.

    Returns the number of pages published. Each page is a transaction of its own. One that the gate refuses, in Python
    or by its trigger, loses its schedule: the refusal is recorded and it goes back to its editor. Whatever else goes
    wrong with a page, or somebody who is at work on it, leaves it scheduled; it is kept as a fault and tried again,
    and the pages after it do not wait.
    """
    now = timezone.now()
    due = Revision.page_revisions.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk")
    published = run.each(
        list(due), _publish, subject=lambda found: f"page:{found.object_id}", title=lambda found: found.object_str
    )
    over = Page.objects.filter(live=True, expire_at__lte=now).order_by("expire_at", "pk")
    run.each(list(over), expire_page, subject=lambda page: f"expire:{page.pk}", title=lambda page: page.title)
    return sum(published)


def _publish(revision: Revision) -> bool:
    """Publish one revision; return False when the gate refused, and when it was due no longer."""
    try:
        return publish_due_revision(revision)
    except Busy:
        raise
    except Refused as refusal:
        reasons = refusal.reasons
    except DatabaseError as error:
        if not is_refusal_of_gate(error):
            raise
        reasons = [_("发布关口拒绝：%(reason)s。请重新送审。") % {"reason": str(error).partition("\n")[0]}]
    if refuse_schedule(revision, reasons):
        logger.warning("scheduled page %s was not published: %s", revision.object_id, "；".join(reasons))
    return False
