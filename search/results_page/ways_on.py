"""Help for somebody who found nothing: other places, fewer filters, fewer words, columns that are called so."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from govplatform.tenancy.models import Tenant

from ..asking.parsing import parse
from ..narrowing import Filters, Scope
from ..queries import search
from ..results import Results
from .asked import PageAsked
from .shown import scope_labels

#: Questions that are tried for one page, each as cheap as the one that found nothing.
_TRIED_AT_MOST = 8
_OFFERED, _COLUMNS = 3, 5
#: A word is tried without its beginning or end when it has so many characters; so many are left at least.
_LONG, _LEFT_AT_LEAST = 4, 2


def ways_on(asked: PageAsked, site: Tenant) -> dict[str, Any]:
    """Return ``{"others": [{"label", "url", "count"}], "columns": [{"title", "url"}]}`` for a question without hits."""
    others = [*islice(_wider(asked, site), _TRIED_AT_MOST)]
    if len(others) < _OFFERED:
        others += islice(_shorter(asked, site), _OFFERED)
    return {"others": others, "columns": _columns(asked, site)}


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


def _shorter(asked: PageAsked, site: Tenant) -> Iterator[dict[str, Any]]:
    """Yield questions with fewer words, or with part of the only one, where was searched, then everywhere."""
    bare = replace(asked, filters=Filters(), page=1, left_out=())
    shorter = [replace(bare, text=text) for text in islice(shorter_questions(asked.text), _TRIED_AT_MOST)]
    for other in shorter:
        yield from _offer(_("改搜“%(text)s”") % {"text": other.text}, other, site)
    if asked.scope != Scope.ALL:
        for other in shorter[: _TRIED_AT_MOST // 2]:
            words = _("在“全部网站”中改搜“%(text)s”") % {"text": other.text}
            yield from _offer(words, other.with_scope(Scope.ALL), site)


def shorter_questions(text: str) -> Iterator[str]:
    """Yield shorter questions, the nearest first: without each word in turn, or without the end or beginning of one."""
    words = [word.text for word in parse(text).words]
    if len(words) > 1:
        for left_out in reversed(range(len(words))):
            yield " ".join(word for place, word in enumerate(words) if place != left_out)
        return
    for word in words:
        if len(word) < _LONG:
            continue
        for length in range(len(word) - 1, _LEFT_AT_LEAST - 1, -1):
            yield word[:length]
            yield word[-length:]


def _offer(label: str, other: PageAsked, site: Tenant) -> Iterator[dict[str, Any]]:
    found = _found(other, site)
    if found.total:
        count = _("至少 %(total)s 条") if found.capped else _("%(total)s 条")
        yield {"label": label, "url": other.address(), "count": count % {"total": f"{found.total:,}"}}


def _found(asked: PageAsked, site: Tenant) -> Results:
    return search(asked.text, site=site, scope=asked.scope, filters=asked.filters, order=asked.order)


def _columns(asked: PageAsked, site: Tenant) -> list[dict[str, str]]:
    """Return columns of the site that are called by one of the words."""
    found: dict[str, str] = {}
    for word in islice((word.text for word in parse(asked.text).words), 3):
        hits = search(word, site=site, scope=Scope.SITE, filters=Filters(kind="column")).hits
        found |= {hit.url: hit.title_text for hit in hits}
    return [{"title": title, "url": url} for url, title in list(found.items())[:_COLUMNS]]
