"""Whose rows of the library are about the pages of the current site: its own, or of the site that took them over.

From the switch of a merge on the library names the destination, under the numbers that the pages have there. The pages
of the source stay as they were, and an archive of it is made of them: lists, titles, files and the catalogue have to
say there what they said.
"""

from dataclasses import dataclass

from govplatform.lifecycle.models import Merge
from govplatform.rendering.state import shared
from govplatform.tenancy.current import current_tenant_or_none
from govplatform.tenancy.models import Tenant

_CARRIED = (Merge.State.MOVED, Merge.State.CONFIRMED)
_PAGES = "wagtailcore_page"


@dataclass(frozen=True)
class Place:
    """``tenant_id``: key of the site that the rows name; ``offset``: what was added there to the number of a page."""

    tenant_id: int
    offset: int = 0


def place_of_rows() -> Place:
    """The place of the current site's rows; no statement unless its content is elsewhere."""
    tenant = current_tenant_or_none()
    if tenant is None:
        return Place(0)
    if tenant.moved_into_id is None:
        return Place(tenant.pk)
    return shared("place of its rows", lambda: _followed(tenant))


def _followed(tenant: Tenant) -> Place:
    """Through each merge in turn: what took over may have gone further."""
    place, seen = Place(tenant.pk), {tenant.pk}
    while True:
        merges = Merge.objects.filter(source_id=place.tenant_id, state__in=_CARRIED, source__moved_into__isnull=False)
        merge = merges.order_by("-pk").values_list("destination_id", "ranges").first()
        if merge is None or merge[0] in seen:
            return place
        seen.add(merge[0])
        place = Place(merge[0], place.offset + merge[1][_PAGES][2])
