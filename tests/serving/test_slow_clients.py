"""Clients that keep their connections and do not go on take nothing from others.

Tried on what ``serve`` starts, and on nginx with the shipped configuration before it.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import database
from tests.ports import free_port

from .front_server import FrontServer
from .slow_clients import KINDS, Door, half_a_body, is_held, many, read_all, status

#: More than ``serve`` has threads: two processes of four.
MANY = 24
_LARGE = 32 * 1024 * 1024
_MANAGE = (sys.executable, str(database.ROOT / "manage.py"))
_CONSOLE = "alpha.console.localhost"


class Serve:
    """``serve`` as an installation runs it, on a clone of the prepared pages."""

    def __init__(self, name: str, var: Path) -> None:
        self.var = var
        self.environment = {
            **os.environ,
            "DATABASE_URL": database.database_url(name),
            "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
            "GOVPLATFORM_VAR": str(var),
            "OUTWARD_PROXIES": "1",
        }
        self.door = Door(free_port(), large="/static/large.bin")
        code = "from govplatform.serving.static_files import collect_static_files as c; c()"
        subprocess.run([*_MANAGE, "shell", "-c", code], env=self.environment, check=True, capture_output=True)
        with (var / "static" / "large.bin").open("wb") as large:
            large.truncate(_LARGE)

    def start(self) -> None:
        with (self.var / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*_MANAGE, "serve", "--port", str(self.door.port), "--workers", "2"],
                env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        for _attempt in range(300):
            try:
                if status(self.door.get("/robots.txt")) == 200:
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise AssertionError((self.var / "serve.log").read_text())

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def serve(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    with django_db_blocker.unblock():
        name = database.clone_prepared("slow", "pages")
    made = Serve(name, tmp_path_factory.mktemp("slow"))
    try:
        made.start()
        yield made
    finally:
        made.stop()
        with django_db_blocker.unblock():
            database.drop_database(name)


@pytest.fixture(scope="module")
def front(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontServer]:
    made = FrontServer(tmp_path_factory.mktemp("front"), serve.door.port, serve.var / "static")
    with made.running():
        yield made


@pytest.fixture(params=["serve", pytest.param("nginx", marks=pytest.mark.nginx)])
def door(request: pytest.FixtureRequest) -> Door:
    """Both ways in, one after the other: a test of what both must do."""
    serve: Serve = request.getfixturevalue("serve")
    if request.param == "serve":
        return serve.door
    front: FrontServer = request.getfixturevalue("front")
    return Door(front.plain, large=serve.door.large)


@pytest.mark.parametrize("kind", KINDS)
def test_an_ordinary_request_is_answered_while_many_slow_clients_hold_their_connections(door: Door, kind: str):
    with many(MANY, KINDS[kind], door) as clients:
        assert status(door.get("/")) == 200
        assert status(door.get("/admin/login/", host=_CONSOLE)) == 200
        assert all(map(is_held, clients))


_SHAPES = {
    "two lengths": "Content-Length: 5\r\nContent-Length: 6\r\n",
    "one length twice": "Content-Length: 5\r\nContent-Length: 5\r\n",
    "a length and chunks": "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "chunks and a length": "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    "a blank before the colon": "Transfer-Encoding : chunked\r\nContent-Length: 5\r\n",
    "a length that is no number": "Content-Length: +5\r\n",
    "a line that ends half": "Content-Length: 5\r\nX-Y: 1\rTransfer-Encoding: chunked\r\n",
}


def test_a_request_that_two_servers_could_read_differently_is_refused_by_both(door: Door, subtests: Any):
    for shape, headers in _SHAPES.items():
        with subtests.test(shape=shape):
            request = f"POST / HTTP/1.1\r\nHost: {door.host}\r\n{headers}\r\n0\r\n\r\nGET /smuggled/ HTTP/1.1\r\n\r\n"
            answer = door.send(request.encode())
            assert status(answer) == 400
            # nothing of the rest is taken for a second request
            assert answer.count(b"HTTP/1.") == 1
    with subtests.test(shape="chunks in HTTP/1.0"):
        old = (
            f"POST / HTTP/1.0\r\nHost: {door.host}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
        )
        assert status(door.send(old.encode())) == 400
    with subtests.test(shape="an unknown coding"):
        other = f"POST / HTTP/1.1\r\nHost: {door.host}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"
        assert status(door.send(other.encode())) in (400, 501)


def test_what_is_too_large_is_refused_with_words_that_a_person_reads(door: Door):
    head = f"POST / HTTP/1.1\r\nHost: {door.host}\r\nContent-Length: 3000000\r\n\r\n".encode()
    answer = door.send(head + b"x" * 3_000_000)
    assert status(answer) == 413
    assert "文件请减小或者分几次上传，然后再提交。" in answer.decode()
    answer = door.get("/", headers=f"Cookie: {'x' * 70_000}\r\n")
    assert status(answer) == 431
    assert "请清除浏览器中本网站的 Cookie" in answer.decode()


def test_a_console_takes_what_a_public_host_does_not(door: Door):
    body = b"x" * 3_000_000
    head = f"POST /admin/images/add/ HTTP/1.1\r\nHost: {_CONSOLE}\r\nConnection: close\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    # refused for want of a token, by the application, which read it
    assert status(door.send(head.encode() + body)) in (302, 403)


def test_files_come_with_a_letter_and_nowhere_else(door: Door):
    """Three files of five megabytes, as the form says; without the token of a form the application gives them
    back, and it says that this site has no pages in traditional characters.
    """
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n' + b"x" * 15_000_000
    body += b"\r\n--x--\r\n"
    for path, expected in (
        ("/interaction/write/", 422), ("/interaction/disclosure/", 422), ("/zh-hant/interaction/write/", 405),
        ("/interaction/ask/", 413), ("/interaction/write/x", 413),
    ):  # fmt: skip
        head = f"POST {path} HTTP/1.1\r\nHost: {door.host}\r\nConnection: close\r\n"
        head += f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}\r\n\r\n"
        assert status(door.send(head.encode() + body)) == expected, path


def test_a_client_that_asks_first_is_told_to_go_on_and_answered(door: Door):
    with door.connect() as client:
        client.sendall(
            f"POST /admin/login/ HTTP/1.1\r\nHost: {_CONSOLE}\r\nContent-Length: 10\r\nExpect: 100-continue\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        assert status(client.recv(1 << 16)) == 100
        client.sendall(b"username=x")
        assert status(read_all(client)) == 403
    with door.connect() as client:
        client.sendall(
            f"POST / HTTP/1.1\r\nHost: {door.host}\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n".encode()
        )
        assert status(read_all(client)) == 413


def test_an_answer_to_head_ends_with_its_headers_and_the_next_one_follows(door: Door):
    with door.connect() as client:
        client.sendall(f"HEAD /static/large.bin HTTP/1.1\r\nHost: {door.host}\r\n\r\n".encode())
        first = client.recv(1 << 16)
        assert status(first) == 200
        assert b"ontent-Length: 33554432" in first
        assert first.endswith(b"\r\n\r\n")
        client.sendall(f"HEAD / HTTP/1.1\r\nHost: {door.host}\r\nConnection: close\r\n\r\n".encode())
        second = read_all(client)
        assert status(second) == 200
        assert second.endswith(b"\r\n\r\n")


def test_an_answer_names_no_server_and_no_version(door: Door):
    for answer in (door.get("/"), door.send(b"nonsense\r\n\r\n"), door.get("/nothing-here/")):
        head = answer.split(b"\r\n\r\n")[0].lower()
        assert head.startswith(b"http/1.")
        assert b"gunicorn" not in head
        assert b"waitress" not in head
        assert b"nginx/" not in answer.lower()


# --- last, because it stops what the others use ----------------------------------------------------


def test_serve_stops_while_slow_clients_hold_their_connections(serve: Serve):
    with many(MANY, half_a_body, serve.door) as clients:
        assert all(map(is_held, clients))
        assert serve.stop() == 0
        assert not any(map(is_held, clients))
