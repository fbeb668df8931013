"""The decision on a request: which may be taken now, and the letter that is written of it."""

from django.utils.translation import gettext as _

from govplatform.refusals import PlacedReason, Refused

from ..letters import plain_text
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


def decide(case: Case, decision: str, particulars: str) -> str:
    """Keep the decision with what its handler wrote and return the text of the letter. Raises Refused.

    Inside the act that hands the letter in, which asks who may, and again behind the lock of the case.
    """
    particulars = plain_text(particulars).strip()
    reasons: list[str] = []
    if decision not in Decision.values:
        reasons.append(PlacedReason(_("决定类型：请选择一种。"), "decision"))
    if not particulars:
        reasons.append(PlacedReason(_("具体内容：请填写公开的内容、获取的方式，或者理由。"), "answer"))
    if len(particulars) > PARTICULARS:
        told = {"most": PARTICULARS, "n": len(particulars)}
        reasons.append(PlacedReason(_("具体内容：最多 %(most)d 个字，现在有 %(n)d 个字。") % told, "answer"))
    if not reasons:
        reasons = [PlacedReason(reason, "decision") for reason in reasons_against_decision(case, decision)]
    if reasons:
        raise Refused(reasons)
    DisclosureRequest.objects.filter(case=case).update(decision=decision, particulars=particulars)
    return letter_text(case, decision).with_particulars(particulars)


def reasons_against_text(number: str, text: str) -> list[str]:
    """Why ``text`` is not the letter of the decision on the request ``number``."""
    request = DisclosureRequest.objects.select_related("case", "case__desk").filter(case__number=number).first()
    if request is None or not request.decision:
        return []
    return letter_text(request.case, request.decision).reasons_against(text)


def _had(stops: list[ClockStop], kind: str, *, lapsed: bool) -> bool:
    ended = (stop for stop in stops if stop.kind == kind)
    return any(stop.has_lapsed if lapsed else stop.outcome == _Outcome.COMPLETED for stop in ended)
