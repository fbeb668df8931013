"""A cache of counts that all web processes of a machine share: small files in one folder, no service beside.

Django's cache of files with what counting needs besides: a number is raised by one process at a time and keeps its end,
and what is old goes without a look at the whole folder at each request. A folder that cannot be written counts nothing
and stops nobody: the log says so.
"""

import fcntl
import logging
import os
import pickle
import random
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache

logger = logging.getLogger("govplatform.serving")
#: One in so many new counts looks whether there are too many: the product's own number.
_LOOKS_ONCE_IN = 500


class SharedCounts(FileBasedCache):
    """``add``, ``incr`` and ``get`` as of any cache of Django; the folder is made when it is first needed."""

    _dir: str
    _max_entries: int
    _cull_frequency: int

    def _createdir(self) -> None:
        # Where it cannot be made, counting fails, and that is caught.
        with suppress(OSError):
            super()._createdir()  # type: ignore[misc]

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep ``value`` unless there is one; whether it was kept. False where the folder cannot be written."""
        try:
            with self._alone():
                return bool(super().add(key, value, timeout, version))
        except OSError:
            logger.exception("counts cannot be kept in %s", self._dir)
            return False

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Raise a number, which keeps its end, and return it. Raises ValueError where there is none, as Django does."""
        try:
            with self._alone():
                end, value = self._read(self._key_to_file(key, version))  # type: ignore[attr-defined]
                self.set(key, value + delta, timeout=None if end is None else end - time.time(), version=version)
                return value + delta
        except OSError as problem:
            raise ValueError(f"Key {key!r} not found") from problem

    def _read(self, path: str) -> tuple[float | None, int]:
        """The end of a number, in seconds of the epoch, and the number. Raises FileNotFoundError."""
        with open(path, "rb") as kept:
            # Written by this platform's own account, in a folder that nobody else may enter.
            end = pickle.load(kept)
            if end is not None and end < time.time():
                raise FileNotFoundError(path)
            return end, pickle.loads(zlib.decompress(kept.read()))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else counts meanwhile, in whichever process or thread."""
        self._createdir()
        lock = os.open(Path(self._dir) / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _cull(self) -> None:
        """Now and then remove those that were raised last the longest ago, where there are too many."""
        if random.randrange(_LOOKS_ONCE_IN):
            return
        found = [entry for entry in os.scandir(self._dir) if entry.name.endswith(self.cache_suffix)]
        if len(found) < self._max_entries:
            return
        found.sort(key=lambda entry: entry.stat().st_mtime)
        for entry in found[: len(found) // self._cull_frequency]:
            Path(entry.path).unlink(missing_ok=True)
