"""What happens to reposts of a resource. What follows stands in sites/wiring.py."""

from dataclasses import dataclass

from content_library.models import Repost
from govplatform.events.event import Event


@dataclass(frozen=True)
class MirrorFellBehind(Event):
    """A mirror whose source has a newer version that it does not show by itself; inside the receiving site."""

    repost: Repost
