"""What to run, and one running instance of it."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

# Every process of a run carries it, so the next run recognises what a killed supervisor left behind.
RUN_VARIABLE = "GOVPLATFORM_RUN"

_PR_SET_PDEATHSIG = 1
_LONGEST_LINE = 65536


class Restart(Enum):
    """When a child that ended is started again."""

    ALWAYS = "always"
    ON_FAILURE = "on-failure"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Child:
    """A command to keep running.

    ``argv``: the program and its arguments. ``env``: its whole environment, or None for the supervisor's own.
    ``stop_seconds``: time between the request to end (SIGTERM) and SIGKILL.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] | None = None
    restart: Restart = Restart.ALWAYS
    stop_seconds: float = 10.0


def _load_libc() -> ctypes.CDLL | None:
    try:
        libc = ctypes.CDLL(None)
        return libc if hasattr(libc, "prctl") else None
    except OSError:
        return None


# Loaded here: nothing may be imported or allocated at leisure between fork and exec.
_LIBC = _load_libc()


def die_with_parent(parent: int) -> None:
    """Have the kernel send SIGTERM to this process when its parent ends, however that ends (Linux)."""
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


@dataclass(slots=True)
class RunningChild:
    """A started child with its output pipe; leader of its own session, hence of its own process group."""

    child: Child
    process: "subprocess.Popen[bytes]"
    started: float
    _partial: bytes = field(default=b"")

    @classmethod
    def start(cls, child: Child, run_id: str) -> "RunningChild":
        """Start ``child``; raises OSError when the program cannot be run."""
        environment = dict(os.environ if child.env is None else child.env)
        environment[RUN_VARIABLE] = run_id
        supervisor = os.getpid()
        # The supervisor has one thread, which is what preexec_fn asks for.
        process = subprocess.Popen(
            list(child.argv),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(supervisor),  # noqa: PLW1509
        )
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        return cls(child, process, time.monotonic())

    @property
    def pid(self) -> int:
        """Process number, also that of its group."""
        return self.process.pid

    @property
    def output(self) -> int:
        """Descriptor of the pipe with the child's output and errors."""
        assert self.process.stdout is not None
        return self.process.stdout.fileno()

    def read_lines(self, write: Callable[[str, str], None]) -> bool:
        """Pass on the complete lines that are there as ``write(name, line)``; returns False at the end of output."""
        try:
            data = os.read(self.output, _LONGEST_LINE)
        except BlockingIOError:
            return True
        *lines, self._partial = (self._partial + data).split(b"\n")
        if self._partial and (not data or len(self._partial) >= _LONGEST_LINE):
            lines.append(self._partial)
            self._partial = b""
        for line in lines:
            write(self.child.name, line.decode("utf-8", "replace").rstrip("\r"))
        return bool(data)

    def has_ended(self) -> bool:
        """Say whether the leader ended, without collecting it: until then its group number cannot be given anew."""
        try:
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the whole group; call only before :meth:`collect`."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def collect(self) -> int:
        """End what is left of the group, collect the leader; returns its exit status (negative: signal number)."""
        self.signal_group(signal.SIGKILL)
        status = self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status
