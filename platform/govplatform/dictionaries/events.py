"""Events of dictionaries and allow-lists; what follows each of them stands in sites/wiring.py."""

from dataclasses import dataclass

from govplatform.events.event import Event
from govplatform.tenancy.models import Tenant


@dataclass(frozen=True)
class DictionaryChanged(Event):
    """The event that scans of ``tenant`` find other things from now on; None: those of every site.

    ``more``: something that they did not find before; ``less``: something that they found before is found no more.
    """

    tenant: Tenant | None
    more: bool
    less: bool
