"""Says how far a dump or a restoring is, through a connection of its own: that of the work stands in a transaction."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from ..models import SiteDump

_TOLD_EVERY = 0.7


class Progress(threading.Thread):
    """Writes into the row of a SiteDump, now and then, what it was told last."""

    def __init__(self, pk: int) -> None:
        super().__init__(name=f"dump-{pk}", daemon=True)
        self._pk = pk
        self._now = self._told = ("", 0, 0)
        self._end = threading.Event()

    def __call__(self, step: str, done: int, total: int) -> None:
        """``step`` is at ``done`` of ``total``."""
        self._now = (step, done, total)

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
            step, done, total = now
            with transaction.atomic():
                SiteDump.objects.filter(pk=self._pk).update(step=step, done=done, total=total)


@contextmanager
def telling(work: SiteDump) -> Iterator[Progress]:
    """Have the row of ``work`` follow what is told inside."""
    progress = Progress(work.pk)
    progress.start()
    try:
        yield progress
    finally:
        progress.stop()
