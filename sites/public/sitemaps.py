"""The sitemap.xml of a site, made with Django's framework: all addresses, or an index of parts if they are too many."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem, sitemap
from django.core.paginator import Paginator
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from wagtail.models import Page

from content_library.distribution.listing import without_recalled
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.review.queries import site_path
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant
from govplatform.traditional.addresses import LANGUAGE, variant_of

from .access import for_citizens

PATH = "/sitemap.xml"


class PageSitemap(Sitemap[Page]):
    """Every page of ``tenant`` that citizens can open, with the time of its last change; ``limit`` pages to a part."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    def items(self) -> QuerySet[Page]:
        pages = without_recalled(Page.objects.filter(live=True, depth__gt=1))
        return pages.order_by("path").only("url_path", "last_published_at", "path", "depth")

    def location(self, item: Page) -> str:
        return site_path(item)

    def lastmod(self, item: Page) -> datetime | None:
        return item.last_published_at

    def _urls(self, page: int, protocol: str, domain: str) -> list[dict[str, Any]]:
        """Each page with the address of its traditional page, where the site shows those."""
        urls: list[dict[str, Any]] = super()._urls(page, protocol, domain)  # type: ignore[misc]
        if self.tenant.traditional:
            for url in urls:
                traditional = public_url(self.tenant, variant_of(self.location(url["item"])))
                url["alternates"] = [
                    {"location": url["location"], "lang_code": "zh-Hans"},
                    {"location": traditional, "lang_code": LANGUAGE},
                ]
        return urls

    @cached_property
    def paginator(self) -> Paginator[Page]:
        """The pages in parts; cached, so that they are counted once per request."""
        return Paginator(self.items(), self.limit)

    def get_latest_lastmod(self) -> datetime | None:
        """Return the newest change of all pages, with one query; Django's own method would read every page."""
        newest: datetime | None = self.items().aggregate(newest=Max("last_published_at"))["newest"]
        return newest

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.PUBLIC_SCHEME

    def get_domain(self, site: Any = None) -> str:
        """Return the public host with its port, whatever name and port a proxy asked for."""
        return public_url(self.tenant, "").partition("://")[2]


@for_citizens
def sitemap_xml(request: HttpRequest) -> HttpResponseBase:
    """Answer with the addresses of the site; with more than 50,000, with the index of parts or the part ``?p=``."""
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    note_read(ReadOf.BELOW)
    pages = PageSitemap(tenant)
    if "p" not in request.GET and (parts := pages.paginator.num_pages) > 1:
        newest: Any = pages.get_latest_lastmod()
        listed = [SitemapIndexItem(public_url(tenant, f"{PATH}?p={number}"), newest) for number in range(1, parts + 1)]
        return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": listed}, content_type="application/xml")
    response = sitemap(request, {"pages": pages})
    # Browsers and proxies compare the content: a page that is gone changes no date.
    del response.headers["Last-Modified"]
    return response
