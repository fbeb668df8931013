"""The acts that stop the clock of a request and start it again: completing, asking a third party, a fee."""

from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.events.sheet import follow
from govplatform.refusals import PlacedReason, Refused, checked_reason
from govplatform.tenancy.models import Tenant

from ..actions import (
    REASON,
    held_case,
    hold_case,
    note_step,
    reasons_against_lateness,
    reasons_against_state,
    require,
)
from ..contact import decrypt_bytes, encrypt_bytes
from ..events import CaseMovedOn
from ..letters import checked_text, one_line
from ..models import Case, CaseStep, ClockStop, Supplement
from ..permissions import is_clerk_of, reasons_against_extending, reasons_against_handling
from ..sender_acts import ADDED
from .clock_stops import (
    awaited_stops,
    begin,
    begin_anew,
    due_after,
    end_lapsed,
    limit_named,
    open_stop,
    reasons_against_running,
)
from .late import reasons_against_entering, words_for_applicant

#: Characters of what somebody is asked or says, and of a name.
TEXT, WHO = 2000, 200
State, Act, Kind, Outcome = Case.State, CaseStep.Act, ClockStop.Kind, ClockStop.Outcome


def ask_completion(case: Case, *, acting_user: User, text: str) -> ClockStop:
    """Tell the applicant once, and within the limit, what has to be completed. Raises Refused.

    《中华人民共和国政府信息公开条例》第三十条.
    """
    text = _checked(text, _("需要补正的内容"))
    site = case.desk if is_clerk_of(acting_user, case) else _organisation(case)
    with held_case(case, site, acting_user) as case:
        reasons = _reasons_against_stopping(case, State.ACCEPTED, State.ASSIGNED)
        if not reasons:
            notice = limit_named(case, "disclosure_completion_notice")
            assert case.accepted_at is not None
            if ClockStop.objects.filter(case=case, kind=Kind.COMPLETION).exists():
                reasons = [_("补正应当一次性告知，这件申请已经通知过补正。请按现有内容办理。")]
            elif notice.after(case.accepted_at) < timezone.now():
                told = {"limit": notice, "article": notice.article}
                reasons = [_("通知补正的期限（%(limit)s，%(article)s）已过。请按现有内容办理。") % told]
        require(reasons_against_extending(acting_user, case), reasons)
        return _begin(case, Kind.COMPLETION, text, Act.COMPLETING, acting_user)


def complete_by_sender(case: Case, text: str) -> None:
    """Take what the applicant completes; the limit begins anew. Sent twice with the same words it is kept once.

    Who calls has asked for number and code. Raises Refused.
    """
    text = checked_text(text, ADDED, "added", _("补正内容"))
    with transaction.atomic():
        case = hold_case(case.pk)
        if (made := Supplement.objects.filter(case=case).first()) is not None and made.text == text:
            return
        stop = _waiting(case, Kind.COMPLETION)
        if stop is None or not stop.is_running:
            raise Refused(PlacedReason(words_for_applicant(case), "added"))
        _complete(case, stop, text)
        CaseStep.objects.create(case=case, act=Act.COMPLETED, at=timezone.now())


def record_completion(case: Case, *, acting_user: User, text: str, reason: str = "") -> Case:
    """Enter what the applicant completed on paper, or late; the limit begins anew. Raises Refused.

    ``reason``: why it came late, which has to be a good one (《中华人民共和国政府信息公开条例》第三十条).
    """
    text = _checked(text, _("补正内容"))
    with held_case(case, _handling_site(case, acting_user), acting_user) as case:
        stop = _required(case, Kind.COMPLETION, acting_user)
        reason = _reason_of_late(stop, reason)
        _complete(case, stop, text)
        note_step(case, Act.COMPLETED, case.state, acting_user, reason=reason)
    return case


def ask_third_party(case: Case, *, acting_user: User, who: str, text: str) -> ClockStop:
    """Ask a third party whose rights disclosure may harm; the clock stands still until it answers. Raises Refused.

    《中华人民共和国政府信息公开条例》第三十二条、第三十三条.
    """
    text, who = _checked(text, _("征求意见的内容")), one_line(who)
    if not who or len(who) > WHO:
        raise Refused(PlacedReason(_("第三方：请填写姓名或名称，最多 %(most)d 个字。") % {"most": WHO}, "who"))
    with held_case(case, _organisation(case), acting_user) as case:
        require(reasons_against_handling(acting_user, case), _reasons_against_stopping(case, State.ASSIGNED))
        kept = encrypt_bytes(who.encode(), _bound_to(case))
        return _begin(case, Kind.THIRD_PARTY, text, Act.ASKED_THIRD, acting_user, third_party=kept)


def record_opinion(case: Case, *, acting_user: User, agrees: bool, text: str = "", place: int | None = None) -> Case:
    """Enter what a third party said; the clock goes on. ``agrees``: to disclosure. Raises Refused.

    ``place``: which stop it answers, counted from 1; None: the one that is open, or else the last that lapsed.
    """
    reply = _checked(text, _("第三方意见"), needed=not agrees)
    with held_case(case, _organisation(case), acting_user) as case:
        stop = _required(case, Kind.THIRD_PARTY, acting_user, place)
        now = timezone.now()
        if stop.is_running:
            # Of one that comes late the time has ended by itself, and the limit may have been extended since.
            case.due_at = due_after(stop, now)
        stop.reply, stop.outcome, stop.ended_at = reply, Outcome.AGREED if agrees else Outcome.OBJECTED, now
        stop.save()
        note_step(case, Act.HEARD_THIRD, case.state, acting_user, reason=str(stop.get_outcome_display()))
    return case


