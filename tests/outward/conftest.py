"""Another platform: a process of its own on a database of its own, or a server that says what it is told."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from content_library.harvesting.actions import add_source, harvest
from tests import database
from tests.ports import free_port

_SERVE = """
import django, sys
django.setup()
from wsgiref.simple_server import make_server, WSGIRequestHandler, WSGIServer
from socketserver import ThreadingMixIn
from govplatform.serving.wsgi import application
class Quiet(WSGIRequestHandler):
    def log_message(self, *words): pass
class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
make_server("127.0.0.1", int(sys.argv[1]), application, Server, Quiet).serve_forever()
"""
_PUBLISH = """
import django, sys
django.setup()
from django_tenants.utils import tenant_context
from govplatform.tenancy.queries import get_tenant
with tenant_context(get_tenant("alpha")):
    exec(sys.stdin.read())
"""


class OtherPlatform:
    """Our own second instance: real processes, real commits, files of its own."""

    def __init__(self, name: str, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://alpha.localhost:{self.port}/"
        (folder / "media").mkdir()
        self.environment = {
            **os.environ,
            "DATABASE_URL": database.database_url(name),
            "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
            "TEST_MEDIA_ROOT": str(folder / "media"),
            "PYTHONPATH": os.pathsep.join([str(database.ROOT), str(database.ROOT / "platform")]),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(self.port)], env=self.environment, start_new_session=True
        )

    def wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                self.get("/api/library/openapi.json")
                return
            time.sleep(0.1)
        raise AssertionError("the other platform did not start")

    def get(self, path: str) -> Any:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Host": f"alpha.localhost:{self.port}"}
        )
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.loads(answer.read())

    def do(self, code: str) -> None:
        """Run ``code`` there, inside site alpha; ``factories`` are at hand."""
        done = subprocess.run(
            [sys.executable, "-c", _PUBLISH],
            input=f"from tests import factories\n{code}",
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=database.ROOT,
        )
        assert done.returncode == 0, done.stderr

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)


@pytest.fixture
def other(own_database: str, tmp_path: Path) -> Iterator[OtherPlatform]:
    """A second platform beside ``own_database``."""
    name = database.clone_prepared("other")
    found = OtherPlatform(name, tmp_path)
    try:
        found.wait()
        yield found
    finally:
        found.stop()
        database.drop_database(name)


Answer = Callable[[str], tuple[int, dict[str, str], bytes]]


class HostileFeed:
    """``answers``: path without query -> (status, headers, body), or a function of the whole path."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []
        feed = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                feed.asked.append(self.path)
                found = feed.answers.get(self.path.split("?")[0], (404, {}, b""))
                status, headers, body = found(self.path) if callable(found) else found
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(OSError):
                    for chunk in [body] if isinstance(body, bytes) else body:
                        self.wfile.write(chunk)

            def log_message(self, *words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/api/library/"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def says(self, *changes: Any, cursor: str = "1-1", more: bool = False, **extra: Any) -> None:
        page = {"changes": list(changes), "cursor": cursor, "more": more, **extra}
        self.answers["/api/library/changes"] = (200, {}, json.dumps(page).encode())


@pytest.fixture
def feed() -> Iterator[HostileFeed]:
    made = HostileFeed()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def source(feed):
    return add_source("邻市", feed.url, acting_user=None)


@pytest.fixture
def run(source):
    def read(**more):
        source.refresh_from_db()
        return harvest(source, sleep=lambda seconds: None, **more)

    return read
