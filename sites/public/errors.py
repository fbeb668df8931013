"""The answers for errors, in the site's own look: not found, gone, site closed, server error."""

import logging
import re
import sys
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.distribution.listing import recalled_pages
from content_library.metadata import SITE_FIELDS, meta_tags
from content_library.outward.addresses import PREFIX as LIBRARY_PREFIX
from content_library.outward.answers import unreadable_answer
from govplatform.addresses.known import Answer, Ending
from govplatform.addresses.redirector import answer_from_ledger, answer_on_old_host, count_unknown, former_address
from govplatform.addresses.resolving import door_of, words_for
from govplatform.lifecycle.states.queries import domain_page, migration_page, offline_page
from govplatform.lifecycle.states.returning import seconds_until_back
from govplatform.review.models import Withdrawal
from govplatform.review.queries import site_path
from govplatform.tenancy.hosts import public_url, shown_as_live
from govplatform.tenancy.models import Tenant
from search.outward.addresses import OPENSEARCH
from search.outward.addresses import PREFIX as SEARCH_PREFIX
from search.results_page.asked import PATH as SEARCH_PATH
from sites.pages.context import base_context, site_values
from sites.pages.plain_words import plain_words

logger = logging.getLogger("govplatform.public")

HOME_SLUG = "home"
#: Below these addresses machines ask, and errors are JSON.
_FOR_MACHINES = (LIBRARY_PREFIX, SEARCH_PREFIX)
#: Answers that are made for each question; there is nothing at these addresses that could have moved.
MADE_ANEW = frozenset({SEARCH_PATH, OPENSEARCH})
_RETRY = 60
#: Attribute of a request: what somebody typed into a form. Of its fields those that a form fills in itself, or that are
#: chosen, are none of it; and no form has more that are written.
_TYPED, _MOST_TYPED = "_typed", 20
_NOT_TYPED = frozenset({"token", "work", "sum", "website", "code", "kind", "to", "publish"})
_PAGE_PATH = re.compile(r"/(?:[\w\-.]+/)+")
_BROKEN = "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>{0}</title><h1>{0}</h1></html>"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404, or what the ledger knows of the address: where it is now, or that it is gone (410).

    410 also for the address of a page that citizens could once read, and the answer of a site that is closed.
    """
    closed = closed_answer(request)
    if closed is not None:
        return closed
    tenant: Tenant | None = getattr(request, "tenant", None)
    known = former_address(request, tenant) if tenant is not None else None
    if isinstance(known, HttpResponse):
        return known
    if _PAGE_PATH.fullmatch(f"{request.path}/") and _is_live(f"{request.path}/"):
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    if _PAGE_PATH.fullmatch(request.path) and (page := _formerly_public(request.path)) is not None:
        return gone(request, *_end_of(page))
    if known is not None and known.status == 410:
        return gone(request, None, known.reason)
    is_for_machines = request.path.startswith(_FOR_MACHINES)
    if tenant is not None and known is not None and known.status == 404 and not is_for_machines:
        count_unknown(request, tenant)
    return _uncached(render(request, "errors/404.html", _context(request), status=404))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 without a query, in the site's look; the API says it in JSON."""
    if request.path.startswith(_FOR_MACHINES):
        return unreadable_answer()
    closed = closed_answer(request)
    if closed is not None:
        return closed
    tenant = getattr(request, "tenant", None)
    context = {**_frame(tenant), "home_url": "/", "search_url": SEARCH_PATH if tenant is not None else ""}
    return _uncached(render(request, "errors/400.html", context, status=400))


def too_many_requests(request: HttpRequest, wait: int) -> HttpResponse:
    """429 without a query: in ``wait`` seconds the next question is answered."""
    context = {**_frame(getattr(request, "tenant", None)), "home_url": "/", "wait": wait}
    response = render(request, "errors/429.html", context, status=429)
    response.headers["Retry-After"] = str(wait)
    return _uncached(response)


def search_unavailable(request: HttpRequest) -> HttpResponse:
    """503 while no engine answers: the columns lead on."""
    response = render(request, "search/unavailable.html", _context(request), status=503)
    response.headers["Retry-After"] = str(_RETRY)
    return _uncached(response)


def give_back(request: HttpRequest, sent: QueryDict) -> None:
    """Have the page that says that nothing can be taken now show what was typed, so that nobody types it twice."""
    names = [name for name in sent if name not in _NOT_TYPED]
    typed = [value for name in names for value in sent.getlist(name) if len(value.strip()) > 1]
    setattr(request, _TYPED, sorted(typed, key=len, reverse=True)[:_MOST_TYPED])


