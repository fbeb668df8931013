"""The views beside the pages: site map for people, how to report errors, robots.txt for machines, the icon."""

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.public_headers import CACHE_CONTROL_OF
from govplatform.traditional.addresses import variant_of
from search.results_page.asked import PATH as SEARCH_PATH
from sites.pages.context import PATH_ERROR_REPORT, base_context
from sites.pages.navigation import ColumnNode
from themes.registry import BASE_CODE, get_theme

from . import sitemaps
from .access import for_citizens


@for_citizens
def robots(request: HttpRequest) -> HttpResponse:
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    # Results are made anew for each question; what they lead to stands in the sitemap.
    lines = [
        "User-agent: *",
        "Allow: /",
        f"Disallow: {SEARCH_PATH}",
        *([f"Disallow: {variant_of(SEARCH_PATH)}"] if tenant.traditional else []),
        f"Sitemap: {public_url(tenant, sitemaps.PATH)}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@for_citizens
def site_map(request: HttpRequest) -> HttpResponse:
    context = _frame_context(request, _("网站地图"), "/sitemap/")

    def branch(node: ColumnNode) -> dict[str, object]:
        return {"title": node.title, "url": node.path, "children": [branch(child) for child in node.children]}

    context["tree"] = [branch(node) for node in context["navigation"].tree()]
    return render(request, "columns/site_map.html", context)


@for_citizens
def error_report(request: HttpRequest) -> HttpResponse:
    """Say how an error of the site is reported (我要纠错)."""
    return render(request, "columns/error_report.html", _frame_context(request, _("我要纠错"), PATH_ERROR_REPORT))


def _frame_context(request: HttpRequest, title: str, path: str) -> dict[str, Any]:
    """Return the variables of a page that is no page of the tree. Raises Http404 where the site has no home page."""
    home = Page.objects.filter(depth=2, live=True).first()
    if home is None:
        raise Http404
    return {
        **base_context(home, request),
        "page": {"title": title},
        "breadcrumb": [{"title": _("首页"), "url": "/"}, {"title": title, "url": ""}],
        "canonical_url": public_url(request.tenant, path),  # type: ignore[attr-defined]
        "is_home": False,
    }


@for_citizens
def icon(request: HttpRequest) -> HttpResponse:
    """Send the icon that browsers ask for by themselves; pages do not link it, which would cost one more file each."""
    response = HttpResponse(_icon_bytes(), content_type="image/x-icon")
    response.headers["Cache-Control"] = CACHE_CONTROL_OF["/favicon.ico"]
    return response


@cache
def _icon_bytes() -> bytes:
    return (get_theme(BASE_CODE).static_dir / BASE_CODE / "favicon.ico").read_bytes()
