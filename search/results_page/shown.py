"""What the template of the page of results gets: plain dictionaries with every address ready made."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from content_library.metadata import Validity
from content_library.vocabularies.queries import term_label
from govplatform.tenancy.models import Tenant

from ..asking.parsing import LONGEST
from ..engine import Order
from ..facets import column_titles
from ..narrowing import Scope, kind_labels
from ..queries import PAGE_SIZE, REACHED_AT_MOST
from ..results import Facet, Found, Results
from .asked import LAST_PAGE, PageAsked

#: Facets in the order in which they stand on the page.
_ORDER = ("kind", "topic", "organisation", "year", "validity", "column", "site")
#: Sites that are named beside a hit; the others are counted.
_SITES_NAMED = 3
_VALUES_SHOWN = 8


def shown_results(asked: PageAsked, results: Results, site: Tenant) -> dict[str, Any]:
    """Return the variables of the template for what was found."""
    facets = _in_order(asked, results)
    return {
        "asked": asked.text[:LONGEST],
        "heading": _heading(results),
        "results": results,
        "hits": shown_hits(results),
        "first_number": (results.page - 1) * PAGE_SIZE + 1,
        "count": _count(results),
        "notes": list(_notes(asked, results)),
        "scopes": list(_scopes(asked, site)),
        "orders": list(_orders(asked)),
        "facets": [_facet(asked, facet) for facet in facets if len(facet.values) > 1],
        "active_filters": list(_active(asked, results, site)),
        "clear_url": replace(asked, filters=type(asked.filters)(), page=1).address(),
        "did_you_mean": _suggestion(asked, results.suggestion),
        "paging": _paging(asked, results),
        "kept": {"scope": str(asked.scope)} if asked.scope != Scope.SITE else {},
    }


def shown_hits(results: Results) -> list[dict[str, Any]]:
    """Return the hits as ``search/hit.html`` takes them."""
    return [_hit(hit) for hit in results.hits]


def scope_labels(site: Tenant) -> dict[Scope, str]:
    """Return the scopes that make a difference for ``site``, in words: its region only where sites lie below it."""
    labels = {Scope.SITE: _("本站")}
    if (
        Tenant.objects.filter(parent=site)
        .exclude(kind=Tenant.Kind.CONSOLE)
        .exclude(status=Tenant.Status.PREPARING)
        .exists()
    ):
        labels[Scope.REGION] = _("本地区")
    return {**labels, Scope.ALL: _("全部网站")}


# --- inside -------------------------------------------------------------------------------


def _heading(results: Results) -> str:
    return _("“%(text)s”的搜索结果") % {"text": results.text} if results.text else _("搜索")


def _count(results: Results) -> str:
    if results.capped:
        return _("至少 %(total)s 条结果") % {"total": f"{results.total:,}"}
    return _("共 %(total)s 条结果") % {"total": f"{results.total:,}"}


def _notes(asked: PageAsked, results: Results) -> Iterator[str]:
    yield from asked.left_out
    if results.notice:
        yield results.notice
    if results.cut:
        yield _("搜索的文字过长，已按前 %(longest)s 个字查找。") % {"longest": LONGEST}
    if results.hits and results.total > REACHED_AT_MOST and results.page == LAST_PAGE:
        yield _("最多翻看前 1,000 条。请增加词语或使用筛选，缩小范围。")


def _scopes(asked: PageAsked, site: Tenant) -> Iterator[dict[str, Any]]:
    labels = scope_labels(site)
    for scope, label in labels.items():
        yield {"label": label, "url": asked.with_scope(scope).address(), "current": scope == asked.scope}


def _orders(asked: PageAsked) -> Iterator[dict[str, Any]]:
    for order, label in ((Order.RELEVANCE, _("按相关度")), (Order.NEWEST, _("按时间"))):
        yield {
            "label": label,
            "url": replace(asked, order=order, page=1).address(),
            "current": order == asked.order,
        }


def _in_order(asked: PageAsked, results: Results) -> list[Facet]:
    found = {facet.name: facet for facet in results.facets}
    if asked.scope == Scope.SITE:
        # One site is searched: it says nothing which others show the same.
        found.pop("site", None)
    return [found[name] for name in _ORDER if name in found]


def _facet(asked: PageAsked, facet: Facet) -> dict[str, Any]:
    values = [
        {
            "label": value.label,
            "count": f"{value.count:,}",
            "at_least": not facet.exact,
            "chosen": value.chosen,
            # Chosen once more, it is let go of.
            "url": asked.with_filter(facet.name, "" if value.chosen else value.value).address(),
        }
        for value in facet.values
    ]
    return {"name": facet.name, "label": facet.label, "values": values[:_VALUES_SHOWN], "more": values[_VALUES_SHOWN:]}


def _active(asked: PageAsked, results: Results, site: Tenant) -> Iterator[dict[str, str]]:
    """Yield the filters that are on, each with the address without it."""
    shown = {(facet.name, one.value): one.label for facet in results.facets for one in facet.values}
    names = _names()
    for name in _ORDER:
        if value := getattr(asked.filters, name):
            label = shown.get((name, value)) or _label(name, value, site)
            yield {"name": names[name], "label": label, "url": asked.with_filter(name, "").address()}


def _names() -> dict[str, str]:
    return {
        "kind": _("类型"),
        "topic": _("主题分类"),
        "organisation": _("发文机关"),
        "year": _("发布年份"),
        "validity": _("时效"),
        "column": _("栏目"),
        "site": _("站点"),
    }


def _label(name: str, value: str, site: Tenant) -> str:
    """Return a value in words that no hit has."""
    if name == "kind":
        return kind_labels().get(value, value)
    if name == "validity":
        return str(dict(Validity.choices).get(value, value))
    if name in ("topic", "organisation"):
        return term_label("subject" if name == "topic" else "organisation", value)
    if name == "site":
        return Tenant.objects.filter(code=value).values_list("full_name", flat=True).first() or value
    return column_titles(site, [value]).get(value, value) if name == "column" else value


def _suggestion(asked: PageAsked, suggestion: str) -> dict[str, str] | None:
    if not suggestion:
        return None
    return {"text": suggestion, "url": replace(asked, text=suggestion, page=1, left_out=()).address()}


def _hit(hit: Found) -> dict[str, Any]:
    others = hit.sites[1:]
    return {
        "title": hit.title,
        "url": hit.url,
        "kind": hit.kind_label,
        "kind_code": hit.kind,
        "number": hit.document_number,
        # A column is no news of the day on which it was made.
        "date": hit.published_at if hit.kind != "column" else None,
        "organisation": hit.organisation,
        "site": hit.site,
        "others": others[:_SITES_NAMED],
        "others_more": others[_SITES_NAMED:],
        # A document in force is the rule and needs no word.
        "validity": {"code": hit.validity, "label": hit.validity_label} if hit.validity not in ("", "in_force") else {},
        "snippet": hit.snippet,
        "attachment": hit.attachment,
        "picture": hit.picture,
        "related": hit.related,
    }


def _paging(asked: PageAsked, results: Results) -> dict[str, Any]:
    def url(number: int) -> str:
        return replace(asked, page=number).address()

    page, last = results.page, results.pages
    links: list[dict[str, Any]] = []
    for number in Paginator(range(last), 1).get_elided_page_range(page, on_each_side=2, on_ends=1):
        if isinstance(number, int):
            links.append({"number": number, "url": url(number), "current": number == page, "gap": False})
        else:
            links.append({"number": 0, "url": "", "current": False, "gap": True})
    return {
        "total_pages": last,
        "number": page,
        "links": links,
        "previous_url": url(page - 1) if page > 1 else "",
        "next_url": url(page + 1) if page < last else "",
    }
