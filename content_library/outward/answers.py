"""The frame of every answer of the API: methods, closed sites, limits, conditional requests, errors, CORS."""

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .errors import ApiError, error_response
from .limits import seconds_to_wait
from .parameters import Parameter, read_parameters

_METHODS = "GET, HEAD, OPTIONS"
#: Caches must ask before each use of an answer, so that what was recalled is gone with the next request.
CACHE_CONTROL = "public, max-age=0, must-revalidate"
_SITE_RETRY = 3600

View = Callable[..., HttpResponseBase]


def answers(view: View, parameters: Sequence[Parameter] = (), *, limit: str = "read") -> View:
    """Wrap ``view(request, values, **kwargs)`` into what every address of the API does.

    ``values``: the values of ``parameters`` by name, already checked. ``limit``: key of ``settings.OUTWARD_LIMITS``.
    ApiError and Refused become answers.
    """

    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            response = _answer(request, kwargs)
        except ApiError as error:
            response = error_response(error)
        except Refused as refusal:
            response = error_response(ApiError(400, "bad_request", " ".join(refusal.reasons)))
        return _opened(response)

    def _answer(request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": _METHODS})
        if request.method not in ("GET", "HEAD"):
            raise ApiError(405, "method_not_allowed", _("这个接口只供读取，请用 GET。"))
        _check_site(getattr(request, "tenant", None))
        if wait := seconds_to_wait(request, limit):
            raise ApiError(429, "too_many_requests", _("请求过于频繁，请稍后再试。"), retry_after=wait)
        response = view(request, read_parameters(request.GET, parameters), **kwargs)
        return _conditional(request, response)

    return answer


def unreadable_answer() -> HttpResponse:
    """Return the 400 for an address below the API that was refused before any view: unreadable, or too long."""
    response = error_response(ApiError(400, "bad_request", _("网址含有无法识别的字符，或者过长。")))
    _opened(response)
    return response


def json_answer(value: Any) -> HttpResponse:
    """Return ``value`` as JSON in UTF-8, Chinese characters unescaped."""
    return HttpResponse(json.dumps(value, ensure_ascii=False), content_type="application/json; charset=utf-8")


def _check_site(tenant: Tenant | None) -> None:
    if tenant is None or tenant.answers_citizens:
        return
    if tenant.answers_from_ledger:
        raise ApiError(410, "site_retired", _("本站已经关停。请改用平台其他站点的同一接口。"))
    raise ApiError(503, "site_closed", _("本站暂未开放，请稍后再来。"), retry_after=_seconds_until_back(tenant))


def _seconds_until_back(tenant: Tenant) -> int:
    if tenant.offline_until is None:
        return _SITE_RETRY
    return max(1, math.ceil((tenant.offline_until - timezone.now()).total_seconds()))


def _conditional(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Cache-Control", CACHE_CONTROL)
    if not isinstance(response, HttpResponse) or response.status_code != 200:
        return response
    tag = quote_etag(hashlib.blake2b(response.content, digest_size=16).hexdigest())
    response.headers["ETag"] = tag
    return get_conditional_response(request, etag=tag, response=response) or response


def _opened(response: HttpResponseBase) -> HttpResponseBase:
    """Add the headers that let any page read the answer, but never with anybody's credentials."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = _METHODS
    response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
    response.headers["Access-Control-Max-Age"] = "86400"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    if response.status_code == 405:
        response.headers["Allow"] = _METHODS
    return response
