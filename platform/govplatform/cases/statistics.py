"""Cases in numbers: counted when they are asked for, with one question, without what anybody wrote."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from govplatform.tenancy.models import Tenant

from .models import Case, Judgement
from .queries import late_cases

_REPLIED = Q(state=Case.State.REPLIED)
_PUBLISHED = _REPLIED & ~Q(published_path="")
_DAY = timedelta(days=1)


@dataclass
class Numbers:
    """Numbers of some cases. ``took``: from intake to answer, of all that were answered together; the last three are
    grades of judgement.
    """

    received: int = 0
    answered: int = 0
    published: int = 0
    took: timedelta = field(default_factory=timedelta)
    satisfied: int = 0
    fairly: int = 0
    dissatisfied: int = 0

    def add(self, other: "Numbers") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def average_days(self) -> float | None:
        """Calendar days from intake to answer; None where nothing was answered."""
        return round(self.took / _DAY / self.answered, 1) if self.answered else None

    @property
    def judged(self) -> int:
        return self.satisfied + self.fairly + self.dissatisfied

    @property
    def satisfaction(self) -> int | None:
        """Of a hundred senders who judged, how many were satisfied or fairly satisfied; None where nobody did."""
        return round(100 * (self.satisfied + self.fairly) / self.judged) if self.judged else None


@dataclass(frozen=True)
class Counted:
    """The numbers of one kind, one organisation ('' while it is with nobody) and one month (its first day)."""

    kind: str
    organisation: str
    month: date
    numbers: Numbers


def count_cases(cases: QuerySet[Case]) -> list[Counted]:
    """Return the numbers of ``cases`` by kind, organisation and month of intake, oldest month first."""
    took = ExpressionWrapper(F("ended_at") - F("submitted_at"), output_field=DurationField())
    grades = {grade: Count("pk", filter=Q(judgement__grade=grade)) for grade in Judgement.Grade.values}
    rows = (
        cases.order_by()
        .annotate(month=TruncMonth("submitted_at"))
        .values_list("kind", "organisation__code", "month")
        .annotate(
            received=Count("pk"),
            answered=Count("pk", filter=_REPLIED),
            published=Count("pk", filter=_PUBLISHED),
            took=Sum(took, filter=_REPLIED),
            **grades,
        )
        .order_by("month", "kind", "organisation__code")
    )
    return [
        Counted(
            kind,
            organisation or "",
            timezone.localdate(month),
            Numbers(received, answered, published, took or timedelta(), *judged),
        )
        for kind, organisation, month, received, answered, published, took, *judged in rows
    ]


def by(counted: Iterable[Counted], name: str) -> dict[Any, Numbers]:
    """Return the numbers by ``kind``, ``organisation`` or ``month``, in the order in which these come."""
    found: dict[Any, Numbers] = {}
    for one in counted:
        found.setdefault(getattr(one, name), Numbers()).add(one.numbers)
    return found


def total_of(counted: Iterable[Counted]) -> Numbers:
    total = Numbers()
    for one in counted:
        total.add(one.numbers)
    return total


def case_statistics(*, site: Tenant | None = None, year: int | None = None) -> dict[str, Any]:
    """Return what came in, on ``site`` (as its desk or as who answers) and in ``year``, or everywhere and ever.

    ``{"received", "answered", "published", "abuse", "late", "average_days", "satisfaction": {grade: number},
    "by_kind": {code: numbers}, "by_organisation": {site: numbers}, "by_month": {"2026-01": numbers}}``.
    ``average_days``: calendar days from intake to answer, None where nothing was answered.
    """
    cases = Case.objects.all()
    if site is not None:
        cases = cases.filter(Q(desk=site) | Q(organisation=site))
    if year is not None:
        first = datetime(year, 1, 1, tzinfo=timezone.get_current_timezone())
        cases = cases.filter(submitted_at__gte=first, submitted_at__lt=first.replace(year=year + 1))
    counted = count_cases(cases)
    total = total_of(counted)
    organisations = {code: numbers for code, numbers in sorted(by(counted, "organisation").items()) if code}
    return {
        **_counts(total),
        "abuse": cases.filter(is_abuse=True).count(),
        "late": late_cases(cases).count(),
        "average_days": total.average_days,
        "satisfaction": {grade: getattr(total, grade) for grade in Judgement.Grade.values},
        "by_kind": {kind: _counts(numbers) for kind, numbers in sorted(by(counted, "kind").items())},
        "by_organisation": {code: _counts(numbers) for code, numbers in organisations.items()},
        "by_month": {f"{month:%Y-%m}": _counts(numbers) for month, numbers in by(counted, "month").items()},
    }


def _counts(numbers: Numbers) -> dict[str, int]:
    return {"received": numbers.received, "answered": numbers.answered, "published": numbers.published}
