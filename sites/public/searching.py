"""The page of results on every public host, and the description by which browsers offer the search."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from wagtail.models import Page

from content_library.outward.limits import seconds_to_wait
from govplatform.tenancy.client_address import client_address
from govplatform.tenancy.models import Tenant
from search.engine import EngineError
from search.outward.views import opensearch_description
from search.queries import search
from search.results import Results
from search.results_page.asked import PageAsked, read_asked
from search.results_page.shown import shown_results
from search.results_page.ways_on import ways_on
from search.statistics.counting import note_question
from sites.pages.context import base_context

from .access import for_citizens
from .errors import search_unavailable, too_many_requests

_DESCRIPTION = "application/opensearchdescription+xml; charset=utf-8"


@for_citizens
def results(request: HttpRequest) -> HttpResponse:
    """Answer with what was found: 200 whatever is asked, 429 to too many questions, 503 while nothing can be asked."""
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    if wait := seconds_to_wait(request, "search"):
        return too_many_requests(request, wait)
    home = Page.objects.filter(depth=2, live=True).first()
    if home is None:
        raise Http404
    asked = read_asked(request.GET, tenant)
    try:
        found = _search(asked, tenant)
        if asked.page > found.pages:
            # Whoever narrows down on the ninth page has fewer of them.
            asked = replace(asked, page=found.pages)
            found = _search(asked, tenant)
        context = shown_results(asked, found, tenant)
        if not found.hits and not found.total:
            context |= ways_on(asked, tenant)
    except EngineError:
        return search_unavailable(request)
    if request.method == "GET" and asked.page == 1:
        note_question(tenant, found, client_address(request))
    return render(request, "search/results.html", {**_frame(home, request, found), **context})


def _search(asked: PageAsked, tenant: Tenant) -> Results:
    return search(asked.text, site=tenant, scope=asked.scope, filters=asked.filters, order=asked.order, page=asked.page)


def _frame(home: Page, request: HttpRequest, found: Results) -> dict[str, Any]:
    """The variables of header and footer. Results are no page of their own for search engines, and are not kept."""
    context = base_context(home, request)
    title = _("“%(text)s”的搜索结果") % {"text": found.text} if found.text else _("搜索")
    return {
        **context,
        "page": {"title": title},
        "meta_tags": [*context["meta_tags"], {"name": "robots", "content": "noindex, follow"}],
        "breadcrumb": [{"title": _("首页"), "url": "/"}, {"title": _("搜索"), "url": ""}],
        "canonical_url": "",
        "asked_url": request.build_absolute_uri(),
        "feed_url": "",
        "is_home": False,
    }


@for_citizens
def opensearch(request: HttpRequest) -> HttpResponse:
    """Answer with the OpenSearch description of the site."""
    return HttpResponse(opensearch_description(request.tenant), content_type=_DESCRIPTION)  # type: ignore[attr-defined]
