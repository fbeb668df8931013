"""Keep a few commands running until told to stop."""

import os
import selectors
import signal
import socket
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from . import proc
from .child import Child, Restart, RunningChild, die_with_parent
from .run_record import AlreadyRunning, RunFolder, RunRecord

FOLLOW_VARIABLE = "GOVPLATFORM_FOLLOW_PARENT"

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_TICK = 0.5
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
# A child that ran this long was healthy: its next crash starts the counting anew.
_HEALTHY_SECONDS = 30.0


class _Slot:
    """One command over its restarts."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.running: RunningChild | None = None
        self.crashes = 0
        self.due: float | None = 0.0


class Supervisor:
    """Runs ``children`` side by side, each in its own process group, their output prefixed with their names.

    ``var_dir``: holds the lock and the record (``run/serve.lock``, ``run/serve.json``). ``port``: TCP port the
    children will listen on; checked before they start. ``give_up_after``: so many crashes in a row end the run
    with status 1 (None: never). ``follow_parent``: stop when the parent process ends, however it ends; by default
    when the environment says ``GOVPLATFORM_FOLLOW_PARENT=1`` (the Makefile does, a service manager does not).
    """

    def __init__(
        self,
        children: Sequence[Child],
        var_dir: Path,
        *,
        port: int | None = None,
        give_up_after: int | None = 8,
        follow_parent: bool | None = None,
    ) -> None:
        names = [child.name for child in children]
        if not names or len(set(names)) != len(names):
            raise ValueError("children need names of their own")
        self._slots = [_Slot(child) for child in children]
        self._folder = RunFolder(var_dir)
        self._port = port
        self._give_up_after = give_up_after
        self._follow_parent = os.environ.get(FOLLOW_VARIABLE) == "1" if follow_parent is None else follow_parent
        self._width = max(map(len, names))
        self._record = RunRecord(uuid.uuid4().hex, os.getpid(), port, proc.boot_id())
        self._selector = selectors.DefaultSelector()
        self._stop_requests = 0
        self._status = 0

    def run(self) -> int:
        """Run until a stop signal (returns 0), until every child ended for good (0), or until one is given up (1).

        Returns 1 at once, with the reason in Chinese on standard error, when another run or a stranger is in the way.
        Call it in the main thread of a process without other threads.
        """
        parent = os.getppid()
        with self._signals():
            try:
                self._folder.acquire(self._port)
            except AlreadyRunning as error:
                print(error, file=sys.stderr, flush=True)
                return 1
            try:
                self._record.pid = os.getpid()
                self._folder.write(self._record)
                if self._follow_parent:
                    die_with_parent(parent)
                while not self._stop_requests and self._keep_going():
                    self._wait(self._next_pause())
                    self._collect_ended()
            finally:
                self._stop_all()
                self._folder.release()
                self._selector.close()
        return self._status

    def _keep_going(self) -> bool:
        now = time.monotonic()
        for slot in self._slots:
            if slot.running is None and slot.due is not None and slot.due <= now:
                self._start(slot)
        return self._status == 0 and any(slot.running or slot.due is not None for slot in self._slots)

    def _start(self, slot: _Slot) -> None:
        try:
            slot.running = RunningChild.start(slot.child, self._record.run_id)
        except OSError as error:
            self._write(slot.child.name, f"无法启动：{error}")
            self._after_end(slot, 127, 0.0)
            return
        slot.due = None
        self._selector.register(slot.running.output, selectors.EVENT_READ, slot)
        self._record.children[slot.child.name] = (slot.running.pid, proc.start_time(slot.running.pid) or 0)
        self._folder.write(self._record)

    def _collect_ended(self) -> None:
        for slot in self._slots:
            if slot.running is not None and slot.running.has_ended():
                running = slot.running
                status = self._finish(slot)
                if not self._stop_requests:
                    self._after_end(slot, status, time.monotonic() - running.started)

    def _finish(self, slot: _Slot) -> int:
        """Take the last output of an ended child and collect it."""
        assert slot.running is not None
        running, slot.running = slot.running, None
        running.signal_group(signal.SIGKILL)
        if running.output in self._selector.get_map():
            self._selector.unregister(running.output)
        # What the pipe holds now, not its end: a process that left the group may keep it open for ever.
        while _is_readable(running.output) and running.read_lines(self._write):
            pass
        self._record.children.pop(slot.child.name, None)
        return running.collect()

    def _after_end(self, slot: _Slot, status: int, lived: float) -> None:
        wanted = slot.child.restart is Restart.ALWAYS or (slot.child.restart is Restart.ON_FAILURE and status != 0)
        if not wanted:
            slot.due = None
            self._write(slot.child.name, f"已结束（状态 {status}）")
            return
        slot.crashes = 1 if lived >= _HEALTHY_SECONDS else slot.crashes + 1
        if self._give_up_after is not None and slot.crashes >= self._give_up_after:
            self._write(slot.child.name, f"连续 {slot.crashes} 次异常结束（状态 {status}），不再重启，服务停止。")
            self._status = 1
            return
        pause = min(_FIRST_PAUSE * 2 ** (slot.crashes - 1), _LONGEST_PAUSE)
        self._write(slot.child.name, f"异常结束（状态 {status}），{pause:g} 秒后重启。")
        slot.due = time.monotonic() + pause

    def _stop_all(self) -> None:
        asked = time.monotonic()
        requests = self._stop_requests
        for slot in self._slots:
            if slot.running is not None:
                slot.running.signal_group(signal.SIGTERM)
        while any(slot.running for slot in self._slots):
            self._wait(0.05)
            for slot in self._slots:
                if slot.running is None:
                    continue
                # Somebody pressed Ctrl-C again: no more patience.
                hurry = self._stop_requests > max(requests, 1)
                if slot.running.has_ended():
                    self._finish(slot)
                elif hurry or time.monotonic() - asked > slot.child.stop_seconds:
                    slot.running.signal_group(signal.SIGKILL)

    def _next_pause(self) -> float:
        now = time.monotonic()
        return max(0.0, min([_TICK, *(slot.due - now for slot in self._slots if slot.due is not None)]))

    def _wait(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if isinstance(key.data, _Slot):
                if key.data.running is not None and not key.data.running.read_lines(self._write):
                    self._selector.unregister(key.fd)
            else:
                with suppress(BlockingIOError):
                    os.read(key.fd, 4096)

    def _write(self, name: str, line: str) -> None:
        # The terminal may be gone; the children go on.
        with suppress(OSError, ValueError):
            sys.stdout.write(f"{name:<{self._width}} | {line}\n")
            sys.stdout.flush()

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop_requests += 1

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Turn signals into wake-ups of the selector, and put the former handling back afterwards."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.setblocking(False)
            theirs.setblocking(False)
            self._selector.register(ours, selectors.EVENT_READ, None)
            former_wakeup = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
            former = {
                number: signal.signal(number, self._on_stop)
                for number in _STOP_SIGNALS
                # nohup asked to outlive the terminal.
                if not (number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN)
            }
            former[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
            try:
                yield
            finally:
                for number, handler in former.items():
                    signal.signal(number, handler)
                signal.set_wakeup_fd(former_wakeup)


def _is_readable(descriptor: int) -> bool:
    """Say whether a read from ``descriptor`` would return at once."""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        return bool(selector.select(0))
