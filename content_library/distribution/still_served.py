"""Who else serves the bytes of a resource: other resources, of any origin, that may be shown now.

A recall takes a resource down, not every file that is equal to one of its files. Where another resource shows the same
bytes, it does so by a clearance of its own, and who recalls has to know of it: resource, site and who cleared it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from content_library.models import Resource
from content_library.resources.showing import shown_sql
from govplatform.review.models import Clearance
from govplatform.tenancy.models import Tenant

#: Of the present version of each resource, and of what live reposts show of it, whichever version that is.
_SHARING = f"""
SELECT x.uuid, x.title, x.platform, x.tenant_id, v.number, v.clearance_id, v.id = x.current_id,
       r.tenant_id, r.page_id, array_agg(DISTINCT f.name)
FROM public.content_library_resourcefile f
JOIN public.content_library_resourceversion v ON v.id = f.version_id
JOIN public.content_library_resource x ON x.id = v.resource_id
LEFT JOIN public.content_library_repost r ON r.resource_id = x.id AND r.version = v.number
  AND r.state = 'live' AND r.mode IN ('mirror', 'pinned')
WHERE f.blob_id IN (SELECT own.blob_id FROM public.content_library_resourcefile own
                    JOIN public.content_library_resourceversion o ON o.id = own.version_id
                    WHERE o.resource_id = %s)
  AND x.id <> %s AND {shown_sql("x")} AND (v.id = x.current_id OR r.id IS NOT NULL)
GROUP BY x.id, v.id, r.id ORDER BY x.id, v.number, r.id
"""


@dataclass
class Serving:
    """A place where equal bytes are shown.

    ``site``: whose clearance it is, None for what came from another platform and is shown by no site. ``platform``:
    where the resource came from, '' for one of this platform. ``cleared_by``: names in the order of the steps; empty
    when nobody here cleared it.
    """

    resource: UUID
    title: str
    platform: str
    site: Tenant | None
    version: int
    files: list[str]
    clearance_id: int | None = None
    page_id: int | None = None
    cleared_by: list[str] = field(default_factory=list)
    cleared_at: Any = None

    def as_row(self) -> dict[str, Any]:
        """Return what the verb ``recall_status`` prints of it."""
        return {
            "resource": str(self.resource),
            "title": self.title,
            "platform": self.platform,
            "site": self.site.code if self.site else None,
            "version": self.version,
            "files": self.files,
            "cleared_by": self.cleared_by,
            "cleared_at": timezone.localtime(self.cleared_at).isoformat(timespec="seconds")
            if self.cleared_at
            else None,
        }


def still_serving(resource: Resource) -> list[Serving]:
    """Return every place where a resource that may be shown has a file equal to one that any version of this one had.

    Other resources alone; what was copied from this one is withdrawn with it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SHARING, [resource.pk, resource.pk])
        rows = cursor.fetchall()
    sites = Tenant.objects.in_bulk({pk for row in rows for pk in (row[3], row[7]) if pk is not None})
    found = [place for _uuid, of_one in groupby(rows, key=lambda row: row[0]) for place in _places(of_one, sites)]
    _fill_in_clearances(found)
    return found


def _places(rows: Iterable[Any], sites: dict[int, Tenant]) -> Iterator[Serving]:
    """Yield the places of one resource: its own page, reposts of another version, all reposts of a foreign one."""
    told_of_own, bare = False, None
    for uuid, title, platform, own_site, number, clearance_id, is_current, at_site, page_id, names in rows:
        place = Serving(uuid, title, platform, None, number, names)
        if own_site is not None and is_current:
            # Its reposts show what this clearance cleared.
            if not told_of_own:
                place.site, place.clearance_id = sites[own_site], clearance_id
                told_of_own = True
                yield place
        elif at_site is not None:
            place.site, place.page_id = sites[at_site], page_id
            yield place
            told_of_own = True
        else:
            bare = place
    if bare is not None and not told_of_own:
        yield bare


def _fill_in_clearances(places: list[Serving]) -> None:
    """Look up who cleared each place, site by site."""
    by_site: dict[int, list[Serving]] = {}
    for place in places:
        if place.site is not None:
            by_site.setdefault(place.site.pk, []).append(place)
    for of_site in by_site.values():
        site = of_site[0].site
        assert site is not None
        if site.dropped_at is not None:
            continue
        with tenant_context(site):
            given = Clearance.objects.select_related("content_decision", "confidentiality_decision")
            by_id = given.in_bulk([place.clearance_id for place in of_site if place.clearance_id is not None])
            pages = [place.page_id for place in of_site if place.page_id is not None]
            valid = given.filter(page_id__in=pages, status=Clearance.Status.VALID).order_by("pk")
            by_page = {clearance.page_id: clearance for clearance in valid} if pages else {}
        for place in of_site:
            found = by_id.get(place.clearance_id or 0) or by_page.get(place.page_id or 0)
            if found is not None:
                place.cleared_at = found.granted_at
                place.cleared_by = [
                    found.content_decision.reviewer_name,
                    found.confidentiality_decision.reviewer_name,
                ]
