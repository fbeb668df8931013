"""Which parameters a view asks for, learned by watching it, and where in the product a request failed."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import got_request_exception
from django.http import QueryDict

from tests.database import ROOT


class Watched(QueryDict):
    """Notes the names that are asked for in ``names``."""

    names: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().getlist(key, default)


class Fields(Watched):
    """The same of forms."""

    names: set[str] = set()


@contextmanager
def watching(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Inside, ``Watched.names`` and ``Fields.names`` grow with what views ask for."""
    read_query, read_form = WSGIRequest.GET.func, WSGIRequest.POST.fget  # type: ignore[attr-defined]

    def query(request: WSGIRequest) -> QueryDict:
        if "watched_query" not in request.__dict__:
            found = read_query(request)
            found.__class__ = Watched
            request.__dict__["watched_query"] = found
        return request.__dict__["watched_query"]

    def form(request: WSGIRequest) -> QueryDict:
        found = read_form(request)
        if type(found) is QueryDict:
            found.__class__ = Fields
        return found

    with monkeypatch.context() as patch:
        patch.setattr(WSGIRequest, "GET", property(query))
        patch.setattr(WSGIRequest, "POST", property(form, WSGIRequest.POST.fset))  # type: ignore[attr-defined]
        yield


@contextmanager
def failures() -> Iterator[list[str]]:
    """What escaped a view: the exception and the last place of it in the product, newest last."""
    found: list[str] = []

    def note(sender: Any, request: Any, **_kwargs: Any) -> None:
        found.append(_place_of_current())

    got_request_exception.connect(note)
    try:
        yield found
    finally:
        got_request_exception.disconnect(note)


def _place_of_current() -> str:
    import sys

    error = sys.exc_info()[1]
    assert error is not None
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith(str(ROOT)) and ".venv" not in frame.filename]
    places = [f"{frame.filename.removeprefix(str(ROOT))}:{frame.lineno}" for frame in (*own[-1:], frames[-1])]
    return f"{type(error).__name__}: {str(error)[:80]} at {' <- '.join(dict.fromkeys(places))}"
