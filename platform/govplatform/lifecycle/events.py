"""Events of the life of sites; what follows each of them stands in sites/wiring.py."""

from dataclasses import dataclass

from govplatform.events.event import Event
from govplatform.tenancy.models import Tenant

from .models import SiteApplication


@dataclass(frozen=True)
class ApplicationDecided(Event):
    """The last level approved an application; or a shutdown that nobody is asked about was reported, or judged."""

    application: SiteApplication


@dataclass(frozen=True)
class PlatformRestored(Event):
    """The whole platform was brought back from a backup, into an empty database. In the transaction that opens it."""


@dataclass(frozen=True)
class SiteReturned(Event):
    """A site is again what it was when a backup was made. Sent inside its schema, in the transaction of the change.

    ``reason``: a sentence for whoever asks for what is not public any more.
    """

    tenant: Tenant
    reason: str


@dataclass(frozen=True)
class SiteMoved(Event):
    """A site has another host for citizens. ``before``, ``after``: the beginnings of its addresses, without a path."""

    tenant: Tenant
    before: str
    after: str
