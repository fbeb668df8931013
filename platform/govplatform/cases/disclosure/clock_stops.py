"""What stops the clock of a request, and when it is due again.

A third party that is asked, and an applicant who completes the request or pays, take time that is not the organ's
(《中华人民共和国政府信息公开条例》第三十条、第三十二条、第三十三条). While it stands still, the limit of the
case is the one that it would have if nothing came before the stop ends by itself: so it is true although nobody
ends the stop, and no job has to.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.rule_packs.limits import Limit
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.rule_packs.working_days import local_day, nth_working_day

from ..clock import answer_due
from ..models import Case, ClockStop

Kind = ClockStop.Kind
#: The limits of the rule pack by which a stop ends by itself.
_TERMS = ((Kind.COMPLETION, "disclosure_completion"), (Kind.THIRD_PARTY, "disclosure_consultation"))
_FEE_TERM = "disclosure_payment"


def limit_named(case: Case, name: str) -> Limit:
    """A limit of the rule pack of the desk of ``case``."""
    return rule_pack_of(case.desk).limit(name)


def term_of(case: Case, kind: str) -> Limit:
    """The limit after which a stop of ``kind`` ends by itself."""
    return limit_named(case, dict(_TERMS).get(Kind(kind), _FEE_TERM))


def begin(case: Case, kind: str, now: datetime) -> ClockStop:
    """Return the stop, not stored, and set the limit of ``case``, which is not stored either."""
    assert case.due_at is not None
    left = days_between(now, case.due_at) if kind == Kind.THIRD_PARTY and case.due_at >= now else None
    stop = ClockStop(case=case, kind=kind, began_at=now, until=term_of(case, kind).after(now), left=left)
    case.due_at = due_after(stop, stop.until)
    return stop


def due_after(stop: ClockStop, ended_at: datetime) -> datetime:
    """When the case of ``stop`` is due where that ends at ``ended_at``; a third party's time ends with its term."""
    case = stop.case
    assert case.due_at is not None
    if stop.kind != Kind.THIRD_PARTY:
        return answer_due(case, ended_at)
    if stop.left is None:
        # It was late before anybody was asked, and stays so.
        return case.due_at
    last = local_day(min(ended_at, stop.until))
    # At least one: or whoever was asked for an opinion on the last day could never be waited for in time, and a limit
    # would end on a day of rest.
    return rule_pack_of(case.desk).working_time.end_of(nth_working_day(last, max(stop.left, 1)))


def days_between(moment: datetime, due: datetime) -> int:
    """Working days after the day of ``moment`` up to the day of ``due``."""
    day, last, count = local_day(moment), local_day(due), 0
    while (day := nth_working_day(day, 1)) <= last:
        count += 1
    return count


def open_stop(case: Case) -> ClockStop | None:
    """The stop of ``case`` that nobody has ended; it may have lapsed."""
    return ClockStop.objects.select_related("case", "case__desk").filter(case=case, ended_at=None).first()


def awaited_stops(case: Case, kind: str) -> dict[int, ClockStop]:
    """The stops of that kind for which something may still come, also late, by their place among those of ``case``."""
    found = ClockStop.objects.select_related("case", "case__desk").filter(case=case).order_by("pk")
    awaited = ("", ClockStop.Outcome.LAPSED)
    return {place: one for place, one in enumerate(found, 1) if one.kind == kind and one.outcome in awaited}


def begin_anew(case: Case, stop: ClockStop, now: datetime) -> None:
    """Begin the limit of ``case``, not stored, anew with what ``stop`` waited for; while another stop runs it waits."""
    other = open_stop(case)
    if other is None or other.pk == stop.pk or not other.is_running:
        case.due_at = due_after(stop, now)
    elif other.kind == Kind.THIRD_PARTY:
        case.due_at = answer_due(case, now)
        other.case, other.left = case, days_between(now, case.due_at)
        case.due_at = due_after(other, other.until)
        other.save(update_fields=["left"])
    # Behind a fee it begins anew once more.


def reasons_against_running(case: Case) -> list[str]:
    """Why ``case`` cannot be answered or extended now: somebody else still has time."""
    stop = open_stop(case)
    if stop is None or not stop.is_running:
        return []
    until = timezone.localtime(stop.until).strftime("%Y-%m-%d")
    told = {"what": stop.get_kind_display(), "until": until}
    return [_("正在等待“%(what)s”（截止 %(until)s），期限中止。收到后请先登记，或者在截止以后再办理。") % told]


def end_lapsed(case: Case) -> None:
    """Note of a stop whose time went by that it has ended, behind the lock of ``case``."""
    stop = open_stop(case)
    if stop is not None and not stop.is_running:
        stop.ended_at, stop.outcome = stop.until, ClockStop.Outcome.LAPSED
        stop.save(update_fields=["ended_at", "outcome"])
