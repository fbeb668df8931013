"""Everything that was done to one document, whoever did it and whether it still exists; and finding documents by name.

The audit record is what is told: it outlives the page. What stands today (state, reposts, addresses) is read beside it.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page, get_page_models

from content_library.models import Repost, Resource
from content_library.resources.queries import ListFilter, list_resources, used_by
from govplatform.addresses.known import Kind
from govplatform.addresses.models import Address
from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.confidentiality.models import Finding, Scan
from govplatform.review.gate.requirements import structural_types
from govplatform.review.gate.status import LABELS, LIVE, state_words
from govplatform.tenancy.models import Tenant
from govplatform.ways_of_writing import named_in

#: So many documents are shown for one search; who looks for another one writes more.
FOUND = 30


@dataclass(frozen=True)
class Document:
    """One document. ``page`` None: it was deleted. ``title``: the one of today, else that of its last act.

    ``state``: where the page is, in words; '' without one.
    """

    tenant: Tenant
    page_id: int
    title: str
    page: Page | None = None
    resource: Resource | None = None
    column: str = ""
    state: str = ""
    reposts: tuple[Repost, ...] = ()
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True)
class Found:
    """One document in a list. ``state``: where it is, in words."""

    tenant: Tenant
    page_id: int
    title: str
    state: str
    at: datetime | None = None
    number: str = field(default="")


def document(tenant: Tenant, page_id: int, *, drafts: bool) -> Document | None:
    """Return the document with what stands of it today; None when nothing was ever recorded of such a page.

    ``drafts``: whether the reader may see what is not public; without it the title is the one that the record has.
    """
    page, column, state = None, None, ""
    if tenant.dropped_at is None:
        with tenant_context(tenant):
            page = Page.objects.filter(pk=page_id, depth__gt=2).first()
            if page is not None and page.content_type_id in structural_types():
                return None
            parent = page.get_parent() if page is not None else None
            column = parent.title if parent is not None else ""
            state = _state(page, drafts=drafts) if page is not None else ""
    shown = page is not None and (page.live or drafts)
    # What a page that is not shown was called stands in the record, which is asked for it alone.
    last = None if shown else acts_on(tenant, page_id).exclude(object_title="").first()
    if page is None and last is None:
        return None
    resource = Resource.objects.filter(tenant=tenant, page_id=page_id).select_related("current", "tenant").first()
    named = Q(tenant=tenant, kind=Kind.PAGE, object_id=page_id) | Q(
        to_tenant=tenant, to_kind=Kind.PAGE, to_object=page_id
    )
    return Document(
        tenant,
        page_id,
        page.title if page is not None and shown else last.object_title if last is not None else "",
        page if shown else None,
        resource,
        column or "",
        state,
        tuple(used_by(resource)) if resource is not None else (),
        tuple(Address.objects.filter(named).select_related("tenant", "to_tenant").order_by("-since", "path")[:100]),
    )


def acts_on(tenant: Tenant, page_id: int) -> QuerySet[Entry]:
    """Return the entries about a page, its scans and findings, and its resource in the library, newest first."""
    kinds = ["wagtailcore.page", *(model._meta.label_lower for model in get_page_models())]
    about = Q(object_type__in=kinds, object_id=str(page_id))
    if tenant.dropped_at is None:
        with tenant_context(tenant):
            scans = [str(pk) for pk in Scan.objects.filter(page_id=page_id).values_list("pk", flat=True)]
            findings = [str(pk) for pk in Finding.objects.filter(scan__page_id=page_id).values_list("pk", flat=True)]
        about |= Q(object_type="confidentiality.scan", object_id__in=scans)
        about |= Q(object_type="confidentiality.finding", object_id__in=findings)
    chains = Q(chain=tenant.schema_name) & about
    if resource := Resource.objects.filter(tenant=tenant, page_id=page_id).values_list("pk", flat=True).first():
        of_library = Q(object_type="content_library.resource", object_id=str(resource))
        chains |= Q(chain__in=(tenant.schema_name, PLATFORM_CHAIN)) & of_library
    return Entry.objects.filter(chains).order_by("-at", "-pk")


def find_documents(text: str, tenant: Tenant, *, drafts: bool) -> list[Found]:
    """Return documents of a site by a part of their title, or by document or index number; deleted ones as well."""
    if not text.strip():
        return []
    found: dict[int, Found] = {}
    if tenant.dropped_at is None:
        listed = list_resources(ListFilter(site=tenant, query=text, withdrawn=drafts), size=FOUND).resources
        numbers = {resource.page_id: resource.number for resource in listed if resource.page_id is not None}
        with tenant_context(tenant):
            pages = Page.objects.filter(depth__gt=2).exclude(content_type_id__in=structural_types())
            if not drafts:
                pages = pages.filter(live=True)
            named = pages.filter(named_in(text, "title") | Q(pk__in=numbers))
            for page in named.order_by("-latest_revision_created_at")[:FOUND]:
                state, at = _state(page, drafts=drafts), page.latest_revision_created_at
                found[page.pk] = Found(tenant, page.pk, page.title, state, at, numbers.get(page.pk, ""))
    deleted = Entry.objects.filter(chain=tenant.schema_name, act="console.delete").filter(
        named_in(text, "object_title")
    )
    for entry in deleted.order_by("-at")[:FOUND]:
        if entry.object_id.isdecimal() and int(entry.object_id) not in found:
            found[int(entry.object_id)] = Found(tenant, int(entry.object_id), entry.object_title, _("已删除"), entry.at)
    return list(found.values())[:FOUND]


def _state(page: Page, *, drafts: bool) -> str:
    """Where the page is, in words; whoever reads no drafts is not told what becomes of a newer version."""
    return str(LABELS[LIVE]) if page.live and not drafts else state_words(page.specific)
