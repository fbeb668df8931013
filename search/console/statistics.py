"""搜索统计: what citizens ask for on this site, for its administrators."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from content_library.console.charts import column_chart, share_of
from content_library.console.tables import plain_cell
from govplatform.accounts.roles import SITE_ADMIN
from govplatform.accounts.screens.screen import Screen, opens_like
from govplatform.downloads import as_download
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from ..results_page.asked import PATH
from ..statistics.queries import USUAL, Figures, TermFigure, read_statistics

#: Periods that may be chosen, in days.
PERIODS = (7, 30, 90, 365)


def _days(request: HttpRequest) -> int:
    given = request.GET.get("days", "")
    return int(given) if given in map(str, PERIODS) else USUAL


class SearchStatisticsView(Screen):
    template_name = "search_console/statistics.html"
    page_title = _("搜索统计")
    header_icon = "search"
    roles = frozenset({SITE_ADMIN.code})

    def may_open(self) -> bool:
        """Whether this is a site that citizens search, and the reader its administrator."""
        return not self.tenant.is_console and super().may_open()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        days = _days(self.request)
        figures = read_statistics(self.tenant, days)
        return super().get_context_data(
            days=days,
            periods=PERIODS,
            kept=settings.SEARCH_STATISTICS,
            figures=figures,
            chart=column_chart([(_t("%(day)s日") % {"day": one.day.day}, one.asked) for one in figures.days]),
            by_day=[one for one in reversed(figures.days) if one.asked],
            terms=_rows(self.tenant, figures.terms),
            without=_rows(self.tenant, figures.without),
            **kwargs,
        )


def _rows(tenant: Tenant, terms: tuple[TermFigure, ...]) -> list[dict[str, Any]]:
    most = max((one.asked for one in terms), default=0)
    return [
        {
            "figure": one,
            "share": share_of(one.asked, most),
            "url": public_url(tenant, f"{PATH}?{urlencode({'q': one.term})}"),
        }
        for one in terms
    ]


@opens_like(SearchStatisticsView)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Return the terms of the period as CSV, for a spreadsheet."""
    figures = read_statistics(request.tenant, _days(request))  # type: ignore[attr-defined]
    name = _t("搜索统计.csv")
    return as_download(HttpResponse(_written(figures), content_type="text/csv; charset=utf-8"), name)


def _written(figures: Figures) -> str:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow([_t("搜索词"), _t("来源数"), _t("其中无结果")])
    for one in figures.terms:
        rows.writerow([plain_cell(one.term), one.asked, one.without])
    # The mark by which spreadsheets recognise UTF-8.
    return f"\ufeff{out.getvalue()}"
