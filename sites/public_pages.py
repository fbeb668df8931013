"""Pages as citizens get them: found by address in one statement, rendered from the theme."""

from xml.sax.xmlreader import AttributesImpl

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.utils.xmlutils import SimplerXMLGenerator
from wagtail.models import Page

from govplatform.review.queries import site_path
from govplatform.tenancy.current import current_tenant_or_none
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from .navigation import ColumnNode, load_navigation
from .page_context import base_context

#: How long a citizen's browser may keep a page.
_CACHE_CONTROL = "public, max-age=60"
_HOME_SLUG = "home"


def page(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer ``path``; a live page by its address, else by Wagtail's routing (feeds), else 404."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    if tenant.status in (Tenant.Status.OFFLINE, Tenant.Status.PREPARING):
        return render(request, "errors/503.html", {"tenant": tenant, "notice": ""}, status=503)
    url_path = f"/{_HOME_SLUG}/{path}"
    found = Page.objects.filter(url_path=url_path, live=True).first()
    response = found.specific.serve(request) if found is not None else _route(request, path)
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.render()
    response.headers.setdefault("Cache-Control", _CACHE_CONTROL)
    return response


def _route(request: HttpRequest, path: str) -> HttpResponse:
    # Only a column answers below its own address (its feed): the last part of the path.
    head, _slash, tail = path.rstrip("/").rpartition("/")
    column = Page.objects.filter(url_path=f"/{_HOME_SLUG}/{head}/", live=True).first() if head else None
    if column is None:
        raise Http404
    specific = column.specific
    result = specific.route(request, [tail])
    response: HttpResponse = result.page.serve(request, *result.args, **result.kwargs)
    return response


def robots(request: HttpRequest) -> HttpResponse:
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    lines = ["User-agent: *", "Allow: /", f"Sitemap: {public_url(tenant, '/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Every public address with the day of its last change."""
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    response = HttpResponse(content_type="application/xml; charset=utf-8")
    xml = SimplerXMLGenerator(response, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", AttributesImpl({"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}))
    pages = (
        Page.objects.filter(live=True, depth__gt=1)
        .order_by("path")
        .only("url_path", "last_published_at", "path", "depth")
    )
    for item in pages.iterator(chunk_size=1000):
        xml.startElement("url", AttributesImpl({}))
        xml.addQuickElement("loc", public_url(tenant, site_path(item)))
        if item.last_published_at:
            xml.addQuickElement("lastmod", item.last_published_at.date().isoformat())
        xml.endElement("url")
    xml.endElement("urlset")
    xml.endDocument()
    return response


def site_map(request: HttpRequest) -> HttpResponse:
    home = Page.objects.filter(depth=2, live=True).first()
    if home is None:
        raise Http404
    context = base_context(home, request)

    def branch(node: ColumnNode) -> dict[str, object]:
        return {"title": node.title, "url": node.path, "children": [branch(child) for child in node.children]}

    context.update(
        tree=[branch(node) for node in load_navigation(home).tree()],
        page={"title": "网站地图"},
        breadcrumb=[{"title": "首页", "url": "/"}, {"title": "网站地图", "url": ""}],
        canonical_url=public_url(request.tenant, "/sitemap/"),  # type: ignore[attr-defined]
    )
    return render(request, "columns/site_map.html", context)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The friendly 404, in the site's own look."""
    return render(request, "errors/404.html", _error_context(request), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", {"tenant": getattr(request, "tenant", None)}, status=500)


def _error_context(request: HttpRequest) -> dict[str, object]:
    tenant = getattr(request, "tenant", None)
    home = Page.objects.filter(depth=2, live=True).first() if current_tenant_or_none() else None
    if home is None:
        return {"tenant": tenant}
    context = base_context(home, request)
    context.update(canonical_url="", breadcrumb=[], meta_tags=[])
    return context
