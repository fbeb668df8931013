"""A small load generator: threads over raw sockets, connections kept where the server keeps them.

``python -m tests.bench.load PORT HOST PATH SECONDS THREADS`` prints one JSON object.
"""

import json
import socket
import sys
import threading
import time
from dataclasses import dataclass, field


class BadAnswerError(RuntimeError):
    """The server did not answer 200."""


@dataclass
class Visitor:
    """One connection at a time to 127.0.0.1:``port``."""

    port: int
    _socket: socket.socket | None = field(default=None)

    def get(self, host: str, path: str) -> int:
        """Ask for one page; returns the bytes of its body. Raises BadAnswerError."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = f"GET {path} HTTP/1.1\r\nHost: {host}:{self.port}\r\nAccept: text/html\r\n\r\n"
        self._socket.sendall(request.encode())
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._receive()
        head = data[:end].lower()
        if not head.startswith(b"http/1.1 200"):
            raise BadAnswerError(f"{host}{path}: {data[:200]!r}")
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        received = len(data) - end - 4
        while received < length:
            received += len(self._receive())
        if b"connection: close" in head:
            self.close()
        return length

    def _receive(self) -> bytes:
        assert self._socket is not None
        chunk = self._socket.recv(1 << 17)
        if not chunk:
            raise BadAnswerError("the server closed the connection")
        return chunk

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def requests_per_second(port: int, host: str, path: str, seconds: float, threads: int) -> dict[str, float]:
    """Ask for one page from ``threads`` connections for ``seconds``."""
    counts = [0] * threads
    faults: list[Exception] = []
    deadline = time.perf_counter() + seconds

    def visit(index: int) -> None:
        visitor = Visitor(port)
        try:
            while time.perf_counter() < deadline:
                visitor.get(host, path)
                counts[index] += 1
        except Exception as error:
            faults.append(error)
        finally:
            visitor.close()

    started = time.perf_counter()
    visitors = [threading.Thread(target=visit, args=(index,)) for index in range(threads)]
    for thread in visitors:
        thread.start()
    for thread in visitors:
        thread.join()
    if faults:
        raise faults[0]
    took = time.perf_counter() - started
    return {"requests": sum(counts), "per_second": sum(counts) / took}


def main() -> None:
    port, host, path, seconds, threads = sys.argv[1:6]
    print(json.dumps(requests_per_second(int(port), host, path, float(seconds), int(threads))))


if __name__ == "__main__":
    main()
