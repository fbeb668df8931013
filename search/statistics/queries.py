"""What was asked on a site, for its administrators and for suggestions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Sum
from django.utils import timezone

from govplatform.tenancy.models import Tenant

from ..models import AskedDay, AskedTerm
from .still_found import still_found

#: Days that may be looked back, and those that are shown unless somebody chooses.
LONGEST, USUAL = 400, 30
#: Terms that a list has.
LISTED = 50
#: How far suggestions look back.
_REMEMBERED = 90


@dataclass(frozen=True)
class TermFigure:
    """A term with the number of places that asked it, and of those that were told that there is nothing."""

    term: str
    asked: int
    without: int


@dataclass(frozen=True)
class DayFigure:
    """A day with its questions, and those of them without a result; a day without questions has zeros."""

    day: date
    asked: int
    without: int


@dataclass(frozen=True)
class Figures:
    """The statistics of ``days`` days. ``terms``: most asked first; ``without``: those that mostly found nothing.

    A term that found something which is not public any more, and finds nothing now, is in neither.
    """

    days: tuple[DayFigure, ...]
    terms: tuple[TermFigure, ...]
    without: tuple[TermFigure, ...]

    @property
    def asked(self) -> int:
        """All questions."""
        return sum(day.asked for day in self.days)

    @property
    def unanswered(self) -> int:
        """All questions without a result."""
        return sum(day.without for day in self.days)


def read_statistics(tenant: Tenant, days: int = USUAL) -> Figures:
    """Return what was asked on ``tenant`` in the last ``days`` days (1 to LONGEST), today included."""
    today = timezone.localdate()
    first = today - timedelta(days=max(1, min(days, LONGEST)) - 1)
    rows = {row.day: row for row in AskedDay.objects.filter(tenant=tenant, day__gte=first)}
    each = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    counted = tuple(
        DayFigure(day, rows[day].asked, rows[day].without) if day in rows else DayFigure(day, 0, 0) for day in each
    )
    terms = (
        AskedTerm.objects.filter(tenant=tenant, day__gte=first)
        .values("term")
        .annotate(times=Sum("asked"), empty=Sum("without"))
    )
    most = terms.order_by("-times", "term")[:LISTED]
    without = terms.filter(empty__gte=F("times") / 2, empty__gt=0).order_by("-empty", "term")[:LISTED]
    return Figures(counted, *_shown(most, without))


def _shown(*lists: Iterable[Mapping[str, Any]]) -> Iterator[tuple[TermFigure, ...]]:
    """Yield the lists without terms that found something which is not public any more: it may be called so."""
    figures = [[TermFigure(row["term"], row["times"], row["empty"]) for row in rows] for rows in lists]
    found_once = {one.term for rows in figures for one in rows if one.asked > one.without}
    gone = found_once - still_found(found_once)
    yield from (tuple(one for one in rows if one.term not in gone) for rows in figures)


def asked_terms(sites: Sequence[int] | None, beginning: str, most: int) -> list[str]:
    """Return terms that begin so and found something, most asked first. ``sites``: of these; None for all."""
    since = timezone.localdate() - timedelta(days=_REMEMBERED)
    rows = AskedTerm.objects.filter(day__gte=since, term__startswith=beginning, asked__gt=F("without"))
    if sites is not None:
        rows = rows.filter(tenant_id__in=sites)
    found = rows.values("term").annotate(times=Sum("asked")).order_by("-times", "term")
    return [row["term"] for row in found[:most]]
