"""Answers below ``/zh-hant/`` on the public hosts of sites that show traditional pages.

The views, the ledger and whatever else decides about an address see the plain one, so nothing is to be had here that is
not to be had there: what is withdrawn is gone at both addresses, what is unknown is unknown at both.
"""

import hashlib
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from govplatform.tenancy.hosts import PUBLIC, find_host, public_url
from govplatform.tenancy.models import Tenant

from .addresses import PREFIX, has_variant, is_variant, plain_of, variant_of
from .converting import traditional_page
from .words import words_of


class TraditionalPages:
    """Ask for the plain page, convert what comes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        tenant: Tenant | None = getattr(request, "tenant", None)
        if tenant is None or not is_variant(f"{request.path_info}/") or not _is_shown(request, tenant):
            return self.get_response(request)
        if request.path_info == PREFIX:
            return HttpResponsePermanentRedirect(f"{PREFIX}/")
        asked_for = request.META.pop("HTTP_IF_NONE_MATCH", None)
        request.path_info = request.path = plain_of(request.path_info)
        request.META["PATH_INFO"] = request.path_info.encode().decode("latin-1")
        response = self.get_response(request)
        if asked_for is not None:
            request.META["HTTP_IF_NONE_MATCH"] = asked_for
        return _converted(request, response, tenant)


def _is_shown(request: HttpRequest, tenant: Tenant) -> bool:
    """Old hosts have the addresses that they once had, and no others."""
    return tenant.traditional and request.host_kind == PUBLIC and not request.old_host  # type: ignore[attr-defined]


def _converted(request: HttpRequest, response: HttpResponseBase, tenant: Tenant) -> HttpResponseBase:
    if location := response.headers.get("Location", ""):
        response.headers["Location"] = _variant_there(location)
        return response
    if not isinstance(response, HttpResponse) or not response.headers.get("Content-Type", "").startswith("text/html"):
        # Files and what machines ask for have one address.
        return HttpResponsePermanentRedirect(request.get_full_path()) if response.status_code == 200 else response
    root = public_url(tenant, "").rstrip("/")
    response.content = traditional_page(response.content.decode(), words_of(tenant.traditional_words), root).encode()
    if response.has_header("Content-Length"):
        response.headers["Content-Length"] = str(len(response.content))
    if "ETag" not in response.headers:
        return response
    tag = quote_etag(hashlib.blake2b(response.content, digest_size=16).hexdigest())
    response.headers["ETag"] = tag
    return get_conditional_response(request, etag=tag, response=response) or response


def _variant_there(location: str) -> str:
    """Where the traditional page of what is at ``location`` is: on this site or on one into which it has gone, where
    that shows them; ``location`` itself where there is none.
    """
    if location.startswith("/"):
        return variant_of(location) if has_variant(location) else location
    host = find_host((urlsplit(location).hostname or "").lower())
    if host is None or host.kind != PUBLIC or not host.tenant.traditional:
        return location
    root = public_url(host.tenant, "").rstrip("/")
    path = location.removeprefix(root)
    return f"{root}{variant_of(path)}" if path != location and has_variant(path) else location
