"""Filters for lists of pages: reposts of what was withdrawn are left out, mirrors bear the current title."""

from typing import Any, TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from content_library.models import Repost, Resource
from content_library.resources.showing import may_be_shown, shown_sql

from .place import Place, place_of_rows

_Pages = TypeVar("_Pages", bound=QuerySet[Any])

#: For statements written out: pages whose source may not be shown (any more). ``p``: the page; takes the parameters of
#: ``recalled_values``. A repost is asked for what it shows, a copy besides for what its own words came from: words that
#: were copied once more have no record of a repost, and their origin all the same.
RECALLED = (
    "(EXISTS (SELECT 1 FROM public.content_library_repost r JOIN public.content_library_resource x"
    " ON x.id = r.resource_id WHERE r.tenant_id = %(tenant)s AND r.page_id = p.id + %(offset)s"
    f" AND NOT {shown_sql('x')})"
    " OR EXISTS (SELECT 1 FROM public.content_library_resource y WHERE y.tenant_id = %(tenant)s"
    f" AND y.page_id = p.id + %(offset)s AND y.origin IS NOT NULL AND NOT {shown_sql('y')}))"
)


def recalled_values() -> dict[str, int]:
    """The parameters of ``RECALLED``, for the current site."""
    place = place_of_rows()
    return {"tenant": place.tenant_id, "offset": place.offset}


def without_recalled(pages: _Pages, field: str = "pk") -> _Pages:
    """``pages`` (or rows whose ``field`` is a page) without reposts and copies of what the source took back."""
    return pages.exclude(recalled_pages(field))


def listed(pages: _Pages) -> _Pages:
    """Apply ``without_recalled`` and annotate each page with ``listed_title``.

    That is the source's current title for a mirror that shows the newest version, else None.
    """
    place = place_of_rows()
    title = Repost.objects.filter(
        tenant_id=place.tenant_id,
        page_id=_number_there("pk", place),
        mode=Repost.Mode.MIRROR,
        state=Repost.State.LIVE,
        version=F("resource__current__number"),
    ).values("resource__title")[:1]
    return without_recalled(pages).annotate(listed_title=Subquery(title))


def shows_kind(kind: str) -> Q:
    """Return a condition on pages of this site: they are reposts of a resource of ``kind``."""
    place = place_of_rows()
    shown = Repost.objects.filter(tenant_id=place.tenant_id, page_id=_number_there("pk", place), resource__kind=kind)
    return Q(Exists(shown))


def title_of(page: Any) -> str:
    """Return the title of a page from ``listed``: that of its source, if any, else its own."""
    return str(getattr(page, "listed_title", None) or page.title)


def recalled_pages(field: str = "pk") -> Q:
    """Condition on pages (or rows whose ``field`` is one): ``RECALLED``, for the ORM."""
    return _recalled(_number_there(field, place_of_rows()))


def recalled_numbers(field: str) -> Q:
    """The same of rows whose ``field`` is the number of a page as the library knows it."""
    return _recalled(OuterRef(field))


def _recalled(number: Any) -> Q:
    place = place_of_rows()
    reposts = Repost.objects.filter(~may_be_shown("resource__"), tenant_id=place.tenant_id, page_id=number)
    copies = Resource.objects.filter(~may_be_shown(), tenant_id=place.tenant_id, page_id=number, origin__isnull=False)
    return Q(Exists(reposts)) | Q(Exists(copies))


def _number_there(field: str, place: Place) -> Any:
    """The number under which the library knows the page in ``field`` of the outer query."""
    return OuterRef(field) + place.offset if place.offset else OuterRef(field)
