"""Counting what citizens ask for, without a statement for each request: counts wait in memory and are written together.

What waits is lost when its process ends, which statistics bear. How much may wait is bounded, and so is how often
somebody may be made to write.
"""

import time
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Gathered(Generic[Key]):
    """Counts by key of one process. ``most``: keys that wait; ``burst``: writes at once; ``per_second``: after that."""

    def __init__(self, *, most: int = 500, burst: int = 50, per_second: float = 5.0) -> None:
        self._most, self._burst, self.per_second = most, float(burst), per_second
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Drop what was counted and not written; for tests and for processes that begin anew."""
        with self._lock:
            self.counts: dict[Key, int] = {}
            self._tokens = self._burst
            self._refilled = time.monotonic()

    def add(self, key: Key, instead: Key, count: int = 1) -> dict[Key, int]:
        """Count ``key``, or ``instead`` where too many wait; return what is to be written now, if anything is."""
        with self._lock:
            if key not in self.counts and len(self.counts) >= self._most:
                key = instead
            self.counts[key] = self.counts.get(key, 0) + count
            now = time.monotonic()
            self._tokens = min(self._burst, self._tokens + (now - self._refilled) * self.per_second)
            self._refilled = now
            if self._tokens < 1:
                return {}
            self._tokens -= 1
            taken, self.counts = self.counts, {}
            return taken
