"""依申请公开统计: the statutory table of a year, as it stands now."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import CLERK, EDITOR
from govplatform.accounts.screens.screen import Screen
from govplatform.cases.disclosure.statistics import years_of
from govplatform.downloads import as_download
from govplatform.spreadsheets.writing import CONTENT_TYPES

from .requests_table import requests_file, requests_table


class RequestStatisticsView(Screen):
    """Numbers alone: nobody is named in them."""

    roles = frozenset({CLERK.code, EDITOR.code})
    template_name = "disclosure_console/request_statistics.html"
    page_title = _("依申请公开统计")
    header_icon = "table"

    def find(self, **_named: Any) -> HttpResponseBase | None:
        if self.tenant.is_console:
            raise Http404
        return None

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("cases"), _t("来信办理"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = request.GET.get("export", "")
        if kind not in CONTENT_TYPES:
            return super().get(request, *args, **kwargs)
        year = self._year()
        table = HttpResponse(requests_file(self.tenant, year, kind), content_type=CONTENT_TYPES[kind])
        return as_download(table, f"requests-{year}.{kind}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = self._year()
        return super().get_context_data(
            table=requests_table(self.tenant, year), year=year, years=years_of(self.tenant), **kwargs
        )

    def _year(self) -> int:
        """The year that was asked for, this one where it is none of those that there are."""
        years = years_of(self.tenant)
        asked = self.request.GET.get("year", "")
        return next((year for year in years if str(year) == asked), years[0])
