"""Who changes the folder of a site holds it: publisher and verifier, one after the other.

A verifier that holds the folder knows that no publication stands half way, and none begins while it puts a file back.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Seconds. Anybody who may read a folder can hold it, so nobody waits for ever; who goes on without looks again.
PATIENCE = 2.0
_LOOKED_AGAIN = 0.01
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def held(folder: Path | str, patience: float = PATIENCE, *, beside: int | None = None) -> Iterator[bool]:
    """Hold ``folder`` (below the open folder ``beside``, if given); False where it was not to be had in ``patience``
    seconds or is none.
    """
    try:
        handle = os.open(folder, _FOLDER, dir_fd=beside)
    except OSError:
        yield False
        return
    try:
        yield _take(handle, patience)
    finally:
        # the lock goes with the handle
        os.close(handle)


def _take(handle: int, patience: float) -> bool:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= until:
                return False
            time.sleep(_LOOKED_AGAIN)
        else:
            return True
