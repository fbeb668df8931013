"""What speaks against an approval: of the content as it stands now, of the steps before, of its scan."""

from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState

from govplatform.confidentiality.models import Scan
from govplatform.rule_packs.packs import RulePack

from ..findings.dispositions import reasons_against_open_findings
from ..gate.checklists import reasons_against_unconfirmed
from ..gate.digest import MISSING_FILE, ReferredFile
from ..gate.levels import approvals_of, current_submission, steps_of
from ..gate.scans import reasons_against_approving_unscanned, scan_of
from ..models import ClearedFile, Decision, ReviewTask
from ..transfers.brought import site_of_decision


def reasons_against_approval(
    page: Page,
    task: ReviewTask,
    task_state: TaskState,
    digest: str,
    files: list[ReferredFile],
    checklist: dict[str, bool],
    pack: RulePack,
) -> list[str]:
    """Return the reasons why the step ``task`` cannot be approved now; none when it can.

    ``digest``, ``files``: of the content as it stands. ``checklist``: what the reviewer has confirmed.
    """
    reasons = reasons_against_unconfirmed(pack, task.step, checklist)
    reasons += [
        _("有一个%(kind)s（编号 %(id)s）已经不在库里，请退回编辑更换。")
        % {"kind": ClearedFile.Kind(f.kind).label, "id": f.object_id}
        for f in files
        if f.sm3 == MISSING_FILE
    ]
    if task_state.revision_id != page.latest_revision_id:
        reasons.append(_("送审之后又有了新的版本，请退回，由编辑重新送审。"))
    submission = current_submission(page)
    steps = steps_of(submission.levels if submission else 1)
    before = steps[: steps.index(task.step)] if task.step in steps else steps
    given = approvals_of(page, task_state.revision, digest, submission)
    if missing := [step for step in before if step not in given]:
        reasons.append(_why_not_approved(page, task_state, missing[0]))
    scan = scan_of(page, digest)
    reasons += reasons_against_approving_unscanned(scan)
    if scan is not None and scan.state == Scan.State.DONE and task.step == Decision.Step.CONFIDENTIALITY:
        reasons += reasons_against_open_findings(scan)
    return reasons


def _why_not_approved(page: Page, task_state: TaskState, step: str) -> str:
    """Why an earlier step does not count that was taken: it was taken elsewhere, or the words are others since."""
    taken = Decision.objects.filter(
        page_id=page.pk, revision=task_state.revision, step=step, verdict=Decision.Verdict.APPROVED
    )
    decision = taken.order_by("-decided_at", "-pk").first()
    if decision is not None and (site := site_of_decision(decision)):
        # The digest that was signed names the page by its number there, and the separation of people was that site's.
        return _(
            "这条信息随“%(site)s”并入，%(name)s在原站作出的“%(step)s”意见不能沿用：请退回，由编辑重新送审，从第一级审查。"
        ) % {"site": site, "name": decision.reviewer_name, "step": decision.get_step_display()}
    return _("内容审核之后，正文、图片或附件有了变化，请退回重新审核。")
