"""The lists of columns in their forms: titles alone cost nothing more, others read what they show."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from wagtail.models import Page

from content_library.distribution.listing import title_of
from govplatform.review.queries import site_path
from sites.pages.rendering import picture_of, portrait_of
from sites.pages.structured_page import LAST_IN_LIST

#: Form of a list (``models.ListTemplate``) -> the template that shows it.
TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "": "lists/title_list.html",
        "summaries": "lists/summary_list.html",
        "pictures": "lists/picture_list.html",
        "people": "lists/people_list.html",
        "institutions": "lists/institution_list.html",
        "catalogue": "lists/catalogue.html",
        "services": "lists/service_list.html",
        "mailbox": "lists/title_list.html",
    }
)
#: Form of a list whose pages stand in an order that people decide -> where that order is kept.
_ORDERED: Mapping[str, str] = MappingProxyType(
    {"people": "leader__list_order", "institutions": "institution__list_order"}
)
#: What a card of each form says of a page besides title and summary, where the page has it.
_CARD_FACTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "people": ("post",),
        "institutions": ("address", "office_hours", "phone", "responsible_person"),
        "services": ("organisation", "promised_limit", "online_address"),
    }
)
#: (width, height) in pixels of a picture in a list, the largest first.
_CARD = ((480, 270), (240, 135))


def pinned_first(pages: QuerySet[Any], pinned: Sequence[int]) -> QuerySet[Any]:
    """``pages`` with those whose ids are ``pinned`` in front, in that order; what is not among them stays away."""
    if not pinned:
        return pages
    places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(pinned)]
    return pages.order_by(Case(*places, default=Value(len(pinned))), *pages.query.order_by)


def list_items(pages: Any, form: str, pinned: Collection[int] = (), *, stated: bool = False) -> list[dict[str, Any]]:
    """Return ``[{"title", "url", "date", "badge"}]`` of ``pages`` (a slice of a queryset), and what ``form`` shows.

    ``stated``: and ``state``, where a page has one by itself (``state_in_list``).
    """
    if not form:
        shown = pages.specific() if stated else pages
        return [{**_line(page, pinned), "state": _state(page)} for page in shown]
    return [{**_line(page, pinned), **_more(page, form)} for page in pages.specific()]


def in_list_order(pages: QuerySet[Page], form: str) -> QuerySet[Page]:
    """Return ``pages`` in the order that a list of this form has; the newest first where nobody decides."""
    kept = _ORDERED.get(form)
    return pages.order_by(Coalesce(F(kept), LAST_IN_LIST), "path") if kept else pages


def _line(page: Any, pinned: Collection[int]) -> dict[str, Any]:
    return {
        "title": title_of(page),
        "url": site_path(page),
        "date": page.first_published_at,
        "badge": _("置顶") if page.pk in pinned else "",
    }


def _state(page: Any) -> str:
    say = getattr(page, "state_in_list", None)
    return str(say()) if say is not None else ""


def _more(page: Any, form: str) -> dict[str, Any]:
    more: dict[str, Any] = {"summary": getattr(page, "summary", "")}
    more |= {name: getattr(page, name, "") for name in _CARD_FACTS.get(form, ())}
    if form in ("pictures", "people"):
        more["picture"] = portrait_of(page) if form == "people" else picture_of(page, _CARD)
    return more
