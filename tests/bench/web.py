"""A side's web server for the time of a measurement."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from .server import Server
from .sides import ROOT, environment

_APPLICATIONS = {"platform": "govplatform.serving.wsgi:application", "stock": "tests.bench.stock.wsgi:application"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def gunicorn(side: str, port: int, workers: int) -> list[str]:
    """Synchronous workers: the same command for both sides."""
    return [
        sys.executable, "-m", "gunicorn", _APPLICATIONS[side], "--bind", f"127.0.0.1:{port}",
        "--workers", str(workers), "--worker-class", "sync", "--log-level", "error", "--no-control-socket",
    ]  # fmt: skip


@contextmanager
def running(server: Server, side: str, command: Sequence[str], port: int, **extra: str) -> Iterator[int]:
    """The server listens on ``port``; yields the master's process id."""
    with (server.var / f"{side}-web.log").open("ab") as log:
        process = subprocess.Popen(
            list(command), cwd=ROOT, env=environment(server, side, **extra),
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _wait_for(port, process)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            raise RuntimeError(f"web server ended with status {process.returncode}")
        time.sleep(0.05)
    raise RuntimeError("web server does not listen")


def worker_pids(master: int) -> list[int]:
    """Children of the master."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text()
    return [int(word) for word in children.split()]


def resident_megabytes(pid: int) -> float:
    """Resident memory as the kernel counts it, shared pages included."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
