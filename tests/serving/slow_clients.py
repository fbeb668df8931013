"""Clients that keep a connection and do not go on: what an attacker, or a telephone in a tunnel, does to a server."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

#: A bound for a machine that is busy, nothing that is measured.
PATIENCE = 30.0


@dataclass(frozen=True)
class Door:
    """Where a server listens. ``large``: the address of an answer of many megabytes on ``host``."""

    port: int
    host: str = "alpha.localhost"
    large: str = ""
    source: str = "127.0.0.1"

    def connect(self, receive: int | None = None) -> socket.socket:
        """A connection; ``receive``: bytes that this side takes before it is asked for them."""
        client = socket.socket()
        client.settimeout(PATIENCE)
        if receive is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        client.bind((self.source, 0))
        client.connect(("127.0.0.1", self.port))
        return client

    def send(self, request: bytes) -> bytes:
        """Everything that a server answers to ``request`` until it closes; what was read when it breaks off."""
        with self.connect() as client:
            with contextlib.suppress(OSError):
                client.sendall(request)
            return read_all(client)

    def get(self, path: str = "/", host: str | None = None, headers: str = "") -> bytes:
        """The answer to an ordinary request; raises TimeoutError when there is none."""
        return self.send(
            f"GET {path} HTTP/1.1\r\nHost: {host or self.host}\r\n{headers}Connection: close\r\n\r\n".encode()
        )


def read_all(client: socket.socket) -> bytes:
    """What comes until the other side closes."""
    parts = []
    while True:
        try:
            part = client.recv(1 << 16)
        except ConnectionError:
            part = b""
        if not part:
            return b"".join(parts)
        parts.append(part)


def status(answer: bytes) -> int:
    """The status of an answer; 0 where there was none."""
    words = answer.split(b" ", 2)
    return int(words[1]) if answer.startswith(b"HTTP/1.") else 0


def is_held(client: socket.socket) -> bool:
    """Whether the server still has this connection open, whatever it sent."""
    client.setblocking(False)
    try:
        while client.recv(1, socket.MSG_PEEK):
            if not client.recv(1 << 16):
                return False
    except BlockingIOError:
        return True
    except ConnectionError:
        return False
    finally:
        client.settimeout(PATIENCE)
    return False


# --- what they do ------------------------------------------------------------------------------


def silent(door: Door) -> socket.socket:
    return door.connect()


def half_a_head(door: Door) -> socket.socket:
    client = door.connect()
    client.sendall(f"GET / HTTP/1.1\r\nHost: {door.host}\r\nX-Slow: ".encode())
    return client


def half_a_body(door: Door) -> socket.socket:
    client = door.connect()
    client.sendall(f"POST / HTTP/1.1\r\nHost: {door.host}\r\nContent-Length: 4096\r\n\r\nname=".encode())
    return client


def chunks_without_end(door: Door) -> socket.socket:
    client = door.connect()
    client.sendall(
        f"POST / HTTP/1.1\r\nHost: {door.host}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nname=\r\n5\r\nna".encode()
    )
    return client


def promised_body(door: Door) -> socket.socket:
    """Asks whether it may send, is told to, and does not."""
    client = door.connect()
    client.sendall(
        f"POST / HTTP/1.1\r\nHost: {door.host}\r\nContent-Length: 4096\r\nExpect: 100-continue\r\n\r\n".encode()
    )
    return client


def reader(door: Door) -> socket.socket:
    """Asks for many megabytes and takes the first bytes of them."""
    client = door.connect(receive=4096)
    client.sendall(f"GET {door.large} HTTP/1.1\r\nHost: {door.host}\r\n\r\n".encode())
    client.recv(1)
    return client


def kept_alive(door: Door) -> socket.socket:
    """Has its answer and keeps the connection."""
    client = door.connect()
    client.sendall(f"GET /robots.txt HTTP/1.1\r\nHost: {door.host}\r\n\r\n".encode())
    client.recv(1)
    return client


KINDS: dict[str, Callable[[Door], socket.socket]] = {
    "half a head": half_a_head,
    "half a body": half_a_body,
    "chunks without end": chunks_without_end,
    "a body that is promised": promised_body,
    "a reader that stops": reader,
    "silence": silent,
    "an idle connection": kept_alive,
}


@contextmanager
def many(count: int, kind: Callable[[Door], socket.socket], door: Door) -> Iterator[list[socket.socket]]:
    """``count`` clients of one kind that hold their connections."""
    with ExitStack() as stack:
        yield [stack.enter_context(contextlib.closing(kind(door))) for _ in range(count)]
