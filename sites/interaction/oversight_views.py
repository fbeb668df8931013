"""各站办理情况: one row for each site that takes in or answers, for supervisors; each number leads to its cases."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import SUPERVISOR
from govplatform.accounts.screens.screen import Screen
from govplatform.cases.site_numbers import (
    SiteRow,
    read_year,
    site_numbers,
    sites_table,
    years_with_cases,
)
from govplatform.downloads import as_download
from govplatform.spreadsheets.writing import CONTENT_TYPES

#: The numbers of a row in their order: (name of the number, range of the list that shows what it counts).
_LISTS = (
    ("received", "all"),
    ("open", "open"),
    ("late", "overdue"),
    ("accepted_late", "accepted_late"),
    ("answered", "answered"),
)


@dataclass(frozen=True)
class _Line:
    """A row with the addresses of its lists. ``name``: of the site."""

    name: str
    code: str
    row: SiteRow
    received: str
    open: str
    late: str
    accepted_late: str
    answered: str
    judged: str


class CaseSitesView(Screen):
    """What each desk and each organisation received, has open, is late with, and has answered; by year."""

    roles = frozenset({SUPERVISOR.code})
    header_icon = "table"
    page_title = _("各站办理情况")
    template_name = "interaction_console/case_sites.html"

    def find(self, **_named: Any) -> HttpResponseBase | None:
        if not self.tenant.is_console:
            raise Http404
        return None

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("cases"), _t("来信办理"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = request.GET.get("export", "")
        if kind not in CONTENT_TYPES:
            return super().get(request, *args, **kwargs)
        table = sites_table(site_numbers(self._year()), kind)
        return as_download(HttpResponse(table, content_type=CONTENT_TYPES[kind]), f"case-sites.{kind}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = self._year()
        found = site_numbers(year)
        answering = self.page_of(found.organisations)
        return super().get_context_data(
            year=year,
            years=years_with_cases(),
            total=_line(found.total, "desk", year),
            desks=[_line(row, "desk", year) for row in found.desks],
            organisations=[_line(row, "organisation", year) for row in answering],
            page=answering,
            query=self.other_filters(),
            **kwargs,
        )

    def _year(self) -> int | None:
        return read_year(self.asked("year")["year"])


def _line(row: SiteRow, column: str, year: int | None) -> _Line:
    code = row.site.code if row.site is not None else ""
    narrowed = {key: value for key, value in ((column, code), ("year", year)) if value}
    lists = {
        name: f"{reverse('cases')}?{urlencode({'show': show, **narrowed})}"
        for name, show in (*_LISTS, ("judged", "judged"))
    }
    name = (row.site.short_name or row.site.full_name) if row.site is not None else _t("合计")
    return _Line(name, code, row, **lists)
