"""The ledger's answers on public hosts: for former addresses of a live site, and for everything of a retired one."""

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponsePermanentRedirect

from govplatform.tenancy.models import Tenant

from .canonical import Form, forms_of
from .entering import rules_of
from .known import Answer, Ending, address_book
from .resolving import leads_on, resolve, words_for
from .unknown import note_unknown

logger = logging.getLogger("govplatform.public")
_READING = ("GET", "HEAD")


def answer_from_ledger(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """Answer for a host of a site that is no longer served: 301 to the place where it is now, 410 or 404.

    Reads nothing but ``public``, so it answers when the site's schema has been dropped.
    """
    if request.method not in _READING:
        return HttpResponseNotAllowed(_READING)
    host, forms = _asked(request, tenant)
    answer = resolve(tenant, host, forms)
    if answer.status == 301:
        return _redirect(answer)
    if answer.status == 404:
        note_unknown(tenant, host, forms)
        if leads_on(tenant):
            return address_book().unknown_page(request, tenant)
        # Nothing of the site is anywhere any more, so neither is this.
        answer = Answer(410, reason=words_for(Ending.CLOSED), ending=Ending.CLOSED)
    return address_book().gone_page(request, tenant, answer)


def former_address(request: HttpRequest, tenant: Tenant) -> HttpResponse | Answer:
    """What the ledger knows of an address of a live site that nothing was found at: a redirect, or its other answer.

    An Answer of 404 means that nobody knows the address; 200, that it is public and was not found all the same.
    """
    if request.method not in _READING:
        return Answer(404)
    host, forms = _asked(request, tenant)
    answer = resolve(tenant, host, forms)
    return _redirect(answer) if answer.status == 301 else answer


def count_unknown(request: HttpRequest, tenant: Tenant) -> None:
    """Count an address that nobody knows, for the work list."""
    if request.method in _READING:
        note_unknown(tenant, *_asked(request, tenant))


def _redirect(answer: Answer) -> HttpResponse:
    response = HttpResponsePermanentRedirect(answer.location)
    # Browsers keep a 301 for ever unless they are told; the place may change once more.
    response.headers["Cache-Control"] = "no-cache"
    return response


def _asked(request: HttpRequest, tenant: Tenant) -> tuple[str, list[Form]]:
    host = request.get_host().rsplit(":", 1)[0].lower().rstrip(".")
    query = request.META.get("QUERY_STRING", "")
    return host, forms_of(_path_bytes(request), query.encode("utf-8", "replace"), rules_of(tenant))


def _path_bytes(request: HttpRequest) -> bytes:
    """The path as it was sent; Django's own has lost which encoding it was in."""
    try:
        return str(request.META.get("PATH_INFO", "/")).encode("latin-1")
    except UnicodeEncodeError:
        return request.path.encode()
