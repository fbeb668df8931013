"""What happens to files that were scanned. What follows stands in sites/wiring.py."""

from dataclasses import dataclass
from typing import Any

from govplatform.events.event import Event


@dataclass(frozen=True)
class OriginalDeleted(Event):
    """A picture or attachment of the site was deleted; ``item`` is what is left of it.

    ``kind``: ``image`` or ``document``, as scans and copies name it.
    """

    item: Any
    kind: str
