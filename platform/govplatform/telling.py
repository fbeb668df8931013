"""Says how far long work is, through a connection of its own: that of the work stands in a transaction."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

_TOLD_EVERY = 0.7


class Teller(threading.Thread):
    """Hands on, now and then, what it was told last. ``write``: called with it, in a transaction of its own."""

    def __init__(self, name: str, write: Callable[..., object]) -> None:
        super().__init__(name=name, daemon=True)
        self._write = write
        self._now: tuple[Any, ...] = ()
        self._told: tuple[Any, ...] = ()
        self._end = threading.Event()

    def __call__(self, *now: Any) -> None:
        """How far the work is, in the words that ``write`` takes."""
        self._now = now

    def run(self) -> None:
        try:
            while not self._end.wait(_TOLD_EVERY):
                self._tell()
        finally:
            connection.close()

    def stop(self) -> None:
        self._end.set()
        self.join()

    def _tell(self) -> None:
        now = self._now
        if now != self._told:
            self._told = now
            with transaction.atomic():
                self._write(*now)


@contextmanager
def telling(name: str, write: Callable[..., object]) -> Iterator[Teller]:
    """Have ``write`` follow what is told inside; ``name``: of the thread."""
    teller = Teller(name, write)
    teller.start()
    try:
        yield teller
    finally:
        teller.stop()
