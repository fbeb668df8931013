"""Filters for lists of pages: reposts of what was withdrawn are left out, mirrors bear the current title."""

from typing import Any, TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from content_library.models import Repost, Resource
from content_library.resources.showing import may_be_shown, shown_sql
from govplatform.tenancy.current import current_tenant_or_none

_Pages = TypeVar("_Pages", bound=QuerySet[Any])

#: For statements written out: pages whose source may not be shown (any more). ``p``: the page; takes the parameter
#: ``tenant``. A repost is asked for what it shows, a copy besides for what its own words came from: words that were
#: copied once more have no record of a repost, and their origin all the same.
RECALLED = (
    "(EXISTS (SELECT 1 FROM public.content_library_repost r JOIN public.content_library_resource x"
    f" ON x.id = r.resource_id WHERE r.tenant_id = %(tenant)s AND r.page_id = p.id AND NOT {shown_sql('x')})"
    " OR EXISTS (SELECT 1 FROM public.content_library_resource y WHERE y.tenant_id = %(tenant)s AND y.page_id = p.id"
    f" AND y.origin IS NOT NULL AND NOT {shown_sql('y')}))"
)


def without_recalled(pages: _Pages, field: str = "pk") -> _Pages:
    """``pages`` (or rows whose ``field`` is a page) without reposts and copies of what the source took back."""
    return pages.exclude(recalled_pages(field))


def listed(pages: _Pages) -> _Pages:
    """Apply ``without_recalled`` and annotate each page with ``listed_title``.

    That is the source's current title for a mirror that shows the newest version, else None.
    """
    title = Repost.objects.filter(
        tenant_id=_tenant_id(),
        page_id=OuterRef("pk"),
        mode=Repost.Mode.MIRROR,
        state=Repost.State.LIVE,
        version=F("resource__current__number"),
    ).values("resource__title")[:1]
    return without_recalled(pages).annotate(listed_title=Subquery(title))


def shows_kind(kind: str) -> Q:
    """Return a condition on pages of this site: they are reposts of a resource of ``kind``."""
    shown = Repost.objects.filter(tenant_id=_tenant_id(), page_id=OuterRef("pk"), resource__kind=kind)
    return Q(Exists(shown))


def title_of(page: Any) -> str:
    """Return the title of a page from ``listed``: that of its source, if any, else its own."""
    return str(getattr(page, "listed_title", None) or page.title)


def recalled_pages(field: str = "pk") -> Q:
    """Condition on pages (or rows whose ``field`` is one): ``RECALLED``, for the ORM."""
    reposts = Repost.objects.filter(~may_be_shown("resource__"), tenant_id=_tenant_id(), page_id=OuterRef(field))
    copies = Resource.objects.filter(
        ~may_be_shown(), tenant_id=_tenant_id(), page_id=OuterRef(field), origin__isnull=False
    )
    return Q(Exists(reposts)) | Q(Exists(copies))


def _tenant_id() -> int:
    tenant = current_tenant_or_none()
    return tenant.pk if tenant is not None else 0
