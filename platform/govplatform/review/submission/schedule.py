"""The acts of times that were cleared with the content: going live later, and coming down again."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, Revision

from govplatform.audit.actions import record_act
from govplatform.events.sheet import follow
from govplatform.locks.holding import holding
from govplatform.refusals import Refused

from ..events import PageExpired, PageWithdrawn
from ..gate.requirements import moment_to_withdraw
from ..gate.times import reasons_against_times
from ..models import Clearance, Withdrawal
from ..reviewed_page import as_reviewed


def publish_due_revision(revision: Revision) -> bool:
    """Publish ``revision``, whose time has come; False when it is due no longer: withdrawn or published.

    Raises Refused when the gate says no or something speaks against it by now, Busy when somebody is at the page
    just now.
    """
    with holding(pages=[int(revision.object_id)]):
        # Read again behind the lock: two schedulers at once, or a withdrawal at this very moment.
        due = Revision.page_revisions.filter(pk=revision.pk, approved_go_live_at__lte=timezone.now()).first()
        if due is None:
            return False
        shown = due.as_object()
        # What has happened elsewhere since it was approved speaks against it as it does at an approval.
        if reasons := [*reasons_against_times(shown), *as_reviewed(shown).reasons_against_approving()]:
            raise Refused(reasons)
        due.publish()
    return True


def refuse_schedule(revision: Revision, reasons: list[str]) -> bool:
    """End a schedule that came due and that the gate refused, with the reasons on record.

    Returns False when there is no such schedule any more: somebody published it, or took it back, at the same moment.
    """
    page_id = int(revision.object_id)
    with holding(pages=[page_id]) as held:
        page = held.page(page_id)
        if not page.revisions.filter(pk=revision.pk, approved_go_live_at__isnull=False).exists():
            return False
        page.revisions.update(approved_go_live_at=None)
        Clearance.objects.filter(page_id=page.pk, revision=revision, status=Clearance.Status.VALID).update(
            status=Clearance.Status.REVOKED
        )
        record_act(
            "page.schedule_refused", acting_user=None, obj=page, detail={"reasons": reasons, "revision": revision.pk}
        )
    return True


def expire_page(page: Page) -> bool:
    """Take a page down when the time that was cleared with it is over; False when it is not, or was down.

    A correction that was cleared for a later time keeps that time, and goes live then.
    """
    with holding(pages=[page.pk]) as held:
        stored = held.pages.get(page.pk)
        if stored is None or not stored.live or not _is_over(stored, timezone.now()):
            return False
        specific = stored.specific
        scheduled = dict(
            stored.revisions.filter(approved_go_live_at__isnull=False).values_list("pk", "approved_go_live_at")
        )
        UnpublishPageAction(specific, set_expired=True).execute(skip_permission_checks=True)
        # Wagtail removed every schedule of the page when it came down: put them back.
        for revision_id, moment in scheduled.items():
            Revision.objects.filter(pk=revision_id).update(approved_go_live_at=moment)
        valid = Clearance.objects.filter(page_id=page.pk, status=Clearance.Status.VALID)
        valid.exclude(revision_id__in=scheduled).update(status=Clearance.Status.REVOKED)
        record_act("page.expire", acting_user=None, obj=stored, detail=_kept(scheduled))
        follow(PageExpired(page=specific))
    return True


def end_term(page: Page, *, reason: str) -> bool:
    """Take down a page, locked by the caller, whose term the platform itself keeps (a notice of a site's life).

    Kept as a withdrawal in nobody's name, which the gate allows for such a page alone. False when it is not live.
    """
    specific = Page.objects.get(pk=page.pk).specific
    if not specific.live:
        return False
    withdrawal = Withdrawal.objects.create(
        page_id=page.pk, reason=reason, withdrawn_by=None, withdrawn_at=moment_to_withdraw(page)
    )
    specific.revisions.update(approved_go_live_at=None)
    UnpublishPageAction(specific, set_expired=False).execute(skip_permission_checks=True)
    Clearance.objects.filter(page_id=page.pk, status=Clearance.Status.VALID).update(status=Clearance.Status.REVOKED)
    follow(PageWithdrawn(page=specific, withdrawal=withdrawal))
    return True


def _is_over(page: Page, now: datetime) -> bool:
    return page.expire_at is not None and page.expire_at <= now


def _kept(scheduled: dict[int, datetime]) -> dict[str, Any]:
    return {"scheduled": sorted(scheduled)} if scheduled else {}
