"""Leaders and institutions on the home page, each as what it is."""

from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from wagtail.models import Page

from content_library.distribution.listing import without_recalled
from govplatform.review.queries import site_path
from sites.pages.navigation import ColumnNode, Navigation
from sites.pages.rendering import portrait_of

MOST_LEADERS, MOST_INSTITUTIONS = 8, 12
_PORTRAIT = ((240, 320), (120, 160))


def office_blocks(navigation: Navigation) -> dict[str, Any]:
    """Return leaders and institutions in the order that their people decide, with one statement for both kinds.

    A leader is ``{"title", "url", "post", "picture"}``, an institution ``{"title", "url", "phone"}``.
    """
    leaders, institutions = navigation.first_of_type("leaders"), navigation.first_of_type("institutions")
    found = _pages(leaders, institutions)
    people = [page.leader for page in found if hasattr(page, "leader")][:MOST_LEADERS]
    bodies = [page.institution for page in found if hasattr(page, "institution")][:MOST_INSTITUTIONS]
    return {
        "leaders": [_leader(one) for one in people],
        "leaders_url": leaders.path if leaders else "",
        "institutions": [{"title": one.title, "url": site_path(one), "phone": one.phone} for one in bodies],
        "institutions_url": institutions.path if institutions else "",
    }


def _pages(leaders: ColumnNode | None, institutions: ColumnNode | None) -> list[Any]:
    """What stands in the two columns: the leaders of an organ that was merged into the site stand elsewhere."""
    wanted = Q()
    for kind, column in (("leader", leaders), ("institution", institutions)):
        if column is not None:
            wanted |= Q(**{f"{kind}__isnull": False}, path__startswith=column.tree_path)
    if not wanted:
        return []
    either = Page.objects.filter(wanted, live=True)
    place = Coalesce(F("leader__list_order"), F("institution__list_order"))
    return list(without_recalled(either).select_related("leader__picture", "institution").order_by(place, "path")[:200])


def _leader(leader: Any) -> dict[str, Any]:
    picture = portrait_of(leader, _PORTRAIT)
    return {"title": leader.title, "url": site_path(leader), "post": leader.post, "picture": picture}
