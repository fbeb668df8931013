"""Cases in numbers, without what anybody wrote: from what is kept beside them, or counted one by one."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from govplatform.tenancy.models import Tenant

from .addresses import REPORTED_ERRORS
from .counted import Counted, Numbers, by, total_of
from .models import Case, CaseTally, Judgement
from .queries import WAS_ACCEPTED_LATE, late_cases, open_cases
from .tally import tallied, totals

_REPLIED = Q(state=Case.State.REPLIED)
_PUBLISHED = _REPLIED & ~Q(published_path="")


def count_cases(cases: QuerySet[Case]) -> list[Counted]:
    """Count ``cases`` one by one; return their numbers by kind, organisation and month of intake, oldest first."""
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
            shown=Count("pk", filter=_PUBLISHED & ~Q(published_path=REPORTED_ERRORS)),
            took=Sum(took, filter=_REPLIED),
            **grades,
            accepted_late=Count("pk", filter=WAS_ACCEPTED_LATE),
        )
        .order_by("month", "kind", "organisation__code")
    )
    return [
        Counted(
            kind,
            organisation or "",
            timezone.localdate(month),
            Numbers(received, answered, published, shown, took or timedelta(), *judged_and_late),
        )
        for kind, organisation, month, received, answered, published, shown, took, *judged_and_late in rows
    ]


def case_statistics(*, site: Tenant | None = None, year: int | None = None) -> dict[str, Any]:
    """Return what came in, on ``site`` (as its desk or as who answers) and in ``year``, or everywhere and ever.

    ``{"received", "answered", "published", "abuse", "late", "accepted_late", "average_days",
    "satisfaction": {grade: number}, "by_kind": {code: numbers}, "by_organisation": {site: numbers},
    "by_month": {"2026-01": numbers}}``.
    ``average_days``: calendar days from intake to answer, None where nothing was answered.
    """
    cases, rows = Case.objects.all(), CaseTally.objects.all()
    if site is not None:
        ours = Q(desk=site) | Q(organisation=site)
        cases, rows = cases.filter(ours), rows.filter(ours)
    if year is not None:
        first = datetime(year, 1, 1, tzinfo=timezone.get_current_timezone())
        cases = cases.filter(submitted_at__gte=first, submitted_at__lt=first.replace(year=year + 1))
        rows = rows.filter(month__year=year)
    counted = tallied(rows)
    total, sums = total_of(counted), totals(rows, "abuse", "late")
    organisations = {code: numbers for code, numbers in sorted(by(counted, "organisation").items()) if code}
    return {
        **_counts(total),
        "abuse": sums["abuse"],
        # Those that are open are late by the clock.
        "late": sums["late"] + late_cases(open_cases(cases)).count(),
        "accepted_late": total.accepted_late,
        "average_days": total.average_days,
        "satisfaction": {grade: getattr(total, grade) for grade in Judgement.Grade.values},
        "by_kind": {kind: _counts(numbers) for kind, numbers in sorted(by(counted, "kind").items())},
        "by_organisation": {code: _counts(numbers) for code, numbers in organisations.items()},
        "by_month": {f"{month:%Y-%m}": _counts(numbers) for month, numbers in by(counted, "month").items()},
    }


def compare_tally() -> list[str]:
    """Return what the kept numbers say otherwise than the cases themselves, a line for each key; takes long."""
    kept = {(one.kind, one.organisation, one.month): one.numbers for one in tallied(CaseTally.objects.all())}
    true = {(one.kind, one.organisation, one.month): one.numbers for one in count_cases(Case.objects.all())}
    return [
        f"{kind} {organisation} {month:%Y-%m}: {kept.get((kind, organisation, month))} {numbers}"
        for kind, organisation, month in sorted(kept.keys() | true.keys())
        if kept.get((kind, organisation, month)) != (numbers := true.get((kind, organisation, month)))
    ]


def _counts(numbers: Numbers) -> dict[str, int]:
    return {"received": numbers.received, "answered": numbers.answered, "published": numbers.published}
