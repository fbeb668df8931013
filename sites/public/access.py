"""The decorator of every view on a public host: methods, closed sites, caching, conditional requests."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from govplatform.tenancy.public_headers import PAGE_CACHE_CONTROL

from .errors import closed_answer

_VIEW = Callable[..., HttpResponseBase]


def for_citizens(view: _VIEW) -> _VIEW:
    """Wrap a view of the public host: allow GET and HEAD only, answer for closed sites, answer 304 when unchanged.

    The entity tag is a hash of the answer's bytes. No answer counts as unchanged by its date alone, for header, menu
    and lists of a page change without a new date. Streamed answers and those other than 200 get no tag.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        closed = closed_answer(request)
        if closed is not None:
            return closed
        response = view(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
            response.render()
        response.headers.setdefault("Cache-Control", PAGE_CACHE_CONTROL)
        if not isinstance(response, HttpResponse) or response.status_code != 200:
            return response
        tag = quote_etag(hashlib.blake2b(response.content, digest_size=16).hexdigest())
        response.headers["ETag"] = tag
        return get_conditional_response(request, etag=tag, response=response) or response

    return answer
