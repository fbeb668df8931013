"""各站办理情况: what each site takes in and answers, in numbers, for those who oversee all of them (全程监管).

From the numbers that triggers keep and from the cases that are open, in as many statements for ten sites as for a
thousand.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.spreadsheets.writing import write_table
from govplatform.tenancy.models import Tenant

from .counted import Numbers
from .models import Case, CaseTally
from .queries import is_overdue, open_cases
from .shown import sent_in
from .tally import tallied_by_site

_WIDTHS = (10, 30, 10, 10, 10, 10, 10, 12, 10)


@dataclass
class SiteRow:
    """The numbers of one site; ``site``: None of all together. ``late``: open, and the limit is over now."""

    site: Tenant | None
    numbers: Numbers = field(default_factory=Numbers)
    open: int = 0
    late: int = 0


@dataclass(frozen=True)
class SiteNumbers:
    """``desks``: by where cases were taken in; ``organisations``: by who answers; most late first."""

    total: SiteRow
    desks: list[SiteRow]
    organisations: list[SiteRow]


def site_numbers(year: int | None = None) -> SiteNumbers:
    """Return the numbers of what came in ``year``, or ever."""
    kept, cases = CaseTally.objects.all(), Case.objects.all()
    if year is not None:
        kept, cases = kept.filter(month__year=year), sent_in(cases, year)
    desks: dict[int, SiteRow] = {}
    organisations: dict[int, SiteRow] = {}
    total = SiteRow(None)
    for desk, organisation, numbers in tallied_by_site(kept):
        for row in _rows(desk, organisation, desks, organisations, total):
            row.numbers.add(numbers)
    counted: Any = (
        open_cases(cases)
        .order_by()
        .values_list("desk_id", "organisation_id")
        .annotate(Count("pk"), late=Count("pk", filter=is_overdue()))
    )
    for desk, organisation, is_open, late in counted:
        for row in _rows(desk, organisation, desks, organisations, total):
            row.open += is_open
            row.late += late
    sites = Tenant.objects.in_bulk(desks.keys() | organisations.keys())
    for key, row in [*desks.items(), *organisations.items()]:
        row.site = sites[key]
    return SiteNumbers(total, _sorted(desks), _sorted(organisations))


def sites_with_cases() -> tuple[list[Tenant], list[Tenant]]:
    """Return (desks, organisations) by name: those of which there are numbers."""
    pairs = set(CaseTally.objects.order_by().values_list("desk_id", "organisation_id").distinct())
    sites = Tenant.objects.in_bulk({pk for pair in pairs for pk in pair if pk is not None})
    by_name = sorted(sites.values(), key=lambda site: (site.full_name, site.code))
    taking, answering = {desk for desk, _of in pairs}, {organisation for _of, organisation in pairs}
    return [one for one in by_name if one.pk in taking], [one for one in by_name if one.pk in answering]


def years_with_cases() -> list[int]:
    """Return the years from the first case to this one, the newest first."""
    first = CaseTally.objects.order_by("month").values_list("month", flat=True).first()
    this = timezone.localdate().year
    return list(range(this, min(first.year if first else this, this) - 1, -1))


def cases_of_sites(cases: QuerySet[Case], *, desk: str = "", organisation: str = "", year: str = "") -> QuerySet[Case]:
    """``cases`` that were taken in by, are answered by, and came in; what cannot be read narrows nothing down."""
    if desk:
        cases = cases.filter(desk__code=desk[:40])
    if organisation:
        cases = cases.filter(organisation__code=organisation[:40])
    asked = read_year(year)
    return cases if asked is None else sent_in(cases, asked)


def read_year(text: str) -> int | None:
    """Return the year that ``text`` names, None where it names none."""
    plain = text.isascii() and text.isdigit() and len(text) == 4
    return int(text) if plain and 2000 <= int(text) <= 2100 else None


def sites_table(found: SiteNumbers, kind: str) -> bytes:
    """Return the numbers of every site as ``csv`` or ``xlsx``."""
    rows = [
        [
            _("站点角色"), _("站点"), _("收到"),
            _("未办结"), _("正在超期"), _("逾期受理"), _("已答复"), _("平均办理天数"), _("满意度"),
        ]
    ]  # fmt: skip
    for label, lines in ((_("受理站点"), found.desks), (_("办理站点"), found.organisations)):
        for line in lines:
            assert line.site is not None
            told = line.numbers
            days = "" if told.average_days is None else str(told.average_days)
            satisfied = "" if told.satisfaction is None else f"{told.satisfaction}%"
            numbers = (told.received, line.open, line.late, told.accepted_late, told.answered)
            rows.append([label, line.site.full_name, *map(str, numbers), days, satisfied])
    return write_table(rows, kind, sheet=_("各站办理情况"), widths=_WIDTHS)


def described(found: SiteNumbers) -> dict[str, list[dict[str, Any]]]:
    """Return the rows as the verb ``case_statistics --sites`` prints them."""
    return {"desks": [_said(row) for row in found.desks], "organisations": [_said(row) for row in found.organisations]}


# --- inside ------------------------------------------------------------------------------


def _rows(
    desk: int, organisation: int | None, desks: dict[int, SiteRow], organisations: dict[int, SiteRow], total: SiteRow
) -> list[SiteRow]:
    """The rows into which something of this desk and organisation counts."""
    found = [total, desks.setdefault(desk, SiteRow(None))]
    if organisation is not None:
        found.append(organisations.setdefault(organisation, SiteRow(None)))
    return found


def _sorted(rows: dict[int, SiteRow]) -> list[SiteRow]:
    return sorted(rows.values(), key=lambda row: (-row.late, -row.open, -row.numbers.received, row.site.code))  # type: ignore[union-attr]


def _said(row: SiteRow) -> dict[str, Any]:
    assert row.site is not None
    return {
        "site": row.site.code,
        "received": row.numbers.received,
        "open": row.open,
        "late": row.late,
        "answered": row.numbers.answered,
        "accepted_late": row.numbers.accepted_late,
        "average_days": row.numbers.average_days,
        "satisfaction": row.numbers.satisfaction,
    }
