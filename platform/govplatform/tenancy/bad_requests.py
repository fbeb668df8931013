"""Answers 400 in one place to requests with values that no column can hold, before any view meets them (trap T21).

PostgreSQL keeps no NUL in a text and no lone surrogate in UTF-8; Django passes both on to the first statement that
names them, which fails. A value that the database finds too large or too long is answered here too.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import get_resolver
from django.utils.datastructures import MultiValueDictKeyError

logger = logging.getLogger("govplatform.requests")

#: What cannot be read or kept because of what was sent: too long, too large, not to be encoded, a part of a form
#: that is missing.
_SENT_WRONGLY = (DataError, UnicodeEncodeError, MultiValueDictKeyError)


class BadRequestMiddleware:
    """Answers 400 to requests whose address, headers or form hold NUL or lone surrogates.

    It does the same when a view fails because a value that was sent is too long, too large or missing. The page is
    ``handler400`` of the host's URL conf. Stands after ``HostMiddleware``, which chooses that URL conf, and before
    whatever reads the request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_readable(request):
            return refuse_request(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        # Only consoles take forms; by now theirs is read anyway, for its token.
        if request.method != "POST" or getattr(request, "host_kind", "") != "console":
            return None
        try:
            storable = all(map(is_storable, _sent(request)))
        except UnreadablePostError:
            return None
        return None if storable else refuse_request(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, _SENT_WRONGLY):
            return None
        logger.warning("%s: %s", request.path, type(exception).__name__, exc_info=exception)
        return refuse_request(request)


def refuse_request(request: HttpRequest) -> HttpResponse:
    """Return the 400 page of the host that was asked."""
    handler: Any = get_resolver(getattr(request, "urlconf", None)).resolve_error_handler(400)
    return cast(HttpResponse, handler(request, exception=BadRequest()))


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can keep ``text``; of a JSON object or list, whether it can keep every text inside as well.

    The latter because rich text is sent as JSON, in which such a character hides as an escape.
    """
    if not _is_plain(text):
        return False
    if "\\u" not in text or not text.lstrip().startswith(("{", "[")):
        return True
    try:
        return all(map(_is_plain, _texts_in(json.loads(text))))
    except ValueError:
        return True
    except RecursionError:
        return False


def _is_plain(text: str) -> bool:
    return "\x00" not in text and (text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text))


def _is_readable(request: HttpRequest) -> bool:
    # Another encoding in the head would be taken for the query, too; browsers name none but UTF-8.
    if (request.encoding or "utf-8").lower().replace("_", "-") not in ("utf-8", "utf8"):
        return False
    heads = (value for name, value in request.META.items() if name.startswith("HTTP_"))
    return all(map(_is_plain, (request.path_info, *_pairs(request.GET.lists()), *request.COOKIES.values(), *heads)))


def _sent(request: HttpRequest) -> Iterator[str]:
    yield from _pairs(request.POST.lists())
    for name, files in request.FILES.lists():
        yield name
        yield from (file.name or "" for file in files)


def _pairs(lists: Iterable[tuple[str, Any]]) -> Iterator[str]:
    for name, values in lists:
        yield name
        yield from values


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, held in value.items():
            yield name
            yield from _texts_in(held)
    elif isinstance(value, list):
        for held in value:
            yield from _texts_in(held)
