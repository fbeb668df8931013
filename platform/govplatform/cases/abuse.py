"""滥用: a letter that is none (advertising, harassment, noise) is ended with its reason, and counted apart.

A mistake is undone as long as the limit runs that the letter had: afterwards its sender would never get what was due.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.events.sheet import follow
from govplatform.refusals import checked_reason

from .actions import (
    REASON,
    held_case,
    note_step,
    reasons_against_skipping_decision,
    reasons_against_state,
    require,
)
from .events import CaseEnded
from .models import Case, CaseStep
from .permissions import reasons_against_keeping

State, Act = Case.State, CaseStep.Act


def mark_abuse(case: Case, *, acting_user: User, reason: str) -> Case:
    """End it as abuse; its sender reads the reason. Raises Refused."""
    reason = checked_reason(reason, REASON)
    with held_case(case, case.desk, acting_user) as case:
        reasons = reasons_against_state(case, State.SUBMITTED, State.ACCEPTED, State.ASSIGNED)
        if not reasons and case.joined.exists():
            reasons = [_("有别的来信并入 %(number)s，请先撤销并案。") % {"number": case.number}]
        if not reasons and case.state != State.SUBMITTED:
            # What was confirmed as a request for information is counted, and has to be decided.
            reasons = reasons_against_skipping_decision(case)
        require(reasons_against_keeping(acting_user, case), reasons)
        case.is_abuse, case.closing_reason, case.ended_at = True, reason, timezone.now()
        note_step(case, Act.ABUSED, State.CLOSED, acting_user, reason=reason)
        follow(CaseEnded(case))
    return case


def restore_case(case: Case, *, acting_user: User, reason: str) -> Case:
    """Open it again with the limits that it had; it goes back to the desk. Raises Refused."""
    reason = checked_reason(reason, REASON)
    with held_case(case, case.desk, acting_user) as case:
        require(reasons_against_keeping(acting_user, case), reasons_against_restoring(case))
        case.is_abuse, case.closing_reason, case.ended_at = False, "", None
        case.organisation, case.handler = None, None
        state = State.ACCEPTED if case.accepted_at is not None else State.SUBMITTED
        note_step(case, Act.RESTORED, state, acting_user, reason=reason)
    return case


def reasons_against_restoring(case: Case) -> list[str]:
    """Why it stays ended: it is no abuse, or its limit is over."""
    if not case.is_abuse:
        return [_("来信 %(number)s 没有按滥用办结。") % {"number": case.number}]
    if timezone.now() > (case.due_at or case.accept_due):
        return [_("来信 %(number)s 的期限已过，不能撤销滥用标记。") % {"number": case.number}]
    return []
