"""Events of archives; what follows each of them stands in sites/wiring.py."""

from dataclasses import dataclass

from govplatform.events.event import Event

from .models import Archive


@dataclass(frozen=True)
class ArchiveVerified(Event):
    """A kept archive was verified and is whole."""

    archive: Archive
