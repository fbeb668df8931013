"""Reading the address of a page of results, and writing one: everything that is chosen stands in it."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..asking.parsing import LONGEST
from ..engine import Order
from ..narrowing import Filters, Scope, narrow
from ..queries import PAGE_SIZE, REACHED_AT_MOST

PATH = "/search/"
LAST_PAGE = REACHED_AT_MOST // PAGE_SIZE
#: Names of filters, as fields of ``Filters`` and in addresses.
FILTERS = tuple(one.name for one in fields(Filters))
_LONGEST_VALUE = 200
_Choice = TypeVar("_Choice", Scope, Order)


@dataclass(frozen=True)
class PageAsked:
    """What the address of a page of results asks for. ``text``: as it was typed, as far as it is read.

    ``left_out``: sentences for the reader about what the address had and nobody can answer.
    """

    text: str = ""
    scope: Scope = Scope.SITE
    filters: Filters = field(default_factory=Filters)
    order: Order = Order.RELEVANCE
    page: int = 1
    left_out: tuple[str, ...] = ()

    def address(self) -> str:
        """Return the address that asks for this; what is usual is not written into it."""
        written = {"q": self.text}
        if self.scope != Scope.SITE:
            written["scope"] = str(self.scope)
        written |= {name: value for name in FILTERS if (value := getattr(self.filters, name))}
        if self.order != Order.RELEVANCE:
            written["order"] = str(self.order)
        if self.page > 1:
            written["page"] = str(self.page)
        return f"{PATH}?{urlencode(written)}"

    def with_filter(self, name: str, value: str) -> "PageAsked":
        """Return the same, narrowed to ``value`` ('' for all), on its first page."""
        return replace(self, filters=replace(self.filters, **{name: value}), page=1)

    def with_scope(self, scope: Scope) -> "PageAsked":
        """Return the same in another scope, on its first page; columns and sites belong to the scope they are of."""
        return replace(self, scope=scope, filters=replace(self.filters, column="", site=""), page=1)


def read_asked(query: QueryDict, site: Tenant) -> PageAsked:
    """Read the query of an address. Never fails: what cannot be answered is left out, and said."""
    left_out: list[str] = []
    asked = PageAsked(
        text=query.get("q", "")[: LONGEST + 1],
        scope=_one_of(query, "scope", Scope, Scope.SITE, left_out),
        order=_one_of(query, "order", Order, Order.RELEVANCE, left_out),
        page=_page(query.get("page", ""), left_out),
    )
    for name in FILTERS:
        value = query.get(name, "").strip()[:_LONGEST_VALUE]
        if not value:
            continue
        narrowed = replace(Filters(), **{name: value})
        try:
            narrow(narrowed, site=site, scope=asked.scope)
        except Refused as refusal:
            left_out += refusal.reasons
            continue
        asked = replace(asked, filters=replace(asked.filters, **{name: value}))
    return replace(asked, left_out=tuple(left_out))


def _one_of(
    query: QueryDict, name: str, choices: Callable[[str], _Choice], usual: _Choice, left_out: list[str]
) -> _Choice:
    given = query.get(name, "").strip()
    if not given:
        return usual
    try:
        return choices(given)
    except ValueError:
        left_out.append(_("网址中的“%(name)s”无法识别，已按默认处理。") % {"name": name})
        return usual


def _page(given: str, left_out: list[str]) -> int:
    given = given.strip()
    if not given:
        return 1
    if given.isascii() and given.isdecimal() and len(given) < 6 and 1 <= int(given) <= LAST_PAGE:
        return int(given)
    left_out.append(_("页码从 1 到 %(last)s，已显示第 1 页。") % {"last": LAST_PAGE})
    return 1
