"""Atom feeds of the library: of everything, a class, a kind, a site."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.translation import gettext as _

from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from ..models import Resource
from ..resources.queries import ListFilter
from ..vocabularies.queries import term_label
from .errors import not_found
from .queries import PublicFilter, list_public

FEED_ITEMS = 50
# Characters that XML 1.0 cannot hold and that pasted text sometimes contains.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class LibraryFeed(Atom1Feed):
    """An Atom feed with the time of the newest change, the publisher, and the source of each entry."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=_NEVER)

    def add_item_elements(self, handler: Any, item: Any) -> None:
        super().add_item_elements(handler, item)
        for term, label in item["classes"]:
            handler.addQuickElement("category", "", {"term": term, "label": label})
        source = item["source"]
        handler.startElement("source", {})
        handler.addQuickElement("id", source["id"])
        handler.addQuickElement("title", source["title"])
        handler.addQuickElement("updated", rfc3339_date(item["updateddate"]))
        if source["link"]:
            handler.addQuickElement("link", "", {"rel": "alternate", "href": source["link"]})
        handler.endElement("source")


def feed_view(request: HttpRequest, values: dict[str, Any], scope: str, value: str = "") -> HttpResponse:
    """Answer with the Atom feed of a ``scope``: all, class, kind or site, the latter three named by ``value``.

    Raises ApiError (404) for an unknown class, kind or site.
    """
    wanted, title = _wanted(scope, value)
    resources, _next = list_public(PublicFilter(wanted), size=FEED_ITEMS)
    prefetch_related_objects(resources, "tenant__domains")
    tenant = current_tenant()
    feed = LibraryFeed(
        title=_clean(title),
        link=public_url(tenant, "/"),
        description="",
        language="zh-cn",
        author_name=_clean(settings.WAGTAIL_SITE_NAME),
        feed_url=public_url(tenant, request.path),
        feed_guid=_stable_id(f"feeds/{scope}/{value}"),
    )
    for resource in resources:
        feed.add_item(
            title=_clean(resource.title),
            link=resource.url,
            description=_clean(str(resource.current.metadata.get("summary", "")) or resource.title),
            unique_id=f"urn:uuid:{resource.uuid}",
            author_name=_clean(resource.get_organisation_display() or settings.WAGTAIL_SITE_NAME),
            pubdate=resource.published_at,
            updateddate=max(resource.updated_at, resource.published_at),
            classes=[(code, _clean(label)) for code, label in _classes(resource) if code],
            source=_source(resource),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _wanted(scope: str, value: str) -> tuple[ListFilter, str]:
    """Return what to list and the feed's title. Raises ApiError (404) for an unknown class, kind or site."""
    if scope == "all":
        return ListFilter(), _("信息资源库：全部")
    if scope == "kind" and value in Resource.Kind.values:
        return ListFilter(kind=value), _("信息资源库：%(name)s") % {"name": Resource.Kind(value).label}
    if scope == "class" and (label := term_label("subject", value)) and label != value:
        return ListFilter(subject_class=value), _("信息资源库：%(name)s") % {"name": label}
    if scope == "site":
        open_sites = Tenant.objects.exclude(status=Tenant.Status.PREPARING).exclude(kind=Tenant.Kind.CONSOLE)
        if (site := open_sites.filter(code=value).first()) is not None:
            return ListFilter(site=site), _("信息资源库：%(name)s") % {"name": site.full_name}
    raise not_found()


def _classes(resource: Resource) -> list[tuple[str, str]]:
    """Return (code, words) of kind and class: programs sort by the one, readers see the other."""
    return [
        (resource.kind, str(resource.get_kind_display())),
        (resource.subject_class, resource.get_subject_class_display()),
    ]


def _source(resource: Resource) -> dict[str, str]:
    site = resource.tenant
    return {
        "id": _stable_id(f"sites/{site.code if site else ''}"),
        "title": _clean(site.full_name if site else resource.get_organisation_display()),
        "link": public_url(site, "/") if site else "",
    }


def _stable_id(what: str) -> str:
    # The id is the same on every host of this platform, and differs from platform to platform.
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'https://{settings.CONSOLE_PARENT_DOMAIN}/library/{what}')}"


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
