"""Compares the library with what it was made of: the live pages of the sites, and its own digests."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.addresses.resolving import resolve_url
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..models import Resource, ResourceVersion
from .entering import prepare
from .library_page import as_library_page
from .records import version_digest
from .showing import may_be_shown

#: So many at a time: each comes with its text.
_EACH = 50
_LINK = re.compile(r"""(?P<before>\shref=")(?P<address>https?://[^"]*)\"""")


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
    if record is None or not _is_version_of(prepare(record).digest, resource.current):
        yield _("内容与来源页面不同")
    elif resource.url != record.url:
        yield _("网址与来源页面不同")
    elif resource.number != page.specific.index_number:
        yield _("索引号与来源页面不同")


def _is_version_of(digest: str, version: ResourceVersion) -> bool:
    """Whether ``digest`` is that of ``version``, or would be if it named pages by their present addresses.

    A version says where the page and those that it links were when it was entered; a column may have moved since.
    """
    if digest == version.digest:
        return True
    metadata = dict(version.metadata)
    if metadata.get("url"):
        metadata["url"] = _present_address(str(metadata["url"]))
    return digest == _digest_now(version, metadata=metadata, html=_with_present_addresses(version.html))


def _with_present_addresses(html: str) -> str:
    def present(match: re.Match[str]) -> str:
        return f'{match["before"]}{escape(_present_address(unescape(match["address"])))}"'

    return _LINK.sub(present, html)


def _present_address(address: str) -> str:
    """Where the ledger says that ``address`` is now; the same when it has not moved."""
    answer = resolve_url(address)
    return urljoin(address, answer.location) if answer.status == 301 else address


def _digest_now(version: ResourceVersion, *, metadata: dict[str, Any] | None = None, html: str | None = None) -> str:
    files = version.files.order_by("position").values_list("kind", "blob_id", "name", "title", "map_number")
    return version_digest(
        version.metadata if metadata is None else metadata,
        version.html if html is None else html,
        version.text,
        [list(row) for row in files],
    )
