"""One web process at close quarters: its loop is turned by the test, its clock is the test's."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from govplatform.serving.buffering import limits
from govplatform.serving.buffering.channel import BoundedChannel
from govplatform.serving.buffering.listening import BoundedServer
from govplatform.serving.processes import GRACEFUL_SECONDS, WORKER_CLASS
from tests.database import ROOT
from tests.ports import free_port

from .slow_clients import Door, half_a_body, half_a_head, is_held, many, reader, silent, status

_LARGE = b"x" * (8 * 1024 * 1024)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Gives back how much it was sent; many megabytes at ``/large``."""
    body = _LARGE if environ["PATH_INFO"] == "/large" else str(len(environ["wsgi.input"].read())).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


class Process:
    """A server whose loop turns when the test says so."""

    def __init__(self) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        self.door = Door(listener.getsockname()[1], large="/large")
        self.server = BoundedServer(application, listener, threads=2, console_domain="console.example")

    def until(self, condition: Callable[[], Any]) -> None:
        for _turn in range(2000):
            if condition():
                return
            self.server.turn(0.01)
        raise AssertionError("the state that was waited for did not come")

    def let_in(self, kind: Callable[[Door], socket.socket], source: str = "127.0.0.1") -> socket.socket:
        """A client that the server knows, with what it sent."""
        before = len(self.server.active_channels)
        client = kind(Door(self.door.port, large="/large", source=source))
        self.until(lambda: len(self.server.active_channels) > before)
        self.until(
            lambda: kind is silent or any(one.request or not one.is_waiting_for_client() for one in self.channels())
        )
        return client

    def channels(self) -> list[BoundedChannel]:
        return list(self.server.active_channels.values())

    def look(self, seconds: float) -> None:
        """What the server does with its connections when so many seconds have passed."""
        self.server.maintenance(time.time() + seconds)

    def close(self) -> None:
        for channel in self.channels():
            channel.handle_close()
        self.server.task_dispatcher.shutdown(timeout=1)
        self.server.close()


@pytest.fixture
def process() -> Iterator[Process]:
    made = Process()
    yield made
    made.close()


def ask_for_much(door: Door) -> socket.socket:
    """As ``reader``, without waiting for the first byte: here the server moves only when the test turns it."""
    client = door.connect(receive=4096)
    client.sendall(b"GET /large HTTP/1.1\r\nHost: alpha.localhost\r\n\r\n")
    return client


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [
        (silent, limits.IDLE_SECONDS),
        (half_a_head, limits.HEAD_SECONDS),
        (half_a_body, limits.BODY_SECONDS),
        (ask_for_much, limits.BODY_SECONDS),
    ],
    ids=["silence", "half a head", "half a body", "a reader that stops"],
)
def test_a_client_that_does_not_go_on_is_left_when_its_time_is_over(process: Process, kind: Any, seconds: int):
    client = process.let_in(kind)
    if kind is ask_for_much:
        # what the kernel takes is gone at once, the rest waits for the client
        process.until(lambda: process.channels()[0].total_outbufs_len and not process.channels()[0].requests)
    process.look(seconds - 5)
    assert is_held(client)
    process.look(seconds + 5)
    assert not is_held(client)


def test_a_head_that_comes_byte_by_byte_has_no_more_time_than_one_that_does_not_come(process: Process):
    client = process.let_in(half_a_head)
    (channel,) = process.channels()
    channel.last_activity = time.time() + 3600  # it was heard of a moment ago, whenever that is
    process.look(limits.HEAD_SECONDS + 5)
    assert not is_held(client)


def test_a_body_that_keeps_the_pace_has_time_and_one_that_drips_has_not(process: Process):
    door = Door(process.door.port)
    steady, dripping = door.connect(), door.connect()
    head = b"POST / HTTP/1.1\r\nHost: alpha.localhost\r\nContent-Length: 900000\r\n\r\n"
    steady.sendall(head + b"x" * (limits.PACE * 120))
    dripping.sendall(head + b"x")
    process.until(lambda: sum(one.request.body_bytes_received for one in process.channels() if one.request) > 480_000)
    for channel in process.channels():
        channel.last_activity = time.time() + 150
    process.look(150)
    assert is_held(steady)
    assert not is_held(dripping)


def test_a_thread_at_work_is_not_taken_from_its_client_however_long_it_takes(process: Process):
    client = process.let_in(silent)
    (channel,) = process.channels()
    channel.requests = [object()]
    process.look(24 * 3600)
    assert is_held(client)
    channel.requests = []


def test_too_many_connections_cost_the_address_that_has_the_most_of_them(process: Process):
    process.server.most_connections = 10
    citizen = process.let_in(half_a_head, source="127.0.0.9")
    attackers = [process.let_in(half_a_head, source="127.0.0.2") for _ in range(9)]
    assert all(map(is_held, attackers))
    newcomer = process.door.connect()
    newcomer.sendall(b"GET / HTTP/1.1\r\nHost: alpha.localhost\r\nConnection: close\r\n\r\n")
    process.until(lambda: len(process.server.active_channels) == 9 and not is_held(newcomer))
    assert not is_held(attackers[0])
    assert is_held(citizen)
    assert all(map(is_held, attackers[1:]))


