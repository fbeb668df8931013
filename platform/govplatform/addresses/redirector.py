"""The ledger's answers on public hosts: for former addresses of a live site, and for everything of a retired one."""

import logging
import re

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponsePermanentRedirect

from govplatform.tenancy.models import Tenant
from govplatform.traditional.middleware import TraditionalPages

from .canonical import Form, forms_of, stored_form
from .entering import rules_of
from .known import Answer, Ending, address_book
from .resolving import lead_to_present_host, resolve, resolve_closed, resolve_on_old_host
from .unknown import note_unknown

logger = logging.getLogger("govplatform.public")
_READING = ("GET", "HEAD")
_BROKEN = re.compile(rb"%([89A-Fa-f][0-9A-Fa-f])")


def answer_from_ledger(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """Answer for a host of a site that is no longer served: 301 to the place where it is now, 410 or 404.

    Reads nothing but ``public``, so it answers when the site's schema has been dropped.
    """
    if request.method not in _READING:
        return HttpResponseNotAllowed(_READING)
    host, forms = _asked(request, tenant)
    answer = resolve_closed(tenant, host, forms, request.path)
    if answer.status == 301:
        return _redirect(answer)
    if answer.status == 200:
        return address_book().kept_page(request, tenant)
    if answer.status == 404 or (answer.ending == Ending.CLOSED and _is_unknown(request, tenant, host, forms)):
        _count(tenant, host, forms)
    if answer.status == 404:
        return address_book().unknown_page(request, tenant)
    return address_book().gone_page(request, tenant, answer)


def answer_on_old_host(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """Answer on a host that was never the platform's, whose old addresses came with a site that was brought in.

    Where several sites hold addresses of it, that one answers which knows the address; ``tenant`` is one of them.
    """
    if request.method not in _READING:
        return HttpResponseNotAllowed(_READING)
    host, forms = _asked(request, tenant)
    found = resolve_on_old_host(host, lambda site: _asked(request, site)[1])
    answer, site = found or (Answer(404), tenant)
    if answer.status == 301:
        return _redirect(answer)
    if answer.status == 404:
        _count(site, host, forms)
        return address_book().unknown_page(request, site)
    return address_book().gone_page(request, site, answer)


def former_address(request: HttpRequest, tenant: Tenant) -> HttpResponse | Answer:
    """What the ledger knows of an address of a live site that nothing was found at: a redirect, or its other answer.

    An Answer of 404 means that nobody knows the address; 200, that it is public and was not found all the same.
    """
    if request.method not in _READING:
        return Answer(404)
    host, forms = _asked(request, tenant)
    answer = resolve(tenant, host, forms)
    return _redirect(answer) if answer.status == 301 else answer


def lead_on(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """Answer on a former host of a site, whose notice of the new one is over: in one hop, wherever the address is now.

    What the ledger does not lead elsewhere is at the same path of the present host, which says if it is gone.
    """
    if tenant.answers_from_ledger:
        # before the middleware that reads traditional addresses had its turn
        return TraditionalPages(lambda asked: answer_from_ledger(asked, tenant))(request)  # type: ignore[return-value]
    found = former_address(request, tenant)
    answer = found if isinstance(found, Answer) else Answer(301, location=found.headers["Location"])
    return _redirect(lead_to_present_host(tenant, answer, request.get_full_path()))


def count_unknown(request: HttpRequest, tenant: Tenant) -> None:
    """Count an address that nobody knows, for the work list."""
    if request.method in _READING:
        _count(tenant, *_asked(request, tenant))


def _is_unknown(request: HttpRequest, tenant: Tenant, host: str, forms: list[Form]) -> bool:
    """Whether an address is gone with its site and not known by itself: somebody may want to map it."""
    return request.path not in address_book().made_anew and resolve(tenant, host, forms).status == 404


def _count(tenant: Tenant, host: str, forms: list[Form]) -> None:
    # The ninth page of a list that has eight is no address that somebody has to map.
    bare = [form for path in {form.path.partition("?")[0] for form in forms} if (form := stored_form(path))]
    if any("?" in form.path for form in forms) and resolve(tenant, host, bare).status != 404:
        return
    note_unknown(tenant, host, forms)


def _redirect(answer: Answer) -> HttpResponse:
    response = HttpResponsePermanentRedirect(answer.location)
    # Browsers keep a 301 for ever unless they are told; the place may change once more.
    response.headers["Cache-Control"] = "no-cache"
    return response


def _asked(request: HttpRequest, tenant: Tenant) -> tuple[str, list[Form]]:
    host = request.get_host().rsplit(":", 1)[0].lower().rstrip(".")
    query = request.META.get("QUERY_STRING", "")
    return host, forms_of(_path_bytes(request), query.encode("utf-8", "replace"), rules_of(tenant, host))


def _path_bytes(request: HttpRequest) -> bytes:
    """The bytes of the path as they were sent. Django writes those that are not UTF-8 as percent escapes again."""
    return _BROKEN.sub(lambda match: bytes.fromhex(match[1].decode()), request.path.encode("utf-8", "replace"))
