"""公开答复 and 统计 on every public host: what was answered for the desk of this site, and how much of it, in its look.

Numbers of what is public lead to lists as long as they say; what is not public is counted and neither named nor linked.
A report that a correction answered has no page: it stands in the list of reports (``reporting.py``), counted apart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.cases.addresses import FIGURES, LETTERS, REPORTED_ERRORS
from govplatform.cases.counted import Numbers, by, total_of
from govplatform.cases.kinds import Kind
from govplatform.cases.models import Case
from govplatform.cases.queries import desk_of, published_url
from govplatform.cases.shown import Narrowed, cases_shown, public_answers, read_narrowed, tally_shown
from govplatform.cases.statistics import count_cases
from govplatform.cases.tally import tallied
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from sites.columns.models import paging_of, requested_page
from sites.pages.drawing import Drawing, Lead, Series, draw
from sites.public.access import for_citizens

from .writing import letter_page

_A_PAGE = 20


@for_citizens
def letters(request: HttpRequest) -> HttpResponse:
    """The public answers of the desk, newest first, narrowed down by kind, organisation and month."""
    desk, narrowed = desk_shown(request), asked_narrowed(request)
    meant = cases_shown(desk, narrowed, of=request.tenant)  # type: ignore[attr-defined]
    answers = public_answers(meant)
    # A mailbox has few letters, which are counted one by one.
    total = total_of(count_cases(meant) if narrowed.mailbox else tallied(tally_shown(desk, narrowed)))
    page = requested_page(_Counted(answers, _A_PAGE, total.shown), request)
    context = {
        "items": [_item(case) for case in page],
        "paging": paging_of(page, LETTERS, query_of(narrowed)),
        "total": total,
        "corrected_url": f"{REPORTED_ERRORS}?by=correction{query_of(narrowed)}",
        "choices": _choices(desk, narrowed),
        "narrowed": narrowed,
        "period": period_of(narrowed),
    }
    return letter_page(request, "interaction/letters.html", _("公开答复"), LETTERS, {**_ways(), **context})


@for_citizens
def figures(request: HttpRequest) -> HttpResponse:
    """Received, answered, published, days and satisfaction of a year, as tables and a chart."""
    desk, asked = desk_shown(request), asked_narrowed(request)
    year = asked.year or timezone.localdate().year
    counted = tallied(tally_shown(desk, Narrowed(year=year)))
    months = _drawn_months(year, by(counted, "month"))
    kinds = by(counted, "kind")
    by_organisation = by(counted, "organisation")
    names = dict(Tenant.objects.values_list("code", "full_name"))
    context = {
        "year": year,
        "years": _years(desk),
        "total": _Row(_("合计"), total_of(counted), query_of(Narrowed(year=year))),
        "chart": _chart(months, year),
        "corrections_url": f"{REPORTED_ERRORS}?by=correction",
        "tables": [
            _Table(
                _("按类别"),
                _("类别"),
                _rows(
                    {kind: kinds[kind] for kind in Kind.values if kind in kinds},
                    lambda kind: str(Kind(kind).label),
                    lambda kind: Narrowed(kind=kind, year=year),
                ),
            ),
            _Table(
                _("按办理单位"),
                _("办理单位"),
                _rows(
                    # What is with nobody stands last, so that the rows add up.
                    dict(sorted(by_organisation.items(), key=lambda one: (not one[0], -one[1].received, one[0]))),
                    lambda code: names.get(code, code) if code else _("尚未交办"),
                    lambda code: Narrowed(organisation=code, year=year),
                ),
            ),
            _Table(
                _("按来信月份"),
                _("来信月份"),
                _rows(by(counted, "month"), _month_name, lambda month: Narrowed(year=month.year, month=month)),
            ),
        ],
    }
    return letter_page(request, "interaction/figures.html", _("来信统计"), FIGURES, {**_ways(), **context})


# --- inside ------------------------------------------------------------------------------


class _Counted(Paginator[Case]):
    """Pages of answers whose number is known."""

    def __init__(self, answers: Any, per_page: int, count: int) -> None:
        super().__init__(answers, per_page)
        self._known = count

    @property
    def count(self) -> int:  # type: ignore[override]
        return self._known


@dataclass(frozen=True)
class _Row:
    """A row of a table of numbers. ``query``: what its list is asked with."""

    name: str
    numbers: Numbers
    query: str


@dataclass(frozen=True)
class _Table:
    """``head``: what the rows are named by."""

    title: str
    head: str
    rows: list[_Row]


@dataclass(frozen=True)
class _Chart:
    title: str
    unit: str
    drawing: Drawing


def desk_shown(request: HttpRequest) -> Tenant:
    """The desk whose numbers and answers the site shows. Raises Http404 where there is none."""
    try:
        return desk_of(request.tenant)  # type: ignore[attr-defined]
    except Refused as refusal:
        raise Http404 from refusal


def asked_narrowed(request: HttpRequest) -> Narrowed:
    """By what the address of a public list narrows it down."""
    asked = request.GET
    return read_narrowed(
        asked.get("kind", ""),
        asked.get("organisation", ""),
        asked.get("month", "") or asked.get("year", ""),
        asked.get("mailbox", ""),
    )


def period_of(narrowed: Narrowed) -> str:
    """The month or year that is meant, as addresses have it; '' for all time."""
    if narrowed.month is not None:
        return f"{narrowed.month:%Y-%m}"
    return str(narrowed.year or "")


def query_of(narrowed: Narrowed) -> str:
    """What narrows a list down, as the end of an address: ``&kind=help&month=2026-03``."""
    given = {
        "kind": narrowed.kind,
        "organisation": narrowed.organisation,
        "month": period_of(narrowed),
        "mailbox": narrowed.mailbox,
    }
    return "".join(f"&{urlencode({name: value})}" for name, value in given.items() if value)


def _item(case: Case) -> dict[str, Any]:
    assert case.organisation is not None
    return {
        "title": case.published_title or case.get_kind_display(),
        "url": published_url(case),
        "kind": case.get_kind_display(),
        "organisation": case.organisation.short_name or case.organisation.full_name,
        "date": case.ended_at,
    }


def _choices(desk: Tenant, narrowed: Narrowed) -> list[dict[str, Any]]:
    """What the list can be narrowed down by: kinds, organisations and months of which something came in."""
    counted = [one for one in tallied(tally_shown(desk, Narrowed())) if one.numbers.shown]
    names = dict(Tenant.objects.filter(code__in=by(counted, "organisation")).values_list("code", "full_name"))
    months = sorted(by(counted, "month"), reverse=True)
    period = period_of(narrowed)
    years = [str(year) for year in dict.fromkeys(month.year for month in months)]
    periods = dict.fromkeys([*years, *[f"{month:%Y-%m}" for month in months], *([period] if period else [])])
    return [
        _choice(_("类别"), "kind", [(k.value, str(k.label)) for k in Kind], narrowed.kind),
        _choice(_("办理单位"), "organisation", sorted(names.items()), narrowed.organisation),
        _choice(_("来信时间"), "month", [(one, one) for one in periods], period),
    ]


def _choice(label: str, name: str, values: list[tuple[str, str]], chosen: str) -> dict[str, Any]:
    return {"label": label, "name": name, "values": [(value, text, value == chosen) for value, text in values]}


def _rows(
    numbers: Mapping[Any, Numbers], name: Callable[[Any], str], narrowed: Callable[[Any], Narrowed]
) -> list[_Row]:
    return [_Row(name(key), one, query_of(narrowed(key))) for key, one in numbers.items()]


def _month_name(month: date) -> str:
    return f"{month:%Y-%m}"


def _drawn_months(year: int, counted: Mapping[date, Numbers]) -> dict[date, Numbers]:
    """The months from the first to the last of which there is something: a narrow window begins with what there is."""
    numbers = [month.month for month in counted] or [1, 12]
    between = range(min(numbers), max(numbers) + 1)
    return {date(year, one, 1): counted.get(date(year, one, 1), Numbers()) for one in between}


def _years(desk: Tenant) -> list[int]:
    first = Case.objects.filter(desk=desk).order_by("submitted_at").values_list("submitted_at", flat=True).first()
    this = timezone.localdate().year
    return list(range(this, (timezone.localdate(first).year if first else this) - 1, -1))


def _chart(months: Mapping[date, Numbers], year: int) -> _Chart:
    labels = [_("%(month)d月") % {"month": month.month} for month in months]
    parts = [(_("收到"), "received", ""), (_("答复"), "answered", ""), (_("公开"), "shown", f"{LETTERS}?")]
    if any(one.corrected for one in months.values()):
        parts.append((_("更正"), "corrected", f"{REPORTED_ERRORS}?by=correction&"))
    series = [
        Series(name, tuple(Decimal(getattr(one, field)) for one in months.values()), _leads(months, name, field, list_))
        for name, field, list_ in parts
    ]
    title = _("%(year)d年各月来信") % {"year": year}
    said = "；".join(
        _("%(month)s收到 %(received)d 件，答复 %(answered)d 件，公开 %(published)d 件")
        % {"month": label, "received": one.received, "answered": one.answered, "published": one.shown}
        for label, one in zip(labels, months.values(), strict=True)
        if one.received
    )
    return _Chart(title, _("件"), draw("columns", _("件"), labels, series, said))


def _leads(months: Mapping[date, Numbers], name: str, field: str, list_: str) -> tuple[Lead | None, ...]:
    """Where the bars of a series lead, each with its number in words; nowhere without a list of what is counted."""
    if not list_:
        return ()
    return tuple(
        Lead(
            f"{list_}month={month:%Y-%m}",
            _("%(year)d年%(month)d月%(name)s %(count)d 件")
            % {"year": month.year, "month": month.month, "name": name, "count": getattr(one, field)},
        )
        if getattr(one, field)
        else None
        for month, one in months.items()
    )


def _ways() -> dict[str, str]:
    return {"letters_url": LETTERS, "figures_url": FIGURES}
