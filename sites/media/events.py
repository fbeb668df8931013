"""Events of pictures and attachments; what follows each of them stands in sites/wiring.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from govplatform.events.event import Event


@dataclass(frozen=True)
class RenditionsMade(Event):
    """The event that an image was made in other sizes, often while a citizen waits. ``renditions``: those sizes."""

    image: Any
    renditions: Sequence[Any]
