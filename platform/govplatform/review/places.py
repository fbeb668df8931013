"""Who knows the columns in which a person with limits writes: the sites' app tells, once, at start."""

from collections.abc import Callable
from typing import Any

#: What gives the tree paths of the columns in which a limited person writes, on the current site.
Places = Callable[[Any], frozenset[str]]
_registered: list[Places] = []


def register_writing_places(places: Places) -> None:
    """Register who knows the places of limited people; called once, when the app of the columns is ready."""
    _registered[:] = [places]


def places_of(user: Any) -> frozenset[str]:
    """Return the tree paths below which a limited person writes on the current site."""
    return frozenset().union(*(places(user) for places in _registered))
