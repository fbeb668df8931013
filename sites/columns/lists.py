"""The lists of columns in their forms: titles alone cost nothing more, others read what they show."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.utils.translation import gettext as _

from content_library.distribution.listing import title_of
from govplatform.review.queries import site_path
from sites.pages.rendering import picture_of

#: Form of a list (``models.ListTemplate``) -> the template that shows it.
TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "": "lists/title_list.html",
        "summaries": "lists/summary_list.html",
        "pictures": "lists/picture_list.html",
        "people": "lists/people_list.html",
        "institutions": "lists/institution_list.html",
        "catalogue": "lists/catalogue.html",
    }
)
#: (width, height) in pixels of a picture in a list, the largest first.
_CARD = ((480, 270), (240, 135))
_PORTRAIT = ((336, 448), (168, 224))


def pinned_first(pages: QuerySet[Any], pinned: Sequence[int]) -> QuerySet[Any]:
    """``pages`` with those whose ids are ``pinned`` in front, in that order; what is not among them stays away."""
    if not pinned:
        return pages
    places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(pinned)]
    return pages.order_by(Case(*places, default=Value(len(pinned))), *pages.query.order_by)


def list_items(pages: Any, form: str, pinned: Collection[int] = ()) -> list[dict[str, Any]]:
    """Return ``[{"title", "url", "date", "badge"}]`` of ``pages`` (a slice of a queryset), and what ``form`` shows."""
    if not form:
        return [_line(page, pinned) for page in pages]
    return [{**_line(page, pinned), **_more(page, form)} for page in pages.specific()]


def _line(page: Any, pinned: Collection[int]) -> dict[str, Any]:
    return {
        "title": title_of(page),
        "url": site_path(page),
        "date": page.first_published_at,
        "badge": _("置顶") if page.pk in pinned else "",
    }


def _more(page: Any, form: str) -> dict[str, Any]:
    if form == "catalogue":
        return {
            "index_number": getattr(page, "index_number", ""),
            "document_number": getattr(page, "document_number", ""),
            "issued_on": getattr(page, "issued_on", None),
        }
    more: dict[str, Any] = {"summary": getattr(page, "summary", "")}
    if form in ("pictures", "people"):
        more["picture"] = picture_of(page, _PORTRAIT if form == "people" else _CARD)
    return more
