"""The time at which a draft is to go live, set without opening it: a new version, reviewed like any other."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.days import LAST, end_of_day, moment_words
from govplatform.refusals import Refused
from govplatform.review.gate.requirements import is_structural
from govplatform.review.gate.times import reasons_against_times
from govplatform.review.models import Clearance

from .permissions import require_writer


def plan_draft(page: Page, moment: datetime, *, acting_user: User) -> Page:
    """Save a version of the draft of ``page`` that goes live at ``moment``, once it is cleared. Raises Refused."""
    require_writer(acting_user)
    with acting(acting_user, pages=[page.pk]) as held:
        stored = held.page(page.pk)
        require_writer(acting_user, stored)
        if reasons := _reasons_against_planning(stored, moment):
            raise Refused(reasons)
        draft: Any = stored.get_latest_revision_as_object()
        before, draft.go_live_at = draft.go_live_at, moment
        if reasons := reasons_against_times(draft):
            raise Refused(reasons)
        if not stored.live:
            # Lists show the time of the page itself while it is a draft.
            Page.objects.filter(pk=stored.pk).update(go_live_at=moment)
        revision = draft.save_revision(user=acting_user, clean=False)
        log(instance=draft, action="wagtail.edit", user=acting_user, revision=revision, content_changed=True)
        detail = {"at": moment_words(moment), "revision": revision.pk}
        if before is not None:
            detail["instead_of"] = moment_words(before)
        record_act("page.plan", acting_user=acting_user, obj=draft, detail=detail)
    return stored


def _reasons_against_planning(page: Page, moment: datetime) -> list[str]:
    told = {"title": page.get_admin_display_title()}
    if is_structural(page):
        return [_("“%(title)s”是首页或栏目，不按信息定时。") % told]
    if page.workflow_in_progress:
        return [_("“%(title)s”正在审核中，时间随内容一起审查；撤回送审之后才能改。") % told]
    if page.live and not page.has_unpublished_changes:
        return [_("“%(title)s”已经发布，没有待发布的修改。") % told]
    cleared = Clearance.objects.filter(
        page_id=page.pk, revision_id=page.latest_revision_id, status=Clearance.Status.VALID
    )
    if cleared.exists():
        return [_("“%(title)s”已通过审查、等待发布，时间也经过审查，不能改。") % told]
    if moment <= timezone.now():
        return [_("定时发布的时间（%(time)s）已经过去，请选将来的时间。") % {"time": moment_words(moment)}]
    if moment > end_of_day(LAST):
        return [_("定时发布的时间太远，请选 %(last)s 以前的时间。") % {"last": LAST.isoformat()}]
    return []
