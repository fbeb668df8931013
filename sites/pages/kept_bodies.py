"""Bodies that were put together once: many short ones and a few long ones, so that a process stays small."""

from typing import Any

from django.core.cache import caches

#: The caches count entries, not bytes: what is longer (in characters) goes to the one that holds few.
_SHORT = 60_000
#: Nothing beyond this is kept; it is put together for each reader.
_LONGEST = 3_000_000


def find_body(key: str) -> Any:
    """What was kept under ``key``, or None."""
    kept = caches["bodies"].get(key)
    return caches["long_bodies"].get(key) if kept is None else kept


def keep_body(key: str, body: Any, length: int) -> None:
    """Keep ``body``, whose HTML has ``length`` characters, for the next readers."""
    if length <= _LONGEST:
        caches["bodies" if length <= _SHORT else "long_bodies"].set(key, body)
