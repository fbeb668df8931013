"""Requests of one organ and year in the statutory table of the annual report.

《政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）: what came in and was carried over, by who asked, the
results, and what is left. A request counts from the day on which it was confirmed as received
(《中华人民共和国政府信息公开条例》第三十一条), for the organ that answers it; with nobody, for its desk.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from govplatform.tenancy.models import Tenant

from ..kinds import Kind
from ..models import Case

#: The table of the report; its cells are ``requests.new.person``.
TABLE = "requests"
_NEW, _CARRIED, _LEFT = "new", "carried", "left"


def disclosure_figures(site: Tenant, year: int) -> dict[str, int]:
    """Return the figures of the cells that are not 0, by the codes of the statutory table; sums are not among them."""
    first = datetime(year, 1, 1, tzinfo=timezone.get_current_timezone())
    after = first.replace(year=year + 1)
    received = _requests_of(site).filter(accepted_at__lt=after)
    ended = Q(state=Case.State.REPLIED)
    found: Counter[str] = Counter()
    _count(found, received.filter(accepted_at__gte=first), _NEW)
    _count(found, received.filter(accepted_at__lt=first).exclude(ended & Q(ended_at__lt=first)), _CARRIED)
    _count(found, received.exclude(ended & Q(ended_at__lt=after)), _LEFT)
    decided = received.filter(ended, ended_at__gte=first, ended_at__lt=after)
    for applicant, decision, number in (
        decided.order_by().values_list("disclosure__applicant", "disclosure__decision").annotate(n=Count("pk"))
    ):
        found[f"{TABLE}.{decision}.{applicant}"] += number
    return dict(found)


def years_of(site: Tenant) -> list[int]:
    """The years of which ``site`` has requests, up to this one, newest first; this one always."""
    this = timezone.localdate().year
    first = _requests_of(site).order_by("accepted_at").values_list("accepted_at", flat=True).first()
    return list(range(this, (timezone.localtime(first).year if first else this) - 1, -1))


def _requests_of(site: Tenant) -> QuerySet[Case]:
    here = Q(organisation=site) | Q(organisation=None, desk=site)
    return Case.objects.filter(here, kind=Kind.DISCLOSURE, accepted_at__isnull=False)


def _count(found: Counter[str], cases: QuerySet[Any], row: str) -> None:
    for applicant, number in cases.order_by().values_list("disclosure__applicant").annotate(n=Count("pk")):
        found[f"{TABLE}.{row}.{applicant}"] += number
