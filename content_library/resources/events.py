"""Events about resources of the library; what follows from each is registered in sites/wiring.py."""

from dataclasses import dataclass
from typing import ClassVar

from govplatform.accounts.models import User
from govplatform.events.event import Event
from govplatform.tenancy.models import Tenant

from ..models import Resource, ResourceVersion
from ..vocabularies.models import Reclassification


@dataclass(frozen=True)
class VersionEntered(Event):
    """The event that a version became the current one of ``resource``. ``previous`` is None for the first."""

    resource: Resource
    version: ResourceVersion
    previous: ResourceVersion | None


@dataclass(frozen=True)
class ResourceWithdrawn(Event):
    """The event that a resource may be shown nowhere any more, from the commit on; its row is held.

    ``recalled_by`` is None where the resource goes with its page.
    """

    urgent: ClassVar[bool] = True
    resource: Resource
    reason: str
    recalled_by: User | None


@dataclass(frozen=True)
class SourceMoved(Event):
    """The event that the addresses of a site's resources in the library begin with another host."""

    tenant: Tenant


@dataclass(frozen=True)
class ResourceRestored(Event):
    """The event that a withdrawn resource is public again with the version it had."""

    resource: Resource


@dataclass(frozen=True)
class ResourcesReclassified(Event):
    """The event that resources were given another class, or their former one back; some hundred at a time.

    ``order``: the bulk change that did it; None where the platform that they came from did.
    """

    order: Reclassification | None
    resource_ids: tuple[int, ...]
