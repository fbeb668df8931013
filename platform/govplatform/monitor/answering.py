"""The internal port: ``/metrics``, ``/-/live``, ``/-/ready``. Never one of a public or console host."""

import ipaddress
import json
import logging
import socket
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Generic, TypeVar

from django.conf import settings
from django.db import connections

from .collecting import everything
from .readiness import OK, parts_ready

logger = logging.getLogger("govplatform.monitor")
#: Seconds for which an answer is given again: however many ask, the database is asked that often.
_KEPT = 5.0
_CLIENT_SECONDS = 10.0
T = TypeVar("T")


class Kept(Generic[T]):
    """What ``make`` gave last, at most some seconds old; whoever asks while it is made waits for it."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make, self._lock = make, threading.Lock()
        self._made: tuple[float, T] | None = None

    def get(self) -> T:
        with self._lock:
            if self._made is None or time.monotonic() - self._made[0] >= _KEPT:
                try:
                    self._made = (time.monotonic(), self._make())
                finally:
                    connections.close_all()
            return self._made[1]


class MonitorServer(ThreadingHTTPServer):
    """Answers on ``address`` and ``port`` (0: any that is free) until ``shutdown``."""

    daemon_threads = True

    def __init__(self, address: str, port: int) -> None:
        self.figures, self.parts = Kept(everything), Kept(parts_ready)
        super().__init__((address, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: MonitorServer
    timeout = _CLIENT_SECONDS
    server_version, sys_version = "monitor", ""

    def do_GET(self) -> None:
        if self.headers.get("X-Forwarded-For") is not None:
            # A front server that leads citizens here is set up wrong.
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"")
        elif not _is_ours(self.headers.get_all("Host") or []):
            self._send(HTTPStatus.MISDIRECTED_REQUEST, "text/plain", b"")
        elif self.path == "/metrics":
            self._send(HTTPStatus.OK, "text/plain; version=0.0.4; charset=utf-8", self.server.figures.get())
        elif self.path == "/-/live":
            self._send(HTTPStatus.OK, "application/json", b'{"live": true}')
        elif self.path == "/-/ready":
            parts = self.server.parts.get()
            ready = all(said == OK for said in parts.values())
            status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
            self._send(status, "application/json", json.dumps({"ready": ready, "parts": parts}).encode())
        else:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"")

    def _send(self, status: HTTPStatus, type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        logger.debug(format, *args)


def _is_ours(hosts: list[str]) -> bool:
    """Whether whoever asks meant this machine: by an address, a name without a dot, its own name, one of the settings.

    A page in the browser of somebody in this network may have its own name lead here, and would read the answers.
    HTTP/1.0 without a host asks by address.
    """
    if len(hosts) > 1:
        return False
    name = hosts[0].strip().lower() if hosts else ""
    bare = name.partition("]")[0].removeprefix("[") if name.startswith("[") else name.rpartition(":")[0] or name
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        return "." not in bare or bare in settings.MONITOR_NAMES or bare == socket.getfqdn().lower()
    return True
