"""Where counts are kept: with METRICS_DIR in files that all processes share, else in the process alone.

A file belongs to a seat, not to a process: whoever comes next takes the seat that is free and counts on. Named after
processes, as the library does by itself, files would gather without end, since web processes are changed all the time.
"""

import fcntl
import os
from itertools import count
from pathlib import Path

from prometheus_client import values

_seat: tuple[int, str, int] | None = None


def folder() -> Path | None:
    """Where the processes of this installation count together; None where nobody asks."""
    named = os.environ.get("METRICS_DIR", "")
    return Path(named) if named else None


def begin() -> None:
    """Have counts kept in the shared folder, if there is one; before the first is made."""
    shared = folder()
    if shared is not None:
        shared.mkdir(parents=True, exist_ok=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(shared)
        values.ValueClass = values.MultiProcessValue(process_identifier=seat)


def seat() -> str:
    """The seat of this process, taken with its first count and free again when it has ended, however it ended."""
    global _seat
    if _seat is None or _seat[0] != os.getpid():
        _seat = (os.getpid(), *_take_seat(folder() or Path(".")))
    return _seat[1]


def _take_seat(shared: Path) -> tuple[str, int]:
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
