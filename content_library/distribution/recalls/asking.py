"""Requests to a site as a citizen makes them: through the whole stack of this process, without a network."""

from functools import lru_cache
from io import BytesIO
from urllib.parse import unquote_to_bytes

from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponseBase
from django_tenants.utils import schema_context

from govplatform.tenancy.models import Tenant


def ask(tenant: Tenant, path: str) -> int:
    """Return the HTTP status of ``path`` on the public host of ``tenant``. Call outside of transactions.

    Nothing is read from any cache of answers: the request goes through every middleware and the view.
    """
    raw_path, _mark, query = path.partition("?")
    environment = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": _decoded(raw_path),
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": tenant.public_host,
        "SERVER_PORT": "80",
        "HTTP_HOST": tenant.public_host,
        "HTTP_X_FORWARDED_PROTO": "https",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "https",
        "REMOTE_ADDR": "127.0.0.1",
    }
    with schema_context("public"):
        response = _handler().get_response(WSGIRequest(environment))
        status = int(response.status_code)
        _end(response)
    return status


def _decoded(path: str) -> str:
    # WSGI wants the bytes of the path as Latin-1.
    return unquote_to_bytes(path).decode("latin-1")


def _end(response: HttpResponseBase) -> None:
    # Not response.close(), which sends the signal that the request of this process has ended.
    for closer in getattr(response, "_resource_closers", []):
        closer()
    getattr(response, "_resource_closers", []).clear()


@lru_cache(maxsize=1)
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler
