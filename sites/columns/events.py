"""What happens to the lists of columns."""

from dataclasses import dataclass
from typing import Any

from govplatform.events.event import Event


@dataclass(frozen=True)
class PageListed(Event):
    """``page`` is listed in other columns besides its own, or no longer. ``columns``: those where that changed."""

    page: Any
    columns: tuple[Any, ...]


@dataclass(frozen=True)
class ListArranged(Event):
    """``page`` stands first in the list of ``column``, or no longer."""

    page: Any
    column: Any
