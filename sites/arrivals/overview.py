"""The screens of arrivals in the console tenant: those of all sites, and the report of each."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django_tenants.utils import tenant_context

from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.lifecycle.views import FleetScreen
from govplatform.tenancy.hosts import console_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import public_sites

from .models import Arrival, OldAddress
from .over_sites import IN_FORCE, WAITS, ArrivalsOfSites, Wanted
from .views import news_of, report_context, report_file

_DECISIONS = ((WAITS, _l("待批准")), (IN_FORCE, _l("有效")))


class OverviewScreen(FleetScreen):
    """A screen of the arrivals of all sites; it only tells: each site's own people prepare and decide."""

    header_icon = "download"
    roles = frozenset({OPERATOR.code, SUPERVISOR.code})

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("arrivals_of_sites"), _("外来网站接收"))]


class ArrivalsOfSitesView(OverviewScreen):
    """The arrivals of all sites, the newest first; ``site``, ``state``, ``decision`` and ``q`` narrow them down."""

    template_name = "arrivals/of_sites.html"
    page_title = _l("外来网站接收")

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked("site", "state", "decision", "q")
        sites = list(public_sites().filter(dropped_at=None).prefetch_related("domains"))
        chosen = [tenant for tenant in sites if asked["site"] in ("", tenant.code)]
        found = ArrivalsOfSites(chosen, Wanted(asked["q"], asked["state"], asked["decision"]))
        page = self.page_of(found)
        return super().get_context_data(
            page=page,
            arrivals=list(page),
            sites=sites,
            states=Arrival.State.choices,
            decisions=_DECISIONS,
            waits=WAITS,
            asked=asked,
            query=self.other_filters(),
            **kwargs,
        )


class _OneOfSitesScreen(OverviewScreen):
    """A screen on an arrival of the site that the address names."""

    site: Tenant
    arrival: Arrival

    def find(self, **named: Any) -> HttpResponseBase | None:
        self.site = get_object_or_404(public_sites().filter(dropped_at=None), code=named["code"])
        with tenant_context(self.site):
            rows = Arrival.objects.select_related("started_by", "uploaded_by", "column")
            self.arrival = get_object_or_404(rows, pk=named["arrival_id"])
        return None


class ArrivalOfSiteView(_OneOfSitesScreen):
    """One arrival of a site, its report and the decisions on it; asked for as JSON, its progress alone."""

    template_name = "arrivals/of_site.html"

    def get_page_title(self) -> str:
        return _("%(site)s接收 %(host)s") % {"site": self.site, "host": self.arrival.host}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("accept", "").startswith("application/json"):
            return JsonResponse(news_of(self.arrival))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        with tenant_context(self.site):
            report = report_context(self, self.arrival)
        return super().get_context_data(
            **report,
            site=self.site,
            news=news_of(self.arrival),
            at_the_site=console_url(self.site, reverse("arrival", args=[self.arrival.pk])),
            report_url=reverse("arrival_of_site_report", args=[self.site.code, self.arrival.pk]),
            **kwargs,
        )


class ReportOfSiteView(_OneOfSitesScreen):
    """The report as a CSV file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with tenant_context(self.site):
            if self.arrival.surveyed_at is None and not OldAddress.objects.filter(arrival=self.arrival).exists():
                raise Http404
            return report_file(self.arrival)
