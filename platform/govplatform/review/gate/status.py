"""The status of a page, the same everywhere: draft, in_review, returned, approved, live, withdrawn, expired.

``page_status`` gives the code; ``state_of`` and ``state_words`` say it to people, in lists, panels and screens alike.
"""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, WorkflowState

from govplatform.days import moment_words

from ..models import Clearance, Submission, Withdrawal

DRAFT, IN_REVIEW, RETURNED = "draft", "in_review", "returned"
APPROVED, LIVE, WITHDRAWN, EXPIRED = "approved", "live", "withdrawn", "expired"
LABELS = {
    DRAFT: _("草稿"),
    IN_REVIEW: _("审核中"),
    RETURNED: _("已退回"),
    APPROVED: _("已通过，待发布"),
    LIVE: _("已发布"),
    WITHDRAWN: _("已撤回"),
    EXPIRED: _("已到期"),
}
#: Of a live page: how far the newer version is that citizens do not see yet.
_CHANGES = MappingProxyType(
    {
        DRAFT: _("已发布，有新的修改"),
        IN_REVIEW: _("已发布，修改审核中"),
        RETURNED: _("已发布，修改被退回"),
        APPROVED: _("已发布，修改已通过，待发布"),
    }
)


@dataclass(frozen=True)
class PageState:
    """Where a page is. ``status``: its code. ``change``: of a live page, where its newer version is; '' without one.

    ``goes_live``: when what is approved is published; ``urgent``: it is under review as an emergency; ``source_gone``:
    it repeats what its source has taken back meanwhile, and cannot be published; ``unshown``: it is never published.
    """

    status: str
    change: str = ""
    goes_live: datetime | None = None
    urgent: bool = False
    source_gone: bool = False
    unshown: bool = False

    @property
    def words(self) -> str:
        if self.source_gone:
            return _t("来源已撤回")
        if self.unshown and self.status == APPROVED:
            return _t("已通过，不公开")
        said = str(_CHANGES[self.change] if self.change else LABELS[self.status])
        if self.urgent:
            return _t("已发布，修改紧急审核中") if self.change else _t("紧急审核中")
        if self.goes_live is not None:
            return _t("%(state)s（%(at)s）") % {"state": said, "at": moment_words(self.goes_live)}
        return said


def page_status(page: Page) -> str:
    """Return the status word of ``page`` as it is stored.

    A live page with a newer draft under way stays ``live``: that is what citizens see.
    """
    return LIVE if page.live else _status_of_draft(page, page.current_workflow_state)


def state_words(page: Page) -> str:
    """Say in words where ``page`` is. Every list, panel and screen says it by this."""
    return state_of(page).words


def state_of(page: Any) -> PageState:
    """Return where ``page`` is, for people.

    What a list has looked up already for all its pages (``known_withdrawn``, ``known_urgent``) is not asked again.
    """
    workflow = page.current_workflow_state
    status = LIVE if page.live else _status_of_draft(page, workflow)
    change = _change_of(page, workflow) if page.live else ""
    now_at = change or status
    return PageState(
        status,
        change,
        goes_live=_goes_live(page) if now_at == APPROVED else None,
        urgent=now_at == IN_REVIEW and _is_urgent(page),
        source_gone=status in (DRAFT, IN_REVIEW, RETURNED, APPROVED) and _has_lost_its_source(page),
        unshown=_is_never_shown(page),
    )


def due_step_name(page: Page) -> str | None:
    """Return the step that waits for its reviewer (``content``, ..., ``confidentiality``), else None."""
    return step_of(page.current_workflow_state)


def step_of(state: WorkflowState | None) -> str | None:
    """Return the step that waits for its reviewer in a workflow as it was read, else None."""
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS or state.current_task_state is None:
        return None
    return str(state.current_task_state.task.specific.step)


def status_and_step(page: Page) -> tuple[str, str | None]:
    """Return ``page_status`` and ``due_step_name`` by one reading of the workflow."""
    state = page.current_workflow_state
    return LIVE if page.live else _status_of_draft(page, state), step_of(state)


def is_returned(state: WorkflowState | None) -> bool:
    """Tell whether a workflow, as it was read, ended with a reviewer who sent the page back."""
    return state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES


def _status_of_draft(page: Page, state: WorkflowState | None) -> str:
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        return IN_REVIEW
    if is_returned(state):
        return RETURNED
    if _is_never_shown(page) and _is_cleared(page):
        return APPROVED
    if _goes_live(page) and Clearance.objects.filter(page_id=page.pk, status=Clearance.Status.VALID).exists():
        return APPROVED
    if page.expired:
        return EXPIRED
    return WITHDRAWN if _was_withdrawn(page) else DRAFT


def _is_never_shown(page: Any) -> bool:
    return bool(getattr(page.specific_class, "never_shown", False))


def _is_cleared(page: Page) -> bool:
    """Whether the newest version has a valid clearance."""
    cleared = Clearance.objects.filter(page_id=page.pk, status=Clearance.Status.VALID)
    return cleared.filter(revision_id=page.latest_revision_id).exists()


def _change_of(page: Page, state: WorkflowState | None) -> str:
    """Where the newer version of a live page is; '' without one."""
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        return IN_REVIEW
    if is_returned(state):
        return RETURNED
    if _goes_live(page):
        return APPROVED
    return DRAFT if page.has_unpublished_changes else ""


def _goes_live(page: Any) -> datetime | None:
    """When an approved version is published; None where nothing is scheduled, which Wagtail's lists know beforehand."""
    if page.latest_revision_id is None or page.__dict__.get("_approved_schedule") is False:
        return None
    scheduled = page.revisions.filter(approved_go_live_at__isnull=False)
    moment: datetime | None = scheduled.values_list("approved_go_live_at", flat=True).first()
    return moment


def _was_withdrawn(page: Any) -> bool:
    known = page.__dict__.get("known_withdrawn")
    return bool(Withdrawal.objects.filter(page_id=page.pk).exists() if known is None else known)


def _is_urgent(page: Any) -> bool:
    if "known_urgent" in page.__dict__:
        return bool(page.known_urgent)
    return bool(Submission.objects.filter(page_id=page.pk).values_list("emergency", flat=True).first())


def _has_lost_its_source(page: Any) -> bool:
    """Whether the page says that what it repeats was taken back; common rows of pages do not know."""
    words = getattr(page, "words_for_lost_source", None)
    return bool(words is not None and words())
