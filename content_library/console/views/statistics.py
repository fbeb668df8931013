"""Statistics of the library in the supervisor's console, each number leading to the list behind it."""

from types import MappingProxyType
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from govplatform.accounts.screens.screen import opens_like
from govplatform.downloads import as_download
from govplatform.rule_packs.packs import site_rule_pack

from ...models import Resource
from ..charts import column_chart
from ..counting import latest_with, most_reposted, quiet_sites, read_figures
from ..forms import PeriodForm
from ..tables import LISTS, class_rows, level_rows, month_rows, site_rows, written_csv
from .frame import OversightScreen

#: Number of sites that the screen lists; the CSV file has all of them.
_MOST_SITES = 30
_MOST_QUIET = 50
_NAMES = MappingProxyType(
    {
        "site": _("各站点资源数"),
        "class": _("各主题分类资源数"),
        "month": _("各月资源数"),
        "level": _("各层级资源数"),
        "reposted": _("转载最多的资源"),
        "quiet": _("长期未发布的站点"),
    }
)


def _asked(request: HttpRequest) -> tuple[PeriodForm, int | None, int]:
    """Return the form, the months asked for (None: all time) and the days after which a site is quiet."""
    # The screen is about all sites: the rule pack of the open console says after how many days a site is quiet.
    quiet = site_rule_pack().limit("home_stale").days
    form = PeriodForm({"months": "12", "days": quiet, **request.GET.dict()})
    given = form.cleaned_data if form.is_valid() else {}
    months = given.get("months", "12")
    return form, int(months) if months else None, given.get("days") or quiet


class StatisticsView(OversightScreen):
    template_name = "library_console/statistics.html"
    page_title = _("资源库统计")
    header_icon = "table"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, months, days = _asked(self.request)
        figures = read_figures(months)
        sites, by_month, quiet = site_rows(figures), month_rows(figures, months), quiet_sites(days)
        return super().get_context_data(
            form=form,
            days=days,
            query=self.request.GET.urlencode(),
            at=figures.at,
            totals={
                "public": figures.total("public"),
                "corrected": figures.total("corrected"),
                "withdrawn": figures.total("withdrawn"),
                "sites": sum(1 for row in sites if row.figure.public and row.url),
            },
            by_month=by_month,
            chart=column_chart([(row.label, row.figure.public) for row in by_month]),
            by_site=sites[:_MOST_SITES],
            all_sites=len(sites),
            by_class=class_rows(figures),
            by_level=level_rows(figures),
            reposted=most_reposted(),
            withdrawn=latest_with(Resource.Status.WITHDRAWN),
            corrected=latest_with(Resource.Status.CORRECTED),
            quiet=quiet[:_MOST_QUIET],
            all_quiet=len(quiet),
            **kwargs,
        )


@opens_like(StatisticsView)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Return one list whole as CSV; ``?of=`` names which of ``LISTS``."""
    of = request.GET.get("of", "")
    if of not in LISTS:
        raise Http404
    _form, months, days = _asked(request)
    written = written_csv(of, read_figures(months), months=months, days=days)
    return as_download(HttpResponse(written, content_type="text/csv; charset=utf-8"), f"{_NAMES[of]}.csv")
