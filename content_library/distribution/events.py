"""Events about reposts of a resource; what follows from each is registered in sites/wiring.py."""

from dataclasses import dataclass

from content_library.models import Repost
from govplatform.events.event import Event


@dataclass(frozen=True)
class MirrorFellBehind(Event):
    """The event that a mirror's source has a newer version which the mirror does not show by itself.

    Happens inside the receiving site.
    """

    repost: Repost
