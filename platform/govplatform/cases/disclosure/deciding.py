"""The decision on a request: which may be taken now, and the letter that is written of it."""

from django.utils.translation import gettext as _

from govplatform.refusals import PlacedReason, Refused

from ..actions import hold_case
from ..letters import plain_text, too_long
from ..models import Case, ClockStop, Decision, DisclosureRequest
from .letter_texts import letter_text

#: Characters of what the handler writes inside the letter.
PARTICULARS = 8000
_Stop, _Outcome = ClockStop.Kind, ClockStop.Outcome


def reasons_against_decision(case: Case, decision: str) -> list[str]:
    """Why ``decision`` cannot be taken on ``case``: the step that the law puts before it is missing."""
    stops = list(ClockStop.objects.filter(case=case))
    if decision == Decision.UNCLEAR and not _had(stops, _Stop.COMPLETION, lapsed=False):
        return [_("“补正后申请内容仍不明确”要在申请人补正以后才能选：请先通知补正。")]
    if decision == Decision.NOT_COMPLETED and not _had(stops, _Stop.COMPLETION, lapsed=True):
        return [_("“逾期不补正”要在通知补正、期限已过以后才能选。")]
    if decision == Decision.NOT_PAID and not _had(stops, _Stop.FEE, lapsed=True):
        return [_("“逾期未缴费”要在通知缴费、期限已过以后才能选。")]
    if decision == Decision.THIRD_PARTY and not any(stop.kind == _Stop.THIRD_PARTY for stop in stops):
        return [_("“保护第三方合法权益”要先征求第三方的意见。")]
    return []


def written_letter(case: Case, decision: str, particulars: str) -> str:
    """Return the text of the letter with what its handler wrote. Raises Refused for each field to be put right.

    What was decided is kept when the letter is handed in (``note_decision``), read from the letter itself: so the two
    say the same, whoever edits the draft.
    """
    particulars = plain_text(particulars).strip()
    reasons: list[str] = []
    if decision not in Decision.values:
        reasons.append(PlacedReason(_("决定类型：请选择一种。"), "decision"))
    if not particulars:
        reasons.append(PlacedReason(_("具体内容：请填写公开的内容、获取的方式，或者理由。"), "answer"))
    reasons += too_long("answer", _("具体内容"), particulars, PARTICULARS)
    if not reasons:
        reasons = [PlacedReason(reason, "decision") for reason in reasons_against_decision(case, decision)]
    if reasons:
        raise Refused(reasons)
    return letter_text(case, decision).with_particulars(particulars)


def note_particulars(case: Case, particulars: str) -> None:
    """Keep what the handler wrote, to begin with another time, behind the lock of ``case``."""
    DisclosureRequest.objects.filter(case=case).update(particulars=plain_text(particulars).strip())


def note_decision(number: str, text: str) -> None:
    """Keep the decision of the letter that was handed in, inside that transaction. Raises Refused.

    A decision that was sent is not changed by a later version of its letter.
    """
    case = hold_case(Case.objects.get(number=number).pk)
    request = DisclosureRequest.objects.get(case=case)
    decision = decision_of(case, text)
    if case.state == Case.State.REPLIED and decision != request.decision:
        told = {"number": number, "decision": request.get_decision_display()}
        raise Refused(_("申请 %(number)s 已经作出决定“%(decision)s”，修改答复书不能改变决定。") % told)
    if reasons := reasons_against_decision(case, decision):
        raise Refused(reasons)
    request.decision = decision
    request.save(update_fields=["decision"])


def decision_of(case: Case, text: str) -> str:
    """The decision whose letter ``text`` is; '' where it is none."""
    fitting = (one for one in Decision.values if not letter_text(case, one).reasons_against(text))
    return next(fitting, "")


def reasons_against_text(number: str, text: str) -> list[str]:
    """Why ``text`` is no letter of a decision on the request ``number``: what the law asks of it was edited out."""
    request = DisclosureRequest.objects.select_related("case", "case__desk").filter(case__number=number).first()
    if request is None or decision_of(request.case, text):
        return []
    if not request.decision:
        return [_("这不是答复书：请在“来信办理”中选择决定类型，重新送审。")]
    return letter_text(request.case, request.decision).reasons_against(text)


def _had(stops: list[ClockStop], kind: str, *, lapsed: bool) -> bool:
    ended = (stop for stop in stops if stop.kind == kind)
    return any(stop.has_lapsed if lapsed else stop.outcome == _Outcome.COMPLETED for stop in ended)
