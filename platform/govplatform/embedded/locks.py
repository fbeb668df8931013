"""File locks that end with their holder, however it ends."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator

from .account import ServerAccount
from .errors import EmbeddedServerError
from .folders import Layout, open_owned

_PAUSE = 0.02


def try_alive_lock(layout: Layout, account: ServerAccount) -> int | None:
    """Take the lock that every server process holds; returns its descriptor, or None while a process is alive.

    ``flock`` belongs to the open file, which the server inherits: the lock is free exactly when the last process
    of the server is gone, also one in another container on the same folder, whose number means nothing here.
    """
    descriptor = open_owned(layout.alive_lock, account)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextlib.contextmanager
def starting(layout: Layout, account: ServerAccount, deadline: float) -> Iterator[None]:
    """Hold the right to start or stop the server; ``deadline`` on the monotonic clock, in seconds."""
    descriptor = open_owned(layout.start_lock, account)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise EmbeddedServerError("另一个进程一直在启动或停止内置数据库，请稍后再试。") from None
                time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)
