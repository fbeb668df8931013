"""并案: several letters about one matter get one answer. Each sender goes on following their own number.

The letter that leads is handled as any other; those joined to it wait and end as it ends (``actions.end_joined``). Its
row is locked before theirs.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.events.sheet import follow
from govplatform.refusals import Refused

from .actions import end_joined, held_case, hold_case, note_step, reasons_against_state, require
from .clock import answer_due
from .events import CaseMovedOn
from .kinds import RULES
from .models import Case, CaseStep
from .permissions import reasons_against_keeping

State, Act = Case.State, CaseStep.Act


def join_case(case: Case, into: Case, *, acting_user: User) -> Case:
    """Join ``case`` to ``into``, whose answer its sender gets; at once where it was answered. Raises Refused."""
    if reasons := _reasons_against_pair(case, into):
        raise Refused(reasons)
    with held_case(into, case.desk, acting_user) as into:
        case = hold_case(case.pk)
        reasons = reasons_against_state(case, State.SUBMITTED, State.ACCEPTED, State.ASSIGNED)
        reasons += reasons_against_state(into, State.ACCEPTED, State.ASSIGNED, State.IN_REVIEW, State.REPLIED)
        require(reasons_against_keeping(acting_user, case), reasons or _reasons_against_pair(case, into))
        is_new = case.accepted_at is None
        case.accepted_at = case.accepted_at or timezone.now()
        case.due_at = case.due_at or answer_due(case, case.accepted_at)
        case.joined_to, case.organisation, case.handler = into, None, None
        note_step(case, Act.JOINED, State.JOINED, acting_user, reason=into.number)
        if into.state == State.REPLIED:
            end_joined(into)
            case = hold_case(case.pk)
        elif is_new:
            follow(CaseMovedOn(case, Act.ACCEPTED))
    return case


def part_case(case: Case, *, acting_user: User) -> Case:
    """Take it out again while neither has ended: it is handled on its own, with its own limit. Raises Refused."""
    with held_case(case, case.desk, acting_user) as case:
        require(reasons_against_keeping(acting_user, case), reasons_against_state(case, State.JOINED))
        case.joined_to = None
        note_step(case, Act.PARTED, State.ACCEPTED, acting_user)
    return case


def _reasons_against_pair(case: Case, into: Case) -> list[str]:
    if case.pk == into.pk:
        return [_("来信不能并入自己，请填写另一件来信的编号。")]
    if case.desk_id != into.desk_id:
        return [_("来信 %(number)s 由别的站点受理，不能并入。") % {"number": into.number}]
    if into.joined_to_id is not None:
        return [_("来信 %(number)s 已经并入别的来信，请并入那一件。") % {"number": into.number}]
    if case.joined.exists():
        told = {"number": case.number}
        return [_("有别的来信并入 %(number)s，它不能再并入其他来信。请反过来并案，或先撤销并案。") % told]
    if RULES[case.kind].decided or RULES[into.kind].decided:
        return [_("依申请公开逐件作出决定，不能并案；内容相同的，分别答复。")]
    if RULES[case.kind].may_be_public != RULES[into.kind].may_be_public:
        return [_("举报只能与举报并案。")]
    return []
