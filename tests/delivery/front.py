"""One nginx with the configuration that the verb writes, the files of a delivered site, the application behind it."""

import http.client
import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, connections

from tests.ports import free_port
from tests.serving.front_server import nginx_path


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def __getitem__(self, name: str) -> str:
        return self.headers.get(name.lower(), "")


@dataclass
class Front:
    """``root``: of the published files; ``etc``: what the verb writes; ``behind``: where the application listens."""

    folder: Path
    port: int = field(default_factory=free_port)
    behind: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def root(self) -> Path:
        return self.folder / "delivery"

    @property
    def etc(self) -> Path:
        return self.folder / "etc"

    def command(self, *arguments: str) -> list[str]:
        nginx = nginx_path()
        assert nginx is not None
        return [nginx, "-c", str(self.etc / "nginx.conf"), "-e", str(self.etc / "log" / "error.log"), *arguments]

    def test(self) -> str:
        """What ``nginx -t`` says."""
        return subprocess.run(self.command("-t"), capture_output=True, text=True, check=False).stderr

    def start(self) -> None:
        conf = self.etc / "nginx.conf"
        ours = "user root;\nworker_processes 1;" if os.getuid() == 0 else "worker_processes 1;"
        text = re.sub(r"worker_(rlimit_nofile|connections) \d+;", r"", conf.read_text())
        conf.write_text(text.replace("worker_processes auto;", ours))
        self.process = subprocess.Popen(self.command("-g", "daemon off;"), stderr=subprocess.DEVNULL)
        # the port is open before there is anybody who answers: the master opens it, and then makes its workers
        for _attempt in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0 and self.workers():
                    return
            assert self.process.poll() is None, (self.etc / "log" / "error.log").read_text()
            time.sleep(0.05)

    def workers(self) -> list[int]:
        """Their numbers as processes."""
        assert self.process is not None
        try:
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        except OSError:
            # it has ended
            return []
        return [int(number) for number in children.split()]

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=30)

    def ask(self, target: str, method: str = "GET", host: str = "alpha.localhost", **headers: str) -> Answer:
        return ask(self.port, target, method, host, **headers)

    def send(self, target: str, form: bytes, host: str = "alpha.localhost") -> Answer:
        """The answer to a form that is sent."""
        headers = {"Content_Type": "application/x-www-form-urlencoded", "Content_Length": str(len(form))}
        return ask(self.port, target, "POST", host, form, **headers)

    def tree(self, host: str = "alpha.localhost") -> Path:
        return (self.root / host / "current").resolve()


def ask(
    port: int,
    target: str,
    method: str = "GET",
    host: str = "alpha.localhost",
    body: bytes | None = None,
    **headers: str,
) -> Answer:
    """The answer to a request whose target is sent as it is. Names of headers are given with underscores."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    client.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    client.putheader("Host", host)
    for name, value in headers.items():
        client.putheader(name.replace("_", "-"), value)
    with suppress(BrokenPipeError, ConnectionResetError):
        # a body that is too large is refused before it is read
        client.endheaders(body)
    response = client.getresponse()
    answer = response.read()
    client.close()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, answer)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_words: Any) -> None:
        pass


@dataclass
class Application:
    """The platform's own, in a thread, on the transaction of the test. ``fails``: what it answers is a 500."""

    port: int
    fails: bool = False
    asked: list[str] = field(default_factory=list)

    def ask(self, target: str, method: str = "GET", host: str = "alpha.localhost", **headers: str) -> Answer:
        return ask(self.port, target, method, host, **headers)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.asked.append(environ["PATH_INFO"])
        if self.fails:
            start("500 Internal Server Error", [("Content-Type", "text/plain")])
            return [b"the database is gone"]
        return self._handler(environ, start)

    @contextmanager
    def running(self) -> Iterator["Application"]:
        self._handler = WSGIHandler()
        server = make_server("127.0.0.1", self.port, self, handler_class=_Quiet)  # type: ignore[arg-type]
        shared = connections["default"]
        connection.inc_thread_sharing()
        for signal in (request_started, request_finished):
            # The transaction of the test is not the request's to close.
            signal.disconnect(close_old_connections)

        def serve() -> None:
            connections["default"] = shared
            server.serve_forever(poll_interval=0.05)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            connection.dec_thread_sharing()
            for signal in (request_started, request_finished):
                signal.connect(close_old_connections)
