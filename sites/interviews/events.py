"""Events of live text; what follows each of them stands in sites/wiring.py."""

from dataclasses import dataclass
from typing import Any

from govplatform.events.event import Event


@dataclass(frozen=True)
class LiveTextChanged(Event):
    """Citizens are to see other live text of ``page``, an interview: opened, said, corrected, withdrawn, ended."""

    page: Any
