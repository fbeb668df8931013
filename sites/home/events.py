"""Events of the home page; what follows each of them stands in sites/wiring.py."""

from dataclasses import dataclass

from govplatform.events.event import Event


@dataclass(frozen=True)
class FramePicturesChanged(Event):
    """Other pictures stand on the home page or in the head of all pages, in the transaction that shows them.

    ``gone``: ids of the images that stood there and do not any more.
    """

    gone: frozenset[int]
