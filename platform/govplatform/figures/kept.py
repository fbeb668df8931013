"""Where counts are kept: with METRICS_DIR in files that all processes share, else in the process alone.

A file belongs to a seat, not to a process: whoever comes next takes the seat that is free and counts on. Named after
processes, as the library does by itself, files would gather without end, since web processes are changed all the time.
"""

import fcntl
import os
from functools import lru_cache
from itertools import count
from pathlib import Path

from prometheus_client import values


def folder() -> Path | None:
    """Where the processes of this installation count together; None where nobody asks."""
    named = os.environ.get("METRICS_DIR", "")
    return Path(named) if named else None


def begin() -> None:
    """Have counts kept in the shared folder, if there is one; before the first is made."""
    shared = folder()
    if shared is not None and _can_write(shared):
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(shared)
        values.ValueClass = values.MultiProcessValue(process_identifier=seat)


def seat() -> str:
    """The seat of this process, taken with its first count and free again when it has ended, however it ended."""
    # a process that was forked from one with a seat takes one of its own
    return _take_seat(folder() or Path("."), os.getpid())[0]


def _can_write(shared: Path) -> bool:
    """Whether the folder is there and this account may write in it; figures are no reason not to work."""
    try:
        shared.parent.mkdir(parents=True, exist_ok=True)
        shared.mkdir()
        # accounts of the same group count here too
        shared.chmod(0o2770)
    except FileExistsError:
        pass
    except OSError:
        return False
    return os.access(shared, os.W_OK | os.X_OK)


@lru_cache(maxsize=1)
def _take_seat(shared: Path, process: int) -> tuple[str, int]:
    """Number of the seat, and the open file that holds it for ``process``."""
    for number in count():
        try:
            # the kernel gives the lock back; a seat of another account cannot be opened and is taken
            descriptor = os.open(shared / f"seat-{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        except PermissionError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        return str(number), descriptor
    raise AssertionError("unreachable")
