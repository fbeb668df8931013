"""The only acts by which content changes its state: submit, decide, publish, withdraw."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, Revision, TaskState, WorkflowState

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.confidentiality.models import Scan
from govplatform.events.sheet import Followed, follow
from govplatform.locks.holding import Held, holding
from govplatform.refusals import Refused
from govplatform.rule_packs.packs import site_rule_pack

from ..events import PageCleared, PageWithdrawn, UnshownPageCleared
from ..findings.dispositions import clearance_record, close_by_approval
from ..gate.checklists import complete_checklist
from ..gate.digest import digest_of_version, referred_files
from ..gate.levels import approvals_of, current_submission, levels_for, missing_steps, workflow_for
from ..gate.requirements import is_never_shown, is_structural, moment_to_withdraw
from ..gate.scans import reasons_against_approving_unscanned, request_scan, scan_of
from ..gate.separation import reasons_against_deciding
from ..gate.status import page_status, status_and_step
from ..gate.times import reasons_against_times
from ..models import Clearance, ClearedFile, Decision, ReviewTask, Submission, Withdrawal
from ..permissions import (
    SUBMIT,
    WITHDRAW,
    WITHDRAW_AT_ONCE,
    may_on_content,
    may_supervise,
    reasons_against_writing_at,
)
from ..reviewed_page import as_reviewed
from .approval import reasons_against_approval
from .deadlines import confirmation_due
from .emergency import Emergency, open_after_review, reasons_against_emergency


@dataclass(frozen=True)
class Outcome:
    """The result of a decision. ``status``: as ``page_status`` says it; ``next_step``: the step now due, or None."""

    step: str
    verdict: str
    status: str
    next_step: str | None


def submit_for_review(page: Page, *, acting_user: User, emergency: Emergency | None = None) -> WorkflowState:
    """Send the latest revision to the first review step. Raises Refused with the reasons.

    The number of steps is settled here, by the site's rule pack; an emergency has one content review and the
    confidentiality review.
    """
    with acting(acting_user, pages=[page.pk]) as held:
        page = held.page(page.pk)
        reasons = []
        if not may_on_content(acting_user, SUBMIT):
            reasons.append(_("%(user)s 在本站没有编辑角色，不能送审。") % {"user": acting_user})
        reasons += reasons_against_writing_at(acting_user, page)
        return _hand_in(page, acting_user, reasons, emergency)


def submit_on_behalf(page: Page, *, acting_user: User) -> WorkflowState:
    """Send a page that the platform made from a template to the first review step, in the name of ``acting_user``.

    Whoever asked for it need not be an editor here: the act that made the page is the permission. They count among
    those who had a hand in it, and review it nowhere. Raises Refused.
    """
    with holding(pages=[page.pk]) as held:
        return _hand_in(held.page(page.pk), acting_user, [], None)


def take_back(page: Page, *, acting_user: User) -> None:
    """End the review of a page whose editor wants to go on working on it. Raises Refused."""
    with acting(acting_user, pages=[page.pk]) as held:
        page = held.page(page.pk)
        state = page.current_workflow_state
        reasons = []
        if not may_on_content(acting_user, SUBMIT):
            reasons.append(_("%(user)s 在本站没有编辑角色，不能撤回送审。") % {"user": acting_user})
        reasons += reasons_against_writing_at(acting_user, page)
        if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
            reasons.append(_("“%(title)s”不在审核中。") % {"title": page.title})
        if reasons:
            raise Refused(reasons)
        state.cancel(user=acting_user)
        record_act("review.take_back", acting_user=acting_user, obj=page)


def decide_review(
    page: Page,
    *,
    acting_user: User,
    approve: bool,
    opinion: str,
    checklist: dict[str, bool] | None = None,
    expected_step: str | None = None,
    held: Held | None = None,
) -> Outcome:
    """Take the step that is due. The last approval publishes (or schedules) the revision. Raises Refused.

    ``checklist``: code -> confirmed; None confirms every item by the act itself (the verb).
    ``expected_step``: refuse when another step is due by now (two people at once).
    ``held``: what an act of ``acting_user`` holds already that decides as its last part.
    """
    with acting(acting_user, pages=[page.pk]) if held is None else nullcontext(held) as held:
        # Two people at once wait here for each other: the second sees what the first did.
        page = held.page(page.pk)
        task_state, task = _due_step(page, expected_step)
        revision = task_state.revision
        _have_at_hand(task_state, page, revision)
        shown = revision.as_object()
        files = referred_files(shown)
        pack = site_rule_pack()
        checklist = complete_checklist(pack, task.step, checklist)
        reasons = reasons_against_deciding(page, task_state, task, acting_user, files)
        if not opinion.strip():
            reasons.append(_("请填写审查意见。"))
        digest = digest_of_version(revision, shown, files)
        if approve:
            reasons += reasons_against_times(shown)
            reasons += as_reviewed(shown).reasons_against_approving()
            reasons += reasons_against_approval(page, task, task_state, digest, files, checklist, pack)
        if reasons:
            raise Refused(reasons)
        decision = Decision.objects.create(
            page_id=page.pk,
            revision=revision,
            step=task.step,
            verdict=Decision.Verdict.APPROVED if approve else Decision.Verdict.REJECTED,
            opinion=opinion.strip(),
            checklist=checklist,
            digest=digest,
            reviewer=acting_user,
            reviewer_name=acting_user.signed_name,
            rule_pack=pack.stamp,
            decided_at=timezone.now(),
        )
        record_act(
            f"review.{decision.verdict}",
            acting_user=acting_user,
            obj=page,
            detail={"step": task.step, "revision": revision.pk, "digest": digest, "opinion": opinion.strip()},
        )
        if approve:
            task_state.approve(user=acting_user, comment=opinion.strip())
        else:
            task_state.reject(user=acting_user, comment=opinion.strip())
        return Outcome(task.step, decision.verdict, *status_and_step(Page.objects.get(pk=page.pk)))


def finish_workflow(workflow_state: WorkflowState, user: User | None = None) -> None:
    """Clear the revision whose last task was approved, then publish it; Wagtail calls this.

    Raises Refused unless every step was decided through ``decide_review`` for one digest.
    """
    page = workflow_state.content_object
    revision = workflow_state.current_task_state.revision
    if revision.pk != page.latest_revision_id:
        raise Refused(_("审核期间出现了新的版本，请对新版本重新送审。"))
    shown = revision.as_object()
    files = referred_files(shown)
    digest = digest_of_version(revision, shown, files)
    submission = current_submission(page)
    levels = submission.levels if submission else 1
    decisions = approvals_of(page, revision, digest, submission)
    if missing := missing_steps(levels, decisions):
        raise Refused(_("缺少审查环节：%(steps)s。") % {"steps": "、".join(missing)})
    scan = scan_of(page, digest)
    if reasons := reasons_against_approving_unscanned(scan):
        raise Refused(reasons)
    assert scan is not None
    # Read for what the approval closes, and for the record of what was found.
    prefetch_related_objects([scan], "findings")
    last = decisions[Decision.Step.CONFIDENTIALITY]
    close_by_approval(scan, last)
    Clearance.objects.filter(page_id=page.pk, status=Clearance.Status.VALID).exclude(
        revision_id=page.live_revision_id
    ).update(status=Clearance.Status.SUPERSEDED)
    clearance = Clearance.objects.create(
        page_id=page.pk,
        revision=revision,
        digest=digest,
        content_decision=decisions[Decision.Step.CONTENT],
        confidentiality_decision=last,
        levels=levels,
        scan=scan,
        record=clearance_record(scan, list(decisions.values())),
        rule_pack=site_rule_pack().stamp,
        granted_at=timezone.now(),
    )
    ClearedFile.objects.bulk_create(
        ClearedFile(clearance=clearance, kind=f.kind, object_id=f.object_id, name=f.name, sm3=f.sm3) for f in files
    )
    open_after_review(submission, clearance, site_rule_pack())
    record_act(
        "review.cleared",
        acting_user=user,
        obj=page,
        detail={"revision": revision.pk, "digest": digest, "clearance": clearance.pk},
    )
    publish_cleared_revision(page, clearance, acting_user=user)


def publish_cleared_revision(page: Page, clearance: Clearance, *, acting_user: User | None) -> None:
    """Publish now, or schedule when the cleared revision names a later time; what is never shown is cleared alone."""
    revision = clearance.revision
    if is_never_shown(page):
        follow(UnshownPageCleared(page=page.specific, clearance=clearance))
        return
    # The person who decided has no publish permission: the clearance is the permission.
    revision.publish(user=acting_user, skip_permission_checks=True)
    page = Page.objects.get(pk=page.pk)
    if page.live and page.live_revision_id == revision.pk:
        settle_published(page, clearance, acting_user=acting_user)
    else:
        record_act("page.schedule", acting_user=acting_user, obj=page, detail={"revision": revision.pk})


def settle_published(page: Page, clearance: Clearance, *, acting_user: User | None) -> None:
    """Do the bookkeeping after a cleared revision went live: older clearances end, the act is recorded."""
    Clearance.objects.filter(page_id=page.pk, status=Clearance.Status.VALID).exclude(pk=clearance.pk).update(
        status=Clearance.Status.SUPERSEDED
    )
    record_act(
        "page.publish",
        acting_user=acting_user,
        obj=page,
        detail={"revision": clearance.revision_id, "digest": clearance.digest},
    )
    follow(PageCleared(page=page.specific, clearance=clearance))


def withdraw_page(page: Page, *, acting_user: User, reason: str, break_glass: bool = False) -> Withdrawal:
    """Take a published page down. Raises Refused without a reason, right or live page.

    ``break_glass``: a supervisor does it, on any site, to be confirmed by somebody else afterwards.
    """
    return withdraw_and_follow(page, acting_user=acting_user, reason=reason, break_glass=break_glass)[0]


def withdraw_and_follow(
    page: Page, *, acting_user: User, reason: str, break_glass: bool = False
) -> tuple[Withdrawal, Followed]:
    """Do ``withdraw_page`` and return also what its consequences gave back, for an act that needs one of them."""
    with acting(acting_user, pages=[page.pk]) as held:
        page = held.page(page.pk)
        reasons = []
        if not reason.strip():
            reasons.append(_("撤回须写明理由。"))
        if break_glass and not may_supervise(acting_user, WITHDRAW_AT_ONCE):
            reasons.append(_("%(user)s 不是监管员，不能紧急撤回。") % {"user": acting_user})
        if not break_glass and not may_on_content(acting_user, WITHDRAW):
            reasons.append(_("%(user)s 在本站没有审查角色，不能撤回已发布的信息。") % {"user": acting_user})
        if is_structural(page):
            reasons.append(_("“%(title)s”是首页或栏目，不按信息撤回。") % {"title": page.title})
        if not page.live and (break_glass or page_status(page) != "approved"):
            reasons.append(_("“%(title)s”没有发布，无需撤回。") % {"title": page.title})
        if reasons:
            raise Refused(reasons)
        now = moment_to_withdraw(page)
        withdrawal = Withdrawal.objects.create(
            page_id=page.pk,
            reason=reason.strip(),
            withdrawn_by=acting_user,
            withdrawn_at=now,
            break_glass=break_glass,
            confirm_by=confirmation_due(site_rule_pack(), now) if break_glass else None,
        )
        state = page.current_workflow_state
        if state is not None:
            state.cancel(user=acting_user)
        page.revisions.update(approved_go_live_at=None)
        specific = Page.objects.get(pk=page.pk).specific
        if specific.live:
            # Nobody holds Wagtail's unpublish right: the reason, checked above, is the permission.
            UnpublishPageAction(specific, set_expired=False, user=acting_user).execute(skip_permission_checks=True)
        Clearance.objects.filter(page_id=page.pk, status=Clearance.Status.VALID).update(status=Clearance.Status.REVOKED)
        act = "page.withdraw_at_once" if break_glass else "page.withdraw"
        record_act(act, acting_user=acting_user, obj=page, detail={"reason": reason.strip()})
        followed = follow(PageWithdrawn(page=specific, withdrawal=withdrawal))
    return withdrawal, followed


# --- inside ------------------------------------------------------------------------------


def _hand_in(page: Page, acting_user: User, reasons: list[str], emergency: Emergency | None) -> WorkflowState:
    """Hand in a locked page unless something speaks against it besides ``reasons``."""
    if page.workflow_in_progress:
        reasons.append(_("“%(title)s”已经在审核中。") % {"title": page.title})
    revision, pack = page.get_latest_revision(), site_rule_pack()
    levels = 1
    if revision is None:
        reasons.append(_("“%(title)s”没有可送审的版本。") % {"title": page.title})
    elif page.live and page.live_revision_id == revision.pk:
        reasons.append(_("“%(title)s”的最新版本已经发布，没有需要送审的修改。") % {"title": page.title})
    else:
        shown = revision.as_object()
        reasons += as_reviewed(shown).reasons_against_submitting()
        reasons += as_reviewed(shown).reasons_against_approving()
        reasons += reasons_against_times(shown)
        if emergency is not None:
            reasons += reasons_against_emergency(page, revision, referred_files(shown), emergency)
        else:
            levels = levels_for(shown, pack)
    workflow = workflow_for(levels)
    if workflow is None:
        reasons.append(_("本站没有配置审核流程，请联系平台运维人员。"))
    if reasons:
        raise Refused(reasons)
    current = page.current_workflow_state
    if current is not None and current.status == WorkflowState.STATUS_NEEDS_CHANGES:
        # Returned earlier: begin again from the first step, with a fresh look by all.
        current.cancel(user=acting_user)
    submission = Submission.objects.create(
        page_id=page.pk,
        revision=revision,
        levels=levels,
        emergency=emergency is not None,
        reason=emergency.reason.strip() if emergency else "",
        content_reviewer=emergency.content_reviewer if emergency else None,
        confidentiality_reviewer=emergency.confidentiality_reviewer if emergency else None,
        submitted_by=acting_user,
        rule_pack=pack.stamp,
        submitted_at=timezone.now(),
    )
    assert workflow is not None
    state: WorkflowState = workflow.start(page, acting_user)
    record_act("review.submit", acting_user=acting_user, obj=page, detail=_describe_submission(submission))
    request_scan(page, acting_user=acting_user, purpose=Scan.Purpose.REVIEW, version=(revision, shown))
    return state


def _due_step(page: Page, expected_step: str | None) -> tuple[TaskState, ReviewTask]:
    state = page.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
        raise Refused(_("“%(title)s”没有待办的审查环节：可能刚由他人办结，或已退回编辑。") % {"title": page.title})
    task_state = state.current_task_state
    # The same object for all that Wagtail does from here to the publication.
    task_state.workflow_state = state
    task = task_state.task.specific
    if expected_step is not None and task.step != expected_step:
        raise Refused(
            _("这一环节刚由他人办结，“%(title)s”现在处于“%(step)s”。")
            % {"title": page.title, "step": Decision.Step(task.step).label}
        )
    return task_state, task


def _have_at_hand(task_state: TaskState, page: Page, revision: Revision) -> None:
    """Let Wagtail find the page that is locked and the revision that is decided on, and not read them again."""
    if page.latest_revision_id == revision.pk:
        page.latest_revision = revision
    WorkflowState._meta.get_field("content_object").set_cached_value(task_state.workflow_state, page)


def _describe_submission(submission: Submission) -> dict[str, Any]:
    detail: dict[str, Any] = {"revision": submission.revision_id, "levels": submission.levels}
    if submission.emergency:
        detail |= {
            "emergency": True,
            "reason": submission.reason,
            "named": [
                named.signed_name
                for named in (submission.content_reviewer, submission.confidentiality_reviewer)
                if named is not None
            ],
        }
    return detail
