"""What a test began in its window does not reach the next one that has the same context."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.browser.contexts import KeptContexts

pytestmark = pytest.mark.browser

_COOKIE = "console_session=late; Domain=.console.localhost; Path=/; HttpOnly"


class Slow:
    """A server whose ``/slow`` is answered, with a session, when ``answer`` is set."""

    def __init__(self) -> None:
        self.answer = threading.Event()
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                late = self.path == "/slow"
                if late:
                    answer.wait(30)
                try:
                    self.send_response(200)
                    if late:
                        self.send_header("Set-Cookie", _COOKIE)
                    self.send_header("Content-Type", "text/html")
                    self.end_headers()
                    self.wfile.write(b"<p>page</p>")
                except OSError:
                    pass  # The browser has hung up, as it should.

            do_POST = do_GET

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://alpha.console.localhost:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.answer.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.stop()


@pytest.mark.parametrize(
    "script",
    [
        "void fetch('/slow').catch(() => null)",
        "void fetch('/slow', {keepalive: true}).catch(() => null)",
        "void addEventListener('pagehide', () => navigator.sendBeacon('/slow'))",
    ],
    ids=["asked", "outlives_its_page", "asked_by_the_page_that_is_closed"],
)
def test_an_answer_that_comes_late_signs_nobody_in(chromium, slow, script):
    kept = KeptContexts(chromium)
    context = kept.take()
    page = context.new_page()
    page.goto(slow.address)
    page.evaluate(script)
    page.wait_for_timeout(100)
    kept.give_back(context)
    slow.answer.set()

    following = kept.take()
    page = following.new_page()
    page.goto(slow.address)
    page.wait_for_timeout(200)
    assert following.cookies() == []
    following.close()


def test_one_that_waits_for_nothing_is_used_again(chromium, slow):
    kept = KeptContexts(chromium)
    context = kept.take()
    slow.answer.set()
    context.new_page().goto(f"{slow.address}slow")
    assert len(context.cookies()) == 1
    kept.give_back(context)
    assert kept.take() is context
    assert (context.cookies(), context.pages) == ([], [])
    context.close()
