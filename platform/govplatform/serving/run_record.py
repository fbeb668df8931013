"""The lock and the record of a run: who is running now, and what a killed run left behind."""

import contextlib
import fcntl
import json
import os
import signal
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from . import proc
from .child import RUN_VARIABLE

_END_SECONDS = 5.0
_PAUSE = 0.02


class AlreadyRunning(RuntimeError):
    """Another run holds the lock or the port; the message says who, in Chinese."""


@dataclass(slots=True)
class RunRecord:
    """Written to ``var/run/serve.json``: process numbers with their start times (clock ticks since boot)."""

    run_id: str
    pid: int
    port: int | None
    boot_id: str
    children: dict[str, tuple[int, int]] = field(default_factory=dict)


class RunFolder:
    """``var/run``: the lock held for the length of a run, and the record beside it."""

    def __init__(self, var_dir: Path) -> None:
        self._folder = Path(var_dir).resolve() / "run"
        self._record = self._folder / "serve.json"
        self._lock: int | None = None

    def acquire(self, port: int | None) -> None:
        """Take the lock, end the orphans of a killed run, make sure that ``port`` is free.

        Raises:
            AlreadyRunning: another run is alive, or somebody else listens on the port.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._folder / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise AlreadyRunning(self._describe_holder()) from None
        self._lock = descriptor
        previous = self._read()
        if previous is not None:
            end_orphans(previous)
            self._record.unlink(missing_ok=True)
        if port is not None and (holder := proc.port_holder(port)) is not None:
            self.release()
            raise AlreadyRunning(f"端口 {port} 已被{holder}占用。请先停止它，或换一个端口，例如：PORT={port + 1}")

    def release(self) -> None:
        """Give the lock back and remove the record, if this run holds it."""
        if self._lock is not None:
            self._record.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def write(self, record: RunRecord) -> None:
        """Replace the record in one step: a reader finds the old one or the new one."""
        fresh = self._record.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(record)))
        fresh.replace(self._record)

    def _read(self) -> RunRecord | None:
        try:
            found = json.loads(self._record.read_text())
            children = {str(name): (int(pid), int(began)) for name, (pid, began) in found["children"].items()}
            port = None if found["port"] is None else int(found["port"])
            return RunRecord(str(found["run_id"]), int(found["pid"]), port, str(found["boot_id"]), children)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _describe_holder(self) -> str:
        record = self._read()
        if record is None:
            return "服务已经在运行，不能再启动一个。"
        place = f"，占用端口 {record.port}" if record.port else ""
        return f"服务已经在运行（进程号 {record.pid}{place}）。请先在它的窗口按 Ctrl-C，或结束该进程。"


def end_orphans(record: RunRecord) -> list[int]:
    """End the processes of a run whose supervisor is gone; returns their numbers.

    A number alone proves nothing. It counts when it has the recorded start time in the same boot, or when the
    process carries the run's mark in its environment (grandchildren, children started after the last record).
    """
    if record.boot_id != proc.boot_id() or not record.run_id:
        return []
    orphans = _alive(record)
    _signal_all(orphans, signal.SIGTERM)
    deadline = time.monotonic() + _END_SECONDS
    while (left := _alive(record)) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    _signal_all(left, signal.SIGKILL)
    while left and time.monotonic() < deadline + _END_SECONDS:
        time.sleep(_PAUSE)
        left = _alive(record)
    return orphans


def _alive(record: RunRecord) -> list[int]:
    recorded = {pid for pid, began in record.children.values() if proc.start_time(pid) == began}
    mark = f"{RUN_VARIABLE}={record.run_id}".encode()
    marked = {pid for pid in proc.all_processes() if mark in proc.environment(pid)}
    return sorted((recorded | marked) - {os.getpid()})


def _signal_all(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
