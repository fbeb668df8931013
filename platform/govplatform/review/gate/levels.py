"""The way of a page through the review: how many content reviews, which workflow, and whose approvals count."""

from wagtail.models import Page, Revision, Workflow

from govplatform.rule_packs.packs import RulePack

from ..models import CONTENT_STEPS, Decision, Submission

#: Number of content reviews -> name of the workflow; the first one hangs on the root of the tree.
WORKFLOW_NAMES = {1: "内容审核—保密审查", 2: "内容两级审核—保密审查", 3: "内容三级审核—保密审查"}
#: Names of the content reviews' tasks, by level; and of the confidentiality review's.
CONTENT_TASK_NAMES = {1: "内容审核", 2: "内容复审", 3: "内容终审"}
CONFIDENTIALITY_TASK_NAME = "保密审查"


def levels_for(page: Page, pack: RulePack) -> int:
    """Return the number of content reviews (1 to 3) that ``pack`` asks for; ``page`` is specific."""
    parent = page.get_parent()
    column_type = getattr(parent.specific, "column_type", "") if parent else ""
    return pack.levels_for(column_type, page._meta.label_lower)


def workflow_for(levels: int) -> Workflow | None:
    """Return the workflow with that many content reviews; None where the site was not prepared."""
    return Workflow.objects.filter(name=WORKFLOW_NAMES[levels], active=True).first()


def steps_of(levels: int) -> tuple[str, ...]:
    """Return the steps in the order in which they are taken: ``content``, ..., ``confidentiality``."""
    return (*(str(step) for step in CONTENT_STEPS[:levels]), str(Decision.Step.CONFIDENTIALITY))


def current_submission(page: Page) -> Submission | None:
    """Return the page's last submission; None before its first, and for those handed in before there were levels."""
    return Submission.objects.filter(page_id=page.pk).first()


def approvals_of(page: Page, revision: Revision, digest: str, submission: Submission | None) -> dict[str, Decision]:
    """Return ``{step: its approval of digest}`` since the page was handed in, the newest of several."""
    given = Decision.objects.filter(
        page_id=page.pk, revision=revision, verdict=Decision.Verdict.APPROVED, digest=digest
    ).order_by("decided_at", "pk")
    if submission is not None:
        given = given.filter(decided_at__gte=submission.submitted_at)
    return {decision.step: decision for decision in given.select_related("reviewer")}


def missing_steps(levels: int, approvals: dict[str, Decision]) -> list[str]:
    """Return the labels of steps that nobody has approved; all of them when one person took two steps."""
    missing = [str(Decision.Step(step).label) for step in steps_of(levels) if step not in approvals]
    people = {approvals[step].reviewer_id for step in steps_of(levels) if step in approvals}
    if not missing and len(people) <= levels:
        missing = [str(Decision.Step(step).label) for step in steps_of(levels)]
    return missing
