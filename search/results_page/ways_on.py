"""Help for somebody who found nothing: what fewer words find, other places, no filters, columns that are called so."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from govplatform.tenancy.models import Tenant

from ..asking.parsing import parse
from ..asking.shortening import Shorter, shorter_questions
from ..narrowing import Filters, Scope
from ..queries import search
from ..results import Results
from .asked import PageAsked
from .shown import scope_labels, shown_hits

#: Questions that are tried for one page, each as cheap as the one that found nothing.
_TRIED_AT_MOST = 8
_OFFERED, _COLUMNS = 3, 5


def ways_on(asked: PageAsked, site: Tenant) -> dict[str, Any]:
    """Return what the template shows for a question without hits.

    ``{"relaxed": {"text", "left_out", "url", "count", "hits"} or None, "others": [{"label", "url", "count"}],
    "columns": [{"title", "url"}]}``. ``relaxed``: the nearest shorter question that finds something where was searched,
    with its foremost hits in the order of every answer; ``left_out``: words that its hits need not have.
    """
    tried = list(islice(shorter_questions(asked.text), _TRIED_AT_MOST))
    relaxed = _relaxed(asked, tried, site)
    others = [*islice(_wider(asked, site), _TRIED_AT_MOST)]
    if relaxed is None and len(others) < _OFFERED:
        others += islice(_everywhere(asked, tried, site), _OFFERED)
    return {"relaxed": relaxed, "others": others, "columns": _columns(asked, site)}


# --- inside -------------------------------------------------------------------------------


def _relaxed(asked: PageAsked, tried: list[Shorter], site: Tenant) -> dict[str, Any] | None:
    for shorter in tried:
        other = replace(asked, text=shorter.text, filters=Filters(), page=1, left_out=())
        found = _found(other, site)
        if found.hits:
            return {
                "text": found.text,
                "left_out": shorter.left_out,
                "url": other.address(),
                "count": _count(found),
                "more": found.total > len(found.hits),
                "hits": shown_hits(found),
            }
    return None


def _wider(asked: PageAsked, site: Tenant) -> Iterator[dict[str, Any]]:
    """Yield the same question without filters, and in wider scopes."""
    bare = replace(asked, filters=Filters(), page=1, left_out=())
    if asked.filters != Filters():
        yield from _offer(_("去掉全部筛选"), bare, site)
    labels = scope_labels(site)
    wider = list(labels)[list(labels).index(asked.scope) + 1 :] if asked.scope in labels else []
    for scope in wider:
        words = _("在“%(scope)s”中查找") % {"scope": labels[scope]}
        yield from _offer(words, bare.with_scope(scope), site)


def _everywhere(asked: PageAsked, tried: list[Shorter], site: Tenant) -> Iterator[dict[str, Any]]:
    """Yield the shorter questions over all sites, where none of them finds anything where was searched."""
    if asked.scope == Scope.ALL:
        return
    bare = replace(asked, filters=Filters(), page=1, left_out=())
    for shorter in tried[: _TRIED_AT_MOST // 2]:
        words = _("在“全部网站”中改搜“%(text)s”") % {"text": shorter.text}
        yield from _offer(words, replace(bare, text=shorter.text).with_scope(Scope.ALL), site)


def _offer(label: str, other: PageAsked, site: Tenant) -> Iterator[dict[str, Any]]:
    found = _found(other, site)
    if found.total:
        yield {"label": label, "url": other.address(), "count": _count(found)}


def _count(found: Results) -> str:
    words = _("至少 %(total)s 条") if found.capped else _("%(total)s 条")
    return words % {"total": f"{found.total:,}"}


def _found(asked: PageAsked, site: Tenant) -> Results:
    return search(asked.text, site=site, scope=asked.scope, filters=asked.filters, order=asked.order)


def _columns(asked: PageAsked, site: Tenant) -> list[dict[str, str]]:
    """Return columns of the site that are called by one of the words."""
    found: dict[str, str] = {}
    for word in islice((word.text for word in parse(asked.text).words), 3):
        hits = search(word, site=site, scope=Scope.SITE, filters=Filters(kind="column")).hits
        found |= {hit.url: hit.title_text for hit in hits}
    return [{"title": title, "url": url} for url, title in list(found.items())[:_COLUMNS]]
