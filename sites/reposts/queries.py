"""The version that a repost page shows, read anew for each request, so that what was withdrawn is gone at once."""

from dataclasses import dataclass
from typing import Any

from content_library.distribution.place import place_of_rows
from content_library.distribution.reposting import follows_at_once
from content_library.models import Repost, Resource, ResourceVersion
from content_library.resources.showing import may_be_reposted
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.tenancy.current import current_tenant


@dataclass(frozen=True)
class Shown:
    """A resource and one of its versions."""

    resource: Resource
    version: ResourceVersion

    @property
    def source_url(self) -> str:
        """The address of the source: for another platform's resource the one in the version that was cleared."""
        if self.resource.tenant_id is None:
            return str(self.version.metadata.get("url", ""))
        return str(self.resource.url)


def repost_of(page_id: int) -> Repost | None:
    """Return the library's record of a page of the current site; None when the page is no repost."""
    place = place_of_rows()
    found = Repost.objects.filter(tenant_id=place.tenant_id, page_id=page_id + place.offset)
    return found.select_related("resource__current", "resource__tenant", "tenant").first()


def load_cleared(page: Any) -> Shown | None:
    """Return the version that ``page`` names; None when the library has none of that number and digest."""
    version = (
        ResourceVersion.objects.select_related("resource__tenant", "resource__current")
        .defer("resource__terms", "resource__folded")
        .filter(resource__uuid=page.resource, number=page.version, digest=page.version_digest)
        .first()
    )
    if version is None:
        return None
    note_read(ReadOf.RESOURCE, version.resource_id)
    if version.resource.tenant_id is not None:
        note_read(ReadOf.OTHER_SITE, version.resource.tenant_id)
    return Shown(version.resource, version)


def load_shown(page: Any) -> Shown | None:
    """Return the version that citizens see: the cleared one, or for a mirror of a superior source the newest shown."""
    cleared = load_cleared(page)
    if cleared is None or page.mode != Repost.Mode.MIRROR:
        return cleared
    tenant = current_tenant()
    if not follows_at_once(cleared.resource, tenant):
        return cleared
    place = place_of_rows()
    record = Repost.objects.filter(tenant_id=place.tenant_id, page_id=page.pk + place.offset)
    number = record.values_list("version", flat=True).first() or page.version
    if number <= page.version:
        return cleared
    newer = ResourceVersion.objects.filter(resource=cleared.resource, number=number).first()
    # A version that its source does not let others show is not shown here, whatever the record says.
    return Shown(cleared.resource, newer) if newer and may_be_reposted(newer) else cleared


def waiting_for_editors(most: int) -> list[Repost]:
    """Return the ``most`` last changed reposts of the current site whose source has a newer version."""
    waiting = Repost.objects.filter(tenant=current_tenant(), pending__isnull=False)
    waiting = waiting.exclude(state=Repost.State.WITHDRAWN).select_related("resource__tenant")
    return list(waiting.order_by("-updated_at")[:most])