def charge_fee(case: Case, *, acting_user: User, amount: str, text: str) -> ClockStop:
    """Ask for a fee because of excessive requests; the limit begins anew when it was paid. Raises Refused.

    《中华人民共和国政府信息公开条例》第四十二条.
    """
    text, yuan = _checked(text, _("收费的依据和计算")), _read_amount(amount)
    with held_case(case, _organisation(case), acting_user) as case:
        reasons = _reasons_against_stopping(case, State.ASSIGNED)
        if not reasons and ClockStop.objects.filter(case=case, kind=Kind.FEE).exists():
            reasons = [_("这件申请已经通知过缴费，不能再收。")]
        if not reasons:
            # 《政府信息公开信息处理费管理办法》: the notice is sent within the time in which the request is handled.
            reasons = reasons_against_lateness(case)
        require(reasons_against_handling(acting_user, case), reasons)
        return _begin(case, Kind.FEE, text, Act.CHARGED, acting_user, amount=yuan)


def record_payment(case: Case, *, acting_user: User, reason: str = "") -> Case:
    """Enter that the fee was paid; the limit begins anew. ``reason``: why it was taken late. Raises Refused."""
    with held_case(case, _organisation(case), acting_user) as case:
        stop = _required(case, Kind.FEE, acting_user)
        reason = _reason_of_late(stop, reason)
        _end_anew(case, stop, Outcome.PAID)
        note_step(case, Act.PAID, case.state, acting_user, reason=reason)
    return case


def third_party_of(stop: ClockStop) -> str:
    """The name of who is asked, for the handler; '' where nobody is, or the name was removed after its term."""
    if stop.third_party is None:
        return ""
    return decrypt_bytes(stop.third_party, _bound_to(stop.case)).decode()


# --- inside ------------------------------------------------------------------------------


def _bound_to(case: Case) -> str:
    return f"{case.number}/third-party"


def _reasons_against_stopping(case: Case, *states: str) -> list[str]:
    if not hasattr(case, "disclosure"):
        return [_("来信 %(number)s 不是依申请公开。") % {"number": case.number}]
    return reasons_against_state(case, *states) or reasons_against_running(case)


def _begin(
    case: Case,
    kind: str,
    text: str,
    act: str,
    acting_user: User,
    *,
    third_party: bytes | None = None,
    amount: Decimal | None = None,
) -> ClockStop:
    end_lapsed(case)
    stop = begin(case, kind, timezone.now())
    stop.text, stop.third_party, stop.amount = text, third_party, amount
    stop.save()
    note_step(case, act, case.state, acting_user)
    if kind != Kind.THIRD_PARTY:
        follow(CaseMovedOn(case, act))
    return stop


def _waiting(case: Case, kind: str) -> ClockStop | None:
    stop = open_stop(case)
    return stop if stop is not None and stop.kind == kind and not case.is_over else None


def _required(case: Case, kind: str, acting_user: User, place: int | None = None) -> ClockStop:
    """What waits for something of that kind, or has waited in vain. Raises Refused where nothing does, where it comes
    too late for good, or who asks may not.
    """
    awaited = awaited_stops(case, kind)
    # Whoever has still time first; of those whose time went by the last.
    found = sorted(awaited.values(), key=lambda one: (one.ended_at is None, one.pk))[-1:]
    if place is not None:
        found = [awaited[place]] if place in awaited else []
    missing = [_("这件申请现在没有在等待“%(what)s”。") % {"what": Kind(kind).label}]
    reasons = reasons_against_entering(case, kind) if found else missing
    allowed = reasons_against_extending if kind == Kind.COMPLETION else reasons_against_handling
    require(allowed(acting_user, case), reasons)
    [stop] = found
    stop.case = case
    return stop


def _reason_of_late(stop: ClockStop, reason: str) -> str:
    """The reason for what comes late, '' for what comes in time. Raises Refused where it is missing."""
    if stop.is_running:
        return ""
    try:
        return checked_reason(reason, REASON)
    except Refused as refusal:
        words = _("逾期收到的，须有正当理由：%(words)s")
        raise Refused([PlacedReason(words % {"words": one}, "reason") for one in refusal.reasons]) from None


def _complete(case: Case, stop: ClockStop, text: str) -> None:
    Supplement.objects.update_or_create(case=case, defaults={"text": text, "at": timezone.now()})
    stop.case = case
    _end_anew(case, stop, Outcome.COMPLETED)
    case.save(update_fields=["due_at"])


def _end_anew(case: Case, stop: ClockStop, outcome: str) -> None:
    now = timezone.now()
    begin_anew(case, stop, now)
    stop.outcome, stop.ended_at = outcome, now
    stop.save(update_fields=["outcome", "ended_at"])


def _handling_site(case: Case, user: User) -> Tenant:
    return case.desk if is_clerk_of(user, case) else _organisation(case)


def _organisation(case: Case) -> Tenant:
    if case.organisation is None:
        raise Refused(_("来信 %(number)s 没有交办，或者已经退回、改派。") % {"number": case.number})
    return case.organisation


def _checked(text: str, label: str, *, needed: bool = True) -> str:
    return checked_text(text, TEXT, "note", label, needed=needed)


def _read_amount(typed: str) -> Decimal:
    typed = typed.strip()
    try:
        amount = Decimal(typed) if typed.isascii() and len(typed) <= 11 else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if (
        not amount.is_finite()
        or not Decimal(0) < amount < Decimal(10) ** 8
        or amount != amount.quantize(Decimal("0.01"))
    ):
        raise Refused(PlacedReason(_("金额：请填写大于 0 的金额（元），最多两位小数。"), "amount"))
    return amount
