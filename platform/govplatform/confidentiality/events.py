"""Events of files that were scanned; what follows each of them stands in sites/wiring.py."""

from dataclasses import dataclass
from typing import Any

from govplatform.events.event import Event


@dataclass(frozen=True)
class OriginalDeleted(Event):
    """An image or document of the site was deleted. ``item``: what is left of it in memory.

    ``kind``: ``image`` or ``document``, as scans and copies name it.
    """

    item: Any
    kind: str
