"""The views of the search for machines; what holds for all of them stands in ``content_library.outward.answers``."""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from content_library.outward.answers import json_answer
from content_library.outward.errors import ApiError
from content_library.outward.openapi import describe_api
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from ..engine import EngineError
from ..narrowing import Filters
from ..offering import suggest
from ..queries import search
from ..results_page.asked import PATH
from .addresses import ADDRESSES, FILTERS, PREFIX
from .shapes import answer_shapes, describe_results, describe_suggestions

_RETRY = 60


def results_view(request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    """Answer with a page of results."""
    try:
        results = search(
            values["q"],
            site=request.tenant,  # type: ignore[attr-defined]
            scope=values["scope"],
            filters=Filters(**{one.name: values[one.name] for one in FILTERS}),
            order=values["order"],
            page=values["page"],
        )
    except EngineError as problem:
        raise _unavailable() from problem
    return json_answer(describe_results(results, request.tenant))  # type: ignore[attr-defined]


def suggestions_view(request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    """Answer with suggestions for what was typed so far."""
    try:
        found = suggest(values["q"], site=request.tenant, scope=values["scope"])  # type: ignore[attr-defined]
    except EngineError as problem:
        raise _unavailable() from problem
    return json_answer(describe_suggestions(found))


def openapi_view(request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    """Answer with the OpenAPI document."""
    title = _("%(platform)s 检索接口") % {"platform": settings.WAGTAIL_SITE_NAME}
    about = _(
        "只读，不需要登录。只能找到公众当前可以阅读的信息；撤回的信息随即不再出现。"
        "每分钟请求次数有限，超出时答复 429 并在 Retry-After 中说明等待秒数。"
    )
    return json_answer(describe_api(title, about, PREFIX, ADDRESSES, answer_shapes()))


def missing_view(request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    """Answer 404 to any other address below the prefix."""
    raise ApiError(404, "not_found", _("没有这个地址。接口说明见 /api/search/openapi.json。"))


def opensearch_description(tenant: Tenant) -> bytes:
    """Return the OpenSearch description (version 1.1) by which browsers offer the search of a site."""
    name = tenant.full_name
    about = _("查找“%(site)s”公开的信息") % {"site": name}
    page = public_url(tenant, f"{PATH}?q={{searchTerms}}")
    answers = public_url(tenant, f"{PREFIX}?q={{searchTerms}}&page={{startPage?}}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(name[:16])}</ShortName>\n"
        f"<LongName>{escape(name[:48])}</LongName>\n"
        f"<Description>{escape(about)}</Description>\n"
        f'<Url type="text/html" template={quoteattr(page)}/>\n'
        f'<Url type="application/json" template={quoteattr(answers)}/>\n'
        "<InputEncoding>UTF-8</InputEncoding>\n<OutputEncoding>UTF-8</OutputEncoding>\n<Language>zh-CN</Language>\n"
        "</OpenSearchDescription>\n"
    ).encode()


def _unavailable() -> ApiError:
    return ApiError(503, "search_unavailable", _("检索暂时不可用，请稍后再试。"), retry_after=_RETRY)