def not_taken(request: HttpRequest) -> HttpResponse | None:
    """What a closed site says to a form that was opened before: nothing was taken, where to send it, what was typed.

    None where forms are taken. Call after ``give_back``.
    """
    tenant: Tenant | None = getattr(request, "tenant", None)
    if tenant is None or shown_as_live.get() or not tenant.answers_from_ledger:
        return None
    context = {
        **_frame(tenant),
        **_content_now(request, tenant),
        "place": door_of(tenant, request.path),
        "typed": getattr(request, _TYPED, ()),
    }
    response = render(request, "errors/not_taken.html", context, status=410)
    response.headers["Cache-Control"] = "no-store"
    return response


def away(request: HttpRequest) -> HttpResponse:
    """What nginx says in the site's look while the application is away; for the publisher, and for nobody who asks."""
    if not shown_as_live.get():
        return not_found(request)
    response = _away(request, _context(request))
    # Nothing failed: it is rendered with each whole site.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def missing(request: HttpRequest) -> HttpResponse:
    """What nginx says while the application is away where nothing was ever published; as ``away``."""
    if not shown_as_live.get():
        return not_found(request)
    context = {**_context(request), "is_away": True, "search_url": ""}
    response = _uncached(render(request, "errors/404.html", context, status=404))
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def gone(request: HttpRequest, since: datetime | None, reason: str) -> HttpResponse:
    """Answer 410, saying since when (None: unknown) and why, in general words.

    The title of the page is not shown, for it may be the reason why the page was withdrawn.
    """
    context = {**_context(request), "since": since, "reason": reason}
    return _uncached(render(request, "errors/410.html", context, status=410))


def closed_page(request: HttpRequest, tenant: Tenant, answer: Answer) -> HttpResponse:
    """410 on a host of a site that is no longer served: what was there, why it is gone, where the site's content is."""
    context = {
        **_frame(tenant),
        **_content_now(request, tenant),
        "title": answer.title,
        "since": None,
        "reason": answer.reason,
    }
    return _uncached(render(request, "errors/410.html", context, status=410))


