"""Requests as they are answered to clients: counted, and a line each in the log of accesses.

What the platform renders for itself (files, archives) goes through the same views, but not through this.
"""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import parse_header_parameters

from govplatform.figures.counted import REQUEST_SECONDS, REQUESTS
from govplatform.logs.context import during_request, person_id
from govplatform.logs.hiding import without_secrets
from govplatform.tenancy.client_address import client_address

logger = logging.getLogger("govplatform.access")
_FIRST = {
    "search": "search", "static": "static", "media": "file", "documents": "file", "library": "file", "api": "api",
    "feeds": "feed",
}  # fmt: skip
_HOSTS = frozenset({"public", "console", "start", "archive"})


class ObservedHandler(WSGIHandler):
    """Django's door with a clock."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        try:
            parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        except ValueError:
            # Django reads it while it makes the request, before anything catches what that raises: what says nothing
            # that can be read is a body of no known type, as everywhere.
            environ["CONTENT_TYPE"] = ""
        return super().__call__(environ, start_response)

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        # without a front server of ours the header is whatever the client says
        told = request.headers.get("X-Request-Id", "") if settings.OUTWARD_PROXIES else ""
        with during_request(told):
            began = time.monotonic()
            answer: HttpResponseBase = super().get_response(request)
            _note(request, answer, time.monotonic() - began)
            return answer


def kind_of(request: HttpRequest) -> str:
    """What is asked for, in one of a few words: ``form`` for whatever sends something."""
    first = request.path_info.lstrip("/").partition("/")[0]
    if first in _FIRST:
        return _FIRST[first]
    return "page" if request.method in {"GET", "HEAD"} else "form"


def shown_path(request: HttpRequest) -> str:
    """The path without its query, in which people type what they look for, and without what opens an account.

    By the path, not by the view: an address that was asked for without its last slash or of another host found none.
    """
    return without_secrets(request.path)


def _note(request: HttpRequest, answer: HttpResponseBase, seconds: float) -> None:
    told: Any = getattr(request, "host_kind", None)
    host = told if told in _HOSTS else "unknown"
    kind = kind_of(request)
    REQUESTS.labels(host, kind, f"{answer.status_code // 100}xx").inc()
    REQUEST_SECONDS.labels(host, kind).observe(seconds)
    # what was asked for nobody is asked for the log alone: it would cost each anonymous request a question
    person = getattr(request, "_cached_user", None)
    person_id.set(getattr(person, "pk", None))
    tenant = getattr(request, "tenant", None)
    logger.info(
        "%s %s",
        request.method,
        shown_path(request),
        extra={
            "status": answer.status_code,
            "seconds": round(seconds, 4),
            "host": host,
            "site": getattr(tenant, "schema_name", "public"),
            "client": client_address(request),
        },
    )