def test_too_much_that_comes_in_costs_the_address_that_sends_the_most(
    process: Process, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(limits, "BODIES_BYTES", 100_000)
    head = b"POST / HTTP/1.1\r\nHost: alpha.localhost\r\nContent-Length: 900000\r\n\r\n"
    clients = [Door(process.door.port, source=source).connect() for source in ("127.0.0.9", "127.0.0.2", "127.0.0.2")]
    for client, size in zip(clients, (40_000, 30_000, 35_000), strict=True):
        client.sendall(head + b"x" * size)
    process.until(lambda: sum(one.body_bytes() for one in process.channels()) > 100_000)
    process.look(0)
    assert [is_held(client) for client in clients] == [True, True, False]


def test_a_process_keeps_fewer_connections_than_it_may_open_files(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("resource.getrlimit", lambda _what: (1024, 4096))
    assert limits.most_connections() * 3 < 1024
    monkeypatch.setattr("resource.getrlimit", lambda _what: (1_000_000, 1_000_000))
    assert limits.most_connections() == 1000


def test_chunks_that_are_all_framing_are_refused(process: Process):
    for framing in (b"5;" + b"x" * 5000, b"0\r\n" + b"X-Trailer: " + b"x" * 5000):
        client = process.door.connect()
        client.sendall(b"POST / HTTP/1.1\r\nHost: console.example\r\nTransfer-Encoding: chunked\r\n\r\n" + framing)
        process.until(lambda: any(one.lingers_until is not None for one in process.channels()))
        assert status(client.recv(1 << 16)) == 400
        client.close()
        process.until(lambda: not process.channels())


def test_an_upload_that_stops_half_way_leaves_no_file(process: Process):
    client = process.door.connect()
    client.sendall(b"POST / HTTP/1.1\r\nHost: alpha.localhost\r\nContent-Length: 900000\r\n\r\n" + b"x" * 300_000)
    process.until(lambda: any(one.request and one.request.body_bytes_received == 300_000 for one in process.channels()))
    buffer = process.channels()[0].request.body_rcv.getbuf()
    assert buffer.overflowed
    assert _nameless(buffer.getfile().fileno())
    client.close()
    process.until(lambda: not process.server.active_channels)
    assert buffer.getfile().closed


def _nameless(descriptor: int) -> bool:
    """Whether a file has no name in any folder, so that nothing of it is left whatever happens to the process."""
    return os.fstat(descriptor).st_nlink == 0


def test_a_connection_is_not_forgotten_however_often_it_is_used(process: Process):
    def visit() -> int:
        with process.door.connect() as client:
            for count in range(1500):
                client.sendall(b"GET / HTTP/1.1\r\nHost: alpha.localhost\r\n\r\n")
                if not client.recv(1 << 16):
                    return count
        return 1500

    with ThreadPoolExecutor(4) as visitors:
        visits = [visitors.submit(visit) for _ in range(4)]
        while not all(one.done() for one in visits):
            process.server.turn(0.05)
    assert [one.result() for one in visits] == [1500] * 4


def test_a_refusal_is_read_by_a_client_that_is_still_sending(process: Process):
    client = process.door.connect()
    client.sendall(b"POST / HTTP/1.1\r\nHost: alpha.localhost\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 100_000)
    process.until(lambda: any(one.lingers_until is not None for one in process.channels()))
    client.sendall(b"x" * 100_000)
    process.until(lambda: client.recv(1, socket.MSG_PEEK))
    answer = client.recv(1 << 16)
    assert status(answer) == 413
    assert "提交的内容太大" in answer.decode()
    process.look(limits.LINGER_SECONDS + 1)
    assert not process.channels()


# --- the process under gunicorn -----------------------------------------------------------------


@contextmanager
def gunicorn(port: int, log: Path, *before: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One web process as ``serve`` starts them; ``before``: words of a command that starts it."""
    with log.open("wb") as out:
        master = subprocess.Popen(
            [*before, sys.executable, "-m", "gunicorn", "tests.serving.test_buffering:application",
             "--bind", f"127.0.0.1:{port}", "--workers", "1", "--worker-class", WORKER_CLASS, "--threads", "2",
             "--graceful-timeout", str(GRACEFUL_SECONDS), "--no-control-socket", "--log-level", "info"],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
                "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
            },
            stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        for _attempt in range(300):
            with suppress(OSError):
                if status(Door(port).get()) == 200:
                    break
            time.sleep(0.1)
        yield master
    finally:
        if master.poll() is None:
            master.kill()
            master.wait()


def test_a_process_stops_by_itself_while_slow_clients_hold_their_connections_and_the_next_one_starts(tmp_path: Path):
    port, log = free_port(), tmp_path / "log"
    door = Door(port, large="/large")
    with ExitStack() as stack, gunicorn(port, log) as master:
        held = [stack.enter_context(kind(door)) for kind in (silent, half_a_head, half_a_body, reader)]
        assert status(door.get()) == 200
        master.send_signal(signal.SIGTERM)
        assert master.wait(timeout=60) == 0
        # killed by the master, a worker says nothing of its own
        assert "Worker exiting" in log.read_text()
        # nobody has let go of anything on the clients' side
        assert not any(map(is_held, held))
        with gunicorn(port, tmp_path / "log2"):
            assert status(door.get()) == 200


def test_more_connections_than_the_process_may_open_files_keep_nobody_out(tmp_path: Path):
    port = free_port()
    with gunicorn(port, tmp_path / "log", "prlimit", "--nofile=128"):
        for kind in (silent, half_a_head):
            with many(200, kind, Door(port, source="127.0.0.2")):
                assert [status(Door(port).get()) for _ in range(5)] == [200] * 5
    assert "Too many open files" not in (tmp_path / "log").read_text()
