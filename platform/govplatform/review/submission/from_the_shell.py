"""A review step taken by a verb, where nobody looks at a screen: scan, judge and decide in one go."""

from wagtail.models import Page

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User

from ..findings.dispositions import Judgement, dispose_finding, ignore_open_warnings
from ..gate.scans import scan_now
from ..gate.status import step_of
from ..models import Decision
from .actions import Outcome, decide_review


def decide_from_the_shell(
    page: Page, *, acting_user: User, approve: bool, opinion: str, judgements: list[Judgement] | None = None
) -> Outcome:
    """Take the step that is due: run a missing scan, judge findings as told, then decide.

    At the confidentiality step the opinion judges open warnings as ignored. Raises Refused with every finding that
    still stands in the way.
    """
    state = page.current_workflow_state
    step, scan = step_of(state), None
    if approve and step is not None:
        revision = state.current_task_state.revision
        scan = scan_now(page, acting_user=acting_user, version=(revision, revision.as_object()))
    with acting(acting_user, pages=[page.pk]) as held:
        for judgement in judgements or []:
            dispose_finding(
                judgement.finding_id, acting_user=acting_user, verdict=judgement.verdict, reason=judgement.reason
            )
        if scan is not None and opinion.strip() and step == Decision.Step.CONFIDENTIALITY:
            # If another version or step is due by now, the decision is refused, and these judgements are undone.
            ignore_open_warnings(scan, acting_user=acting_user, reason=opinion)
        return decide_review(
            page, acting_user=acting_user, approve=approve, opinion=opinion, expected_step=step, held=held
        )
