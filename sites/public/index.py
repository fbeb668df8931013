"""What leads to the pages: site map for people, sitemap.xml and robots.txt for machines, the icon."""

from functools import cache
from xml.sax.xmlreader import AttributesImpl

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from wagtail.models import Page

from content_library.distribution.listing import without_recalled
from govplatform.review.queries import site_path
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant
from sites.pages.context import base_context
from sites.pages.navigation import ColumnNode
from themes.registry import BASE_CODE, get_theme

from .access import for_citizens

_ICON_CACHE_CONTROL = "public, max-age=86400"


@for_citizens
def robots(request: HttpRequest) -> HttpResponse:
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    lines = ["User-agent: *", "Allow: /", f"Sitemap: {public_url(tenant, '/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@for_citizens
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Every public address with the day of its last change."""
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    response = HttpResponse(content_type="application/xml; charset=utf-8")
    xml = SimplerXMLGenerator(response, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", AttributesImpl({"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}))
    pages = (
        without_recalled(Page.objects.filter(live=True, depth__gt=1))
        .order_by("path")
        .only("url_path", "last_published_at", "path", "depth")
    )
    for item in pages.iterator(chunk_size=1000):
        xml.startElement("url", AttributesImpl({}))
        xml.addQuickElement("loc", public_url(tenant, site_path(item)))
        if item.last_published_at:
            xml.addQuickElement("lastmod", item.last_published_at.isoformat(timespec="seconds"))
        xml.endElement("url")
    xml.endElement("urlset")
    xml.endDocument()
    return response


@for_citizens
def site_map(request: HttpRequest) -> HttpResponse:
    home = Page.objects.filter(depth=2, live=True).first()
    if home is None:
        raise Http404
    context = base_context(home, request)

    def branch(node: ColumnNode) -> dict[str, object]:
        return {"title": node.title, "url": node.path, "children": [branch(child) for child in node.children]}

    title = _("网站地图")
    context.update(
        tree=[branch(node) for node in context["navigation"].tree()],
        page={"title": title},
        breadcrumb=[{"title": _("首页"), "url": "/"}, {"title": title, "url": ""}],
        canonical_url=public_url(request.tenant, "/sitemap/"),  # type: ignore[attr-defined]
        is_home=False,
    )
    return render(request, "columns/site_map.html", context)


@for_citizens
def icon(request: HttpRequest) -> HttpResponse:
    """The icon that browsers ask for by themselves; not linked, so that no page needs one more file."""
    response = HttpResponse(_icon_bytes(), content_type="image/x-icon")
    response.headers["Cache-Control"] = _ICON_CACHE_CONTROL
    return response


@cache
def _icon_bytes() -> bytes:
    return (get_theme(BASE_CODE).static_dir / BASE_CODE / "favicon.ico").read_bytes()
