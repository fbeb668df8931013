"""Events of the home page; what follows each of them stands in sites/wiring.py."""

from dataclasses import dataclass
from typing import Any

from govplatform.events.event import Event


@dataclass(frozen=True)
class FramePicturesChanged(Event):
    """Other pictures stand on the home page or in the head of all pages, in the transaction that shows them.

    ``gone``: ids of the images that stood there and do not any more.
    """

    gone: frozenset[int]


@dataclass(frozen=True)
class PageRecommended(Event):
    """``page`` stands among the recommended ones of the home page, or no longer; it need not be public yet."""

    page: Any
