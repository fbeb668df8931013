"""Reads of retention: terms, what is held back, what was removed and what comes next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet, Sum
from django.utils import timezone

from govplatform.rule_packs.limits import Limit
from govplatform.rule_packs.packs import NATIONAL, load_rule_pack, rule_pack_of

from ..kinds import RULES
from ..models import Case, CaseHold, Erasure
from .holders import Holder, holders


@dataclass(frozen=True)
class Line:
    """One holder for a screen or a verb.

    ``term``: of the national pack, None where its rows follow others; ``last_day``, ``last_rows``: when something was
    removed last on any site, and how much; ``next_at``: when the oldest of what is kept is due, None for nothing.
    """

    holder: Holder
    term: Limit | None
    last_day: date | None
    last_rows: int
    next_at: datetime | None


def retention_lines() -> list[Line]:
    """The sheet with what was removed last and what is due next."""
    return [_line(holder) for holder in holders()]


def erasures(days: int = 30) -> QuerySet[Erasure]:
    """What was removed in the last days, newest first."""
    since = timezone.localdate() - timedelta(days=days)
    return Erasure.objects.filter(day__gte=since).select_related("site")


def held_data() -> QuerySet[CaseHold]:
    """What is held back, the longest first."""
    return CaseHold.objects.select_related("case__desk", "person").order_by("at", "pk")


def erased_after(case: Case) -> datetime | None:
    """When ``case`` loses what it holds of people; None while it is open, for one that is held back, and afterwards."""
    if case.erased_at is not None or case.ended_at is None or not case.is_over or hold_of(case) is not None:
        return None
    return rule_pack_of(case.desk).limit(RULES[case.kind].kept).after(case.ended_at)


def hold_of(case: Case) -> CaseHold | None:
    return CaseHold.objects.select_related("person").filter(case=case).first()


def _line(holder: Holder) -> Line:
    days = Erasure.objects.filter(holder=holder.code).order_by("-day")
    last = days.values_list("day").annotate(total=Sum("rows")).first() or (None, 0)
    return Line(
        holder=holder,
        term=load_rule_pack(NATIONAL).limit(holder.limit) if holder.limit else None,
        last_day=last[0],
        last_rows=last[1],
        next_at=_next(holder),
    )


def _next(holder: Holder) -> datetime | None:
    """The first that is due: of what is kept the oldest, with the term of its site."""
    if not holder.limit or not holder.site_field:
        return None
    oldest = holder.kept(None).select_related(holder.site_field).order_by(holder.since, "pk").first()
    if oldest is None:
        return None
    term = holder.term(getattr(oldest, holder.site_field))
    since: datetime = getattr(oldest, holder.since)
    return term.after(since) if term is not None else None
