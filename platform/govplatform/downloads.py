"""An answer that a browser keeps as a file."""

from typing import TypeVar

from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

_Answer = TypeVar("_Answer", bound=HttpResponseBase)


def as_download(response: _Answer, name: str, *, shown: bool = False) -> _Answer:
    """Return ``response`` with the name of its file, in whatever characters; ``shown``: the browser may open it."""
    unnamed = "inline" if shown else "attachment"
    response.headers["Content-Disposition"] = content_disposition_header(not shown, name) or unnamed
    return response
