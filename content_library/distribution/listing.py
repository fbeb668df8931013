"""Filters for lists of pages: reposts of what was withdrawn are left out, mirrors bear the current title."""

from typing import Any, TypeVar

from django.db.models import BooleanField, CharField, Exists, F, Func, OuterRef, Q, QuerySet

from content_library.models import Repost
from content_library.resources.showing import shown_sql

from .place import place_of_rows

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


class _Recalled(Func):
    """``RECALLED`` as an expression, of the number of a page and with the parameters of ``recalled_values``.

    Lists of pages are filtered by it so often that building it out of querysets each time cost a quarter of what a page
    costs.
    """

    template = RECALLED.replace("p.id", "%(expressions)s")
    output_field = BooleanField()
    arity = 1


class _SourceTitle(Func):
    """The source's current title where the page is a mirror that shows the newest version, else NULL."""

    template = (
        "(SELECT x.title FROM public.content_library_repost r JOIN public.content_library_resource x"
        " ON x.id = r.resource_id JOIN public.content_library_resourceversion v ON v.id = x.current_id"
        " WHERE r.tenant_id = %(tenant)s AND r.page_id = %(expressions)s + %(offset)s"
        f" AND r.mode = '{Repost.Mode.MIRROR}' AND r.state = '{Repost.State.LIVE}' AND r.version = v.number LIMIT 1)"
    )
    output_field = CharField()
    arity = 1


def recalled_values() -> dict[str, Any]:
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
    return without_recalled(pages).annotate(listed_title=_SourceTitle(F("pk"), **recalled_values()))


def shows_kind(kind: str) -> Q:
    """Return a condition on pages of this site: they are reposts of a resource of ``kind``."""
    place = place_of_rows()
    shown = Repost.objects.filter(tenant_id=place.tenant_id, page_id=OuterRef("pk") + place.offset, resource__kind=kind)
    return Q(Exists(shown))


def title_of(page: Any) -> str:
    """Return the title of a page from ``listed``: that of its source, if any, else its own."""
    return str(getattr(page, "listed_title", None) or page.title)


def recalled_pages(field: str = "pk") -> Q:
    """Condition on pages (or rows whose ``field`` is one): ``RECALLED``, for the ORM."""
    return Q(_Recalled(F(field), **recalled_values()))


def recalled_numbers(field: str) -> Q:
    """The same of rows whose ``field`` is the number of a page as the library knows it."""
    return Q(_Recalled(F(field), **{**recalled_values(), "offset": 0}))
