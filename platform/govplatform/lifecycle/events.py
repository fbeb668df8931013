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
class SiteMoved(Event):
    """A site has another host for citizens. ``before``, ``after``: the beginnings of its addresses, without a path."""

    tenant: Tenant
    before: str
    after: str
