"""What happens to resources of the library. What follows stands in sites/wiring.py."""

from dataclasses import dataclass

from govplatform.events.event import Event

from ..models import Resource, ResourceVersion


@dataclass(frozen=True)
class VersionEntered(Event):
    """A version became the current one of ``resource``. ``previous`` is None for the first."""

    resource: Resource
    version: ResourceVersion
    previous: ResourceVersion | None


@dataclass(frozen=True)
class ResourceWithdrawn(Event):
    """A resource may be shown nowhere any more, from the commit on; its row is held."""

    resource: Resource
    reason: str


@dataclass(frozen=True)
class ResourceRestored(Event):
    """A resource that was withdrawn is public again with the version it had."""

    resource: Resource
