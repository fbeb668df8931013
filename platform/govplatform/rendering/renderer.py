"""Asking the application for an address as a citizen's browser would, without a server between."""

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http.response import HttpResponseBase
from django.urls import set_urlconf
from django.utils import translation
from django.utils.module_loading import import_string
from django_tenants.utils import tenant_context

from govplatform.tenancy.hosts import find_host, forget_hosts, shown_as_live
from govplatform.traditional.addresses import plain_of

from .kept import KeptAnswer, ReadKept, find_kept
from .reads import Read, recording
from .state import read_ahead

#: A body beyond this lies on the disk while it is worked on.
HELD_IN_MEMORY = 4 * 1024 * 1024
#: Headers that belong to a connection and not to what is sent.
_OF_THE_CONNECTION = frozenset({"connection", "keep-alive", "date", "server", "set-cookie"})


@dataclass
class Rendered:
    """What an address answered.

    ``reason``: ``200 OK``; ``body``: a file, in memory while it is small; ``size``: its bytes; ``reads``: what it was
    made of; ``made``: what the renderer's ``make`` made of it.
    """

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: IO[bytes]
    size: int
    reads: frozenset[Read]
    made: Any = None

    def header(self, name: str) -> str:
        return next((value for found, value in self.headers if found.lower() == name), "")

    @property
    def type(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()

    def text(self) -> bytes:
        """The body of a page or style sheet as far as it is read; b"" for what is too large."""
        if self.size > HELD_IN_MEMORY:
            return b""
        self.body.seek(0)
        return self.body.read()


#: ``make(address, rendered)``: whatever is to be made of each answer in the process that rendered it.
_Make = Callable[[str, Rendered], Any]


class Renderer:
    """The application, asked as the public host ``root`` (``http://host:port``); spools bodies in ``folder``.

    Sites that are offline or retired show their pages to it all the same. ``make``: dotted name of a function
    ``(address, rendered)``, or ''; what it returns is small and can be pickled. ``takes_kept``: what is certainly kept
    of the same (``kept.py``) is not rendered, and has no ``reads``.
    """

    def __init__(self, root: str, folder: Path, make: str = "", *, takes_kept: bool = False) -> None:
        parts = urlsplit(root)
        # What another process has saved of a site a moment ago is in what is rendered from now on.
        forget_hosts()
        self.root = root
        self.folder = folder
        self.make = make
        self._make: _Make | None = import_string(make) if make else None
        self._scheme = parts.scheme
        self._host = parts.netloc
        self._handler = _handler()
        self.takes_kept = takes_kept
        self._kept: dict[str, ReadKept] = {}

    def ahead(self, targets: Iterable[str]) -> None:
        """Read at once, for all ``targets``, what their pages need; inside a state."""
        host = find_host(self._host.partition(":")[0])
        if host is not None:
            with tenant_context(host.tenant):
                wanted = list(targets)
                self._kept = find_kept(host.tenant, self.root, wanted) if self.takes_kept else {}
                read_ahead(plain_of(target.partition("?")[0]) for target in wanted if target not in self._kept)

    @contextmanager
    def asked(self, target: str) -> Iterator[Rendered]:
        """The answer to GET of ``target`` (path and query as a browser sends them), for as long as the block runs."""
        read = self._kept.pop(target, None)
        kept = read() if read is not None else None
        if kept is not None:
            yield self._taken(target, kept)
            return
        with tempfile.SpooledTemporaryFile(max_size=HELD_IN_MEMORY, dir=str(self.folder)) as body:
            with translation.override(settings.LANGUAGE_CODE):
                rendered = self._answer(target, body)
                if self._make is not None:
                    rendered.made = self._make(f"{self.root}{target}", rendered)
                    body.seek(0)
            yield rendered

    def _taken(self, target: str, kept: KeptAnswer) -> Rendered:
        rendered = Rendered(200, "200 OK", kept.headers, io.BytesIO(kept.body), len(kept.body), frozenset())
        if self._make is not None:
            rendered.made = self._make(f"{self.root}{target}", rendered)
            rendered.body.seek(0)
        return rendered

    def _answer(self, target: str, body: IO[bytes]) -> Rendered:
        held = shown_as_live.set(True)
        try:
            with recording() as reads:
                response = self._handler.get_response(WSGIRequest(self._environ(target)))
                try:
                    size = sum(map(body.write, response))
                finally:
                    _close(response)
        finally:
            shown_as_live.reset(held)
        number = response.status_code
        headers = [(name, value) for name, value in response.items() if name.lower() not in _OF_THE_CONNECTION]
        body.seek(0)
        return Rendered(number, f"{number} {response.reason_phrase}", headers, body, size, frozenset(reads))

    def _environ(self, target: str) -> dict[str, Any]:
        path, _mark, query = target.partition("?")
        name, _colon, port = self._host.partition(":")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            # As WSGI has it: bytes, each as the character of its number.
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": name,
            "SERVER_PORT": port or ("443" if self._scheme == "https" else "80"),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self._host,
            "HTTP_ACCEPT": "*/*",
            "HTTP_USER_AGENT": "govplatform-renderer",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self._scheme,
            "wsgi.input": _NoBody(),
            "wsgi.errors": _NoBody(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if self._scheme == "https":
            environ["HTTPS"] = "on"
            environ["HTTP_X_FORWARDED_PROTO"] = "https"
        return environ


@lru_cache(maxsize=1)
def _handler() -> BaseHandler:
    """The application with its middleware, put together once: it keeps nothing of a request, as in a server."""
    handler = BaseHandler()
    handler.load_middleware()
    return handler


class _NoBody:
    """Input without anything in it, and a place for messages that the logging has already."""

    def read(self, _most: int = -1) -> bytes:
        return b""

    def readline(self, _most: int = -1) -> bytes:
        return b""

    def write(self, _text: str) -> None:
        """The application logs by itself."""

    def flush(self) -> None:
        """Nothing is held."""


def _close(response: HttpResponseBase) -> None:
    """Close what the answer was read from. Not ``response.close()``: that tells Django that a request of a server is
    over, and with it goes the connection to the database, in whose snapshot the next address is asked for.
    """
    for close in response._resource_closers:  # type: ignore[attr-defined]
        close()
    set_urlconf(None)
