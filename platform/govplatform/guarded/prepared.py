"""Guarded processes without the time that Python and the readers of files take to start, for a load of many files.

A process that has them loaded forks one child for each guarded run. The child is in everything what ``run.py`` starts:
a session of its own, our own child, the same environment, limits and pipes. What is shared is memory that nobody writes
to any more. For files of unknown people each child is started anew.
"""

import ctypes
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .run import starter

_PR_SET_CHILD_SUBREAPER = 36
_one_at_a_time = threading.Lock()
_PREPARED = """
import os, socket, sys, time
from govplatform.guarded import child
for name in sys.argv[2:]:
    __import__(name)
channel, parent = socket.socket(fileno=int(sys.argv[1])), os.getppid()
while True:
    asked, pipes, _flags, _address = socket.recv_fds(channel, 1, 3)
    if not asked:
        break
    if (between := os.fork()) == 0:
        if (pid := os.fork()) == 0:
            channel.close()
            os.setsid()
            for number, pipe in enumerate(pipes):
                os.dup2(pipe, number)
            os.closerange(3, 256)
            while os.getppid() != parent:
                time.sleep(0.0005)
            os._exit(child.main())
        channel.sendall(pid.to_bytes(4, "big"))
        os._exit(0)
    os.waitpid(between, 0)
    channel.sendall(b".")
    for pipe in pipes:
        os.close(pipe)
"""


@contextmanager
def prepared_children(loaded: Sequence[str]) -> Iterator[None]:
    """Guarded runs of this thread are forked in here; ``loaded``: modules that the prepared process has imported."""
    forks = Forks(loaded)
    before = starter.set(forks.start)
    try:
        yield
    finally:
        starter.reset(before)
        forks.end()


class _Child:
    """What ``run_guarded`` uses of ``subprocess.Popen``."""

    def __init__(self, pid: int, pipes: list[Any]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdin, self.stdout, self.stderr = pipes

    def wait(self) -> int:
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode


class Forks:
    """The prepared process of this process, started with the first guarded run."""

    def __init__(self, loaded: Sequence[str]) -> None:
        self._loaded = tuple(loaded)
        self._lock = threading.Lock()
        self._channel: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, command: list[str], **options: Any) -> _Child:
        """``subprocess.Popen`` for the one command that ``run_guarded`` gives."""
        assert command[-1] == "govplatform.guarded.child" and options["start_new_session"], command
        (read_in, write_in), (read_out, write_out), (read_err, write_err) = os.pipe(), os.pipe(), os.pipe()
        try:
            with self._lock:
                pid = self._fork([read_in, write_out, write_err], options["env"])
        finally:
            for theirs in (read_in, write_out, write_err):
                os.close(theirs)
        ours = [(write_in, "wb"), (read_out, "rb"), (read_err, "rb")]
        return _Child(pid, [os.fdopen(number, mode, buffering=0) for number, mode in ours])

    def end(self) -> None:
        """End the prepared process, if there is one."""
        if self._channel is not None and self._process is not None:
            self._channel.close()
            self._process.wait()
            self._channel = self._process = None

    def _fork(self, pipes: list[int], environment: dict[str, str]) -> int:
        channel = self._channel or self._prepare(environment)
        with adopting():
            socket.send_fds(channel, [b"?"], pipes)
            pid = int.from_bytes(channel.recv(4, socket.MSG_WAITALL), "big")
            if channel.recv(1) != b".":
                raise OSError("the prepared process has ended")
        return pid

    def _prepare(self, environment: dict[str, str]) -> socket.socket:
        ours, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-c", _PREPARED, str(theirs.fileno()), *self._loaded],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd="/",
            env=environment,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        self._channel = ours
        return ours


@contextmanager
def adopting() -> Iterator[None]:
    """A process whose parent ends in here becomes the child of this one, which asked for orphans; one fork at a time.

    So the child of a prepared process is ours, once the process between the two has ended.
    """
    with _one_at_a_time:
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)
        try:
            yield
        finally:
            _prctl(_PR_SET_CHILD_SUBREAPER, 0)


def _prctl(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
