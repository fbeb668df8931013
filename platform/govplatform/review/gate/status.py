"""The status words, the same everywhere: draft, in_review, returned, approved, live, withdrawn."""

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, WorkflowState

from ..models import Clearance, Withdrawal

DRAFT, IN_REVIEW, RETURNED = "draft", "in_review", "returned"
APPROVED, LIVE, WITHDRAWN = "approved", "live", "withdrawn"
LABELS = {
    DRAFT: _("草稿"),
    IN_REVIEW: _("审核中"),
    RETURNED: _("已退回"),
    APPROVED: _("已通过，待发布"),
    LIVE: _("已发布"),
    WITHDRAWN: _("已撤回"),
}


def page_status(page: Page) -> str:
    """Return the status word of ``page`` as it is stored.

    A live page with a newer draft under way stays ``live``: that is what citizens see.
    """
    return LIVE if page.live else _status_of_draft(page, page.current_workflow_state)


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
    if (
        page.latest_revision_id
        and page.revisions.filter(approved_go_live_at__isnull=False).exists()
        and Clearance.objects.filter(page_id=page.pk, status=Clearance.Status.VALID).exists()
    ):
        return APPROVED
    last = Withdrawal.objects.filter(page_id=page.pk).order_by("-withdrawn_at").first()
    if last is not None:
        return WITHDRAWN
    return DRAFT
