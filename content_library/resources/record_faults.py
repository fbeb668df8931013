"""Compares the library with what it was made of: the live pages of the sites, and its own digests."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..models import Resource, ResourceVersion
from .entering import prepare
from .library_page import as_library_page
from .records import version_digest
from .showing import may_be_shown

#: So many at a time: each comes with its text.
_EACH = 50


def find_record_faults(tenant: Tenant | None) -> tuple[int, list[dict[str, Any]]]:
    """Return (number of resources checked, a fault for each that is not what it was made of).

    ``tenant``: the site whose resources are looked at, and which the connection stands in; None for those from other
    platforms, of which only the digest can be asked. What may not be shown is left out. A fault:
    ``{"uuid", "title", "problem"}``.
    """
    checked, faults = 0, []
    for resource in _shown(tenant):
        checked += 1
        if problem := next(_problems(resource), None):
            faults.append({"uuid": str(resource.uuid), "title": resource.title, "problem": problem})
    return checked, faults


def _shown(tenant: Tenant | None) -> Iterator[Resource]:
    found: QuerySet[Resource] = Resource.objects.filter(may_be_shown(), tenant=tenant)
    return found.select_related("current").order_by("pk").iterator(chunk_size=_EACH)


def _problems(resource: Resource) -> Iterator[str]:
    """Say what is wrong, the plainest first."""
    version = resource.current
    if version.resource_id != resource.pk:
        yield _("当前版本属于另一条资源")
    if _digest_now(version) != version.digest:
        yield _("版本的内容与它的摘要不符")
    if resource.title != version.title or version.title != str(version.metadata.get("title", ""))[:255]:
        yield _("标题与版本不符")
    if resource.tenant_id is not None:
        yield from _problems_beside_page(resource)


def _problems_beside_page(resource: Resource) -> Iterator[str]:
    page = Page.objects.filter(pk=resource.page_id, live=True).first()
    if page is None:
        yield _("来源页面没有公开")
        return
    try:
        record = as_library_page(page.specific).library_record()
    except Refused as refusal:
        yield _("来源页面不能核对：%(reason)s") % {"reason": "；".join(refusal.reasons)}
        return
    if record is None or prepare(record).digest != resource.current.digest:
        yield _("内容与来源页面不同")
    elif resource.url != record.url:
        yield _("网址与来源页面不同")
    elif resource.number != page.specific.index_number:
        yield _("索引号与来源页面不同")


def _digest_now(version: ResourceVersion) -> str:
    files = version.files.order_by("position").values_list("kind", "blob_id", "name", "title", "map_number")
    return version_digest(version.metadata, version.html, version.text, [list(row) for row in files])
