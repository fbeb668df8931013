"""Events of the life of sites; what follows each of them stands in sites/wiring.py."""

from dataclasses import dataclass

from govplatform.events.event import Event

from .models import SiteApplication


@dataclass(frozen=True)
class ApplicationDecided(Event):
    """The last level approved an application; or a shutdown that nobody is asked about was reported, or judged."""

    application: SiteApplication