def unknown_page(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """404 on a host of a site that is no longer served, with where the site's content is; as ``closed_page``."""
    return _uncached(
        render(request, "errors/404.html", {**_frame(tenant), **_content_now(request, tenant)}, status=404)
    )


def kept_path(tenant: Tenant) -> str:
    """The path of the migration notice of a closed site, whose term may end later than the merge; '' when it is not up.

    Of a schema that was dropped nothing is read.
    """
    page = _migration_notice(tenant)
    return site_path(page) if page is not None else ""


def closing_notice(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """The migration notice of a closed site at its own address; 410 when it has just come down."""
    page = _migration_notice(tenant)
    if page is None:
        return closed_page(request, tenant, Answer(410, reason=words_for(Ending.CLOSED), ending=Ending.CLOSED))
    content_now = _content_now(request, tenant)
    context = {**_frame(tenant), **content_now, "heading": page.title, "notice": plain_words(page)}
    return _uncached(render(request, "errors/closing.html", context))


def withdrawn_reason() -> str:
    """Say to citizens why a withdrawn item is gone; the reason that the reviewer wrote is for the audit only."""
    return _("发布单位经核查后撤下。")


def closed_answer(request: HttpRequest) -> HttpResponse | None:
    """Return the answer of a site that is not open to citizens, or of a former host; None when the page is shown.

    Of a retired site what the ledger knows of the address (301, 410, 404); 503 with Retry-After (seconds until it is
    planned to be back) for one that is being prepared or offline; of a former host the notice with the new address; of
    the old host of a site that was brought in what the ledger knows of the address.
    """
    tenant: Tenant | None = getattr(request, "tenant", None)
    if tenant is None or shown_as_live.get():
        return None
    if getattr(request, "old_host", ""):
        return answer_on_old_host(request, tenant)
    if tenant.answers_from_ledger:
        return answer_from_ledger(request, tenant)
    if not tenant.answers_citizens:
        return _closed_for_now(request, tenant)
    if getattr(request, "former_host", None) is not None:
        return _moved(request, tenant)
    return None


def _closed_for_now(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    context: dict[str, Any] = {**_frame(tenant), "notice": ""}
    if tenant.status == Tenant.Status.PREPARING:
        context |= {"heading": _("网站正在筹备"), "notice": _("本站正在筹备，尚未开通。")}
    elif (page := offline_page(tenant)) is not None:
        context |= {"heading": page.title, "notice": plain_words(page)}
    elif tenant.status == Tenant.Status.OFFLINE:
        # Ordered, or force majeure: it takes effect before the reviewers have cleared its notice.
        context |= {"heading": _("网站临时下线"), "notice": _("本站已临时下线。公告正在审核，发布后在这里显示。")}
    if tenant.offline_until is not None:
        context["until"] = tenant.offline_until
    response = render(request, "errors/503.html", context, status=503)
    response.headers["Retry-After"] = str(seconds_until_back(tenant))
    return _uncached(response)


def _moved(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """The notice of a new host, on the old one; each address leads to its own page there."""
    page = domain_page(tenant)
    context = {
        **_frame(tenant),
        "heading": page.title if page is not None else "",
        "notice": plain_words(page) if page is not None else "",
        "new_address": public_url(tenant, request.get_full_path()),
        "canonical_url": public_url(tenant, request.path),
    }
    return _uncached(render(request, "errors/moved.html", context))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without a single query, for it may be the database that is broken; when it is away, 503."""
    try:
        tenant = getattr(request, "tenant", None)
        context = {**_frame(tenant), "home_url": "/"}
        if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
            return _away(request, context)
        return _uncached(render(request, "errors/500.html", context, status=500))
    except Exception:
        logger.exception("the page for errors could not be rendered")
        return HttpResponse(_BROKEN.format(_("页面暂时打不开，请稍后再来。")), status=500)


def _away(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    typed = getattr(request, _TYPED, ())
    heading = _("没有收到，请稍后再提交") if typed else _("本站暂时只能阅读已发布的页面")
    context = {**frame, "is_away": True, "heading": heading, "typed": typed, "search_url": ""}
    response = render(request, "errors/503.html", context, status=503)
    response.headers["Retry-After"] = str(_RETRY)
    _uncached(response)
    if typed:
        # what somebody wrote to an office stays in no cache, the browser's among them
        response.headers["Cache-Control"] = "no-store"
    return response


def _is_live(path: str) -> bool:
    return Page.objects.filter(url_path=f"/{HOME_SLUG}{path}", live=True, depth__gt=1).exists()


def _formerly_public(path: str) -> Page | None:
    former = Page.objects.filter(url_path=f"/{HOME_SLUG}{path}", first_published_at__isnull=False, depth__gt=2)
    # A page that is live and not found is a repost whose source was withdrawn a moment ago.
    return former.filter(Q(live=False) | recalled_pages()).first()


def _end_of(page: Page) -> tuple[datetime | None, str]:
    if page.expired:
        return page.expire_at, _("公开期限已满。")
    last = Withdrawal.objects.filter(page_id=page.pk).order_by("-withdrawn_at").first()
    return (last.withdrawn_at if last else None), withdrawn_reason()


def _migration_notice(tenant: Tenant) -> Page | None:
    if tenant.dropped_at is not None:
        return None
    with tenant_context(tenant):
        return migration_page(tenant)


def _content_now(request: HttpRequest, tenant: Tenant) -> dict[str, Any]:
    """``{"content_now": {"name", "url"}}`` of the site into which the content has gone, wherever that is by now.

    What an old host had is on ``tenant`` itself, or where that has gone.
    """
    site, seen = tenant, {tenant.pk}
    while site.moved_into is not None and site.moved_into.pk not in seen:
        site = site.moved_into
        seen.add(site.pk)
    if (site == tenant and not getattr(request, "old_host", "")) or not site.answers_citizens:
        return {}
    return {"content_now": {"name": site.full_name, "url": public_url(site)}}


def _frame(tenant: Tenant | None) -> dict[str, Any]:
    """Return the template variables of header and footer alone."""
    return {"tenant": tenant, "meta_tags": meta_tags(SITE_FIELDS, site_values(tenant)) if tenant else []}


def _context(request: HttpRequest) -> dict[str, Any]:
    tenant = getattr(request, "tenant", None)
    home = Page.objects.filter(depth=2, live=True).first() if tenant is not None else None
    if home is None:
        return _frame(tenant)
    return {**base_context(home, request), "canonical_url": "", "breadcrumb": [], "is_home": False}


def _uncached(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-cache"
    return response
