"""The acts on claims: claim a step of the review, let it go, hand it to a colleague."""

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState, WorkflowState

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.rule_packs.packs import site_rule_pack

from ..gate.claims import held_claim, reasons_against_passing_over
from ..gate.digest import referred_files
from ..gate.separation import reasons_against_reviewer
from ..models import Claim, ReviewTask
from .deadlines import claim_end


def claim_review(page: Page, *, acting_user: User) -> Claim:
    """Claim the step that is due for ``acting_user``, for as long as the rule pack says.

    Claiming again begins the time anew. Raises Refused when somebody else holds it, or for who may not take it.
    """
    with acting(acting_user, pages=[page.pk]) as held:
        task_state, task = _due_step(held.page(page.pk))
        reasons = _reasons_against(page, task_state, task, acting_user)
        reasons += reasons_against_passing_over(task_state, task, acting_user)
        if reasons:
            raise Refused(reasons)
        claim = _keep(task_state, acting_user)
        record_act("review.claim", acting_user=acting_user, obj=_plain(page), detail={"step": task.step})
    return claim


def release_review(page: Page, *, acting_user: User) -> None:
    """Let the claimed step go, as its holder. Raises Refused for anybody else."""
    with acting(acting_user, pages=[page.pk]) as held:
        task_state, task = _due_step(held.page(page.pk))
        claimed = held_claim(task_state, task)
        if claimed is None or acting_user.pk not in (claimed.holder.pk, claimed.claim.person_id):
            raise Refused(_("“%(title)s”的这一环节不是你认领的。") % {"title": page.title})
        claimed.claim.delete()
        record_act("review.release", acting_user=acting_user, obj=_plain(page), detail={"step": task.step})


def hand_over_review(page: Page, *, to: User, note: str = "", acting_user: User) -> Claim:
    """Make the step the claim of a colleague who may take it. Raises Refused with the reasons."""
    with acting(acting_user, pages=[page.pk]) as held:
        task_state, task = _due_step(held.page(page.pk))
        reasons = []
        if not task.reviewer_holds_role(acting_user):
            reasons.append(_("%(user)s 在本站不办理这一环节，不能转交。") % {"user": acting_user})
        if to.pk == acting_user.pk:
            reasons.append(_("不能转交给自己，请选择一位同事。"))
        reasons += reasons_against_passing_over(task_state, task, acting_user)
        reasons += _reasons_against(page, task_state, task, to)
        if len(note) > Claim._meta.get_field("note").max_length:  # type: ignore[operator]
            reasons.append(_("转交说明太长，请控制在 300 字以内。"))
        if reasons:
            raise Refused(reasons)
        claim = _keep(task_state, to, handed_by=acting_user, note=note.strip())
        record_act(
            "review.hand_over",
            acting_user=acting_user,
            obj=_plain(page),
            detail={"step": task.step, "to": to.username, "note": note.strip()},
        )
    return claim


def _due_step(page: Page) -> tuple[TaskState, ReviewTask]:
    state = page.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
        raise Refused(_("“%(title)s”没有待办的审查环节：可能刚由他人办结，或已退回编辑。") % {"title": page.title})
    return state.current_task_state, state.current_task_state.task.specific


def _reasons_against(page: Page, task_state: TaskState, task: ReviewTask, user: User) -> list[str]:
    revision = task_state.revision
    return reasons_against_reviewer(page, revision, task, user, referred_files(revision.as_object()))


def _keep(task_state: TaskState, person: User, *, handed_by: User | None = None, note: str = "") -> Claim:
    now = timezone.now()
    claim, _created = Claim.objects.update_or_create(
        task_state=task_state,
        defaults={
            "person": person,
            "handed_by": handed_by,
            "note": note,
            "claimed_at": now,
            "expires_at": claim_end(site_rule_pack(), now),
        },
    )
    return claim


def _plain(page: Page) -> Page:
    return page.page_ptr if hasattr(page, "page_ptr") else page
