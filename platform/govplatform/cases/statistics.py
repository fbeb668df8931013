"""Cases in numbers: counted when they are asked for, without what anybody wrote."""

from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone

from govplatform.tenancy.models import Tenant

from .models import Case, Judgement
from .queries import late_cases

_REPLIED = Q(state=Case.State.REPLIED)
_PUBLISHED = _REPLIED & ~Q(published_path="")


def case_statistics(*, site: Tenant | None = None, year: int | None = None) -> dict[str, Any]:
    """Return what came in, on ``site`` (as its desk or as who answers) and in ``year``, or everywhere and ever.

    ``{"received", "answered", "published", "abuse", "late", "average_days", "satisfaction": {grade: number},
    "by_kind": {code: numbers}, "by_organisation": {site: numbers}}``.
    ``average_days``: calendar days from intake to answer, None where nothing was answered.
    """
    cases = Case.objects.all()
    if site is not None:
        cases = cases.filter(Q(desk=site) | Q(organisation=site))
    if year is not None:
        first = datetime(year, 1, 1, tzinfo=timezone.get_current_timezone())
        cases = cases.filter(submitted_at__gte=first, submitted_at__lt=first.replace(year=year + 1))
    took = ExpressionWrapper(F("ended_at") - F("submitted_at"), output_field=DurationField())
    average = cases.filter(_REPLIED).aggregate(days=Avg(took))["days"]
    return {
        **_numbers(cases),
        "abuse": cases.filter(is_abuse=True).count(),
        "late": late_cases(cases).count(),
        "average_days": round(average.total_seconds() / 86400, 1) if average is not None else None,
        "satisfaction": satisfaction(cases),
        "by_kind": _by(cases, "kind"),
        "by_organisation": _by(cases.exclude(organisation=None), "organisation__code"),
    }


def satisfaction(cases: QuerySet[Case]) -> dict[str, int]:
    """How many senders of ``cases`` gave which grade, all grades in their order."""
    found = Judgement.objects.filter(case__in=cases).values_list("grade").annotate(n=Count("pk"))
    return {**dict.fromkeys(Judgement.Grade.values, 0), **dict(found)}


def _numbers(cases: QuerySet[Case]) -> dict[str, int]:
    return cases.aggregate(
        received=Count("pk"), answered=Count("pk", filter=_REPLIED), published=Count("pk", filter=_PUBLISHED)
    )


def _by(cases: QuerySet[Case], name: str) -> dict[str, dict[str, int]]:
    rows = (
        cases.order_by()
        .values_list(name)
        .annotate(received=Count("pk"), answered=Count("pk", filter=_REPLIED), published=Count("pk", filter=_PUBLISHED))
    )
    return {
        str(value): {"received": received, "answered": answered, "published": published}
        for value, received, answered, published in sorted(rows)
    }
