"""Filters for lists of pages: reposts of what was withdrawn are left out, mirrors bear the current title."""

from typing import Any, TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from content_library.models import Repost, Resource
from govplatform.tenancy.current import current_tenant_or_none

_Pages = TypeVar("_Pages", bound=QuerySet[Any])

#: SQL condition for pages whose resource was withdrawn. ``p``: the page's row; takes the parameter ``tenant``.
RECALLED = (
    "EXISTS (SELECT 1 FROM public.content_library_repost r JOIN public.content_library_resource x"
    " ON x.id = r.resource_id WHERE r.tenant_id = %(tenant)s AND r.page_id = p.id AND x.status = 'withdrawn')"
)


def without_recalled(pages: _Pages, field: str = "pk") -> _Pages:
    """Leave reposts and copies of withdrawn resources out of ``pages``.

    ``field`` names the page's id, where the rows are something else that refers to a page.
    """
    return pages.exclude(Exists(_recalled().filter(page_id=OuterRef(field))))


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
    """Return a condition on pages (or rows whose ``field`` is one): their resource was withdrawn."""
    return Q(Exists(_recalled().filter(page_id=OuterRef(field))))


def _recalled() -> QuerySet[Repost]:
    return Repost.objects.filter(tenant_id=_tenant_id(), resource__status=Resource.Status.WITHDRAWN)


def _tenant_id() -> int:
    tenant = current_tenant_or_none()
    return tenant.pk if tenant is not None else 0
