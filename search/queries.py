"""Searching: ``search`` is the one question that page, verb and machines ask."""

import logging
import time
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .asking.building import Narrowing, build
from .asking.parsing import Asked, parse
from .asking.sounds import words_of_initials
from .engine import Answer, EngineError, Order, Query, QuestionRefused, Tier
from .engines.choosing import chosen_engine, own_engine
from .facets import Counted, count_facets, facets_in_words
from .hits import describe_hits
from .narrowing import Filters, Narrowed, Scope, narrow
from .ranking import WINDOW, Ranked, in_order, plain_where, rank
from .results import Results
from .suggesting import did_you_mean
from .synonyms.queries import synonyms_for
from .text.filters import values_of
from .truth import present_documents

logger = logging.getLogger("govplatform.search")
PAGE_SIZE = 10
#: Results that can be paged to.
REACHED_AT_MOST = 1_000


def search(
    text: str,
    *,
    site: Tenant | None = None,
    scope: Scope | str = Scope.ALL,
    filters: Filters | None = None,
    order: Order | str = Order.RELEVANCE,
    page: int = 1,
    synonyms: Mapping[str, tuple[str, ...]] | None = None,
) -> Results:
    """Find what citizens can read, with everything that is shown of it.

    ``text``: anything that somebody types; an empty one finds nothing unless ``filters`` narrow. ``site``: the site
    that asks, needed for the scopes ``site`` and ``region``; hits that it shows lead to its own pages. ``page``: from
    1. ``synonyms``: folded words -> other words for them, instead of those that are kept. Raises Refused for a scope,
    order, filter or page that is none.
    """
    began = time.perf_counter()
    filters, scope, order = filters or Filters(), _scope(scope), _order(order)
    if not 1 <= page <= REACHED_AT_MOST // PAGE_SIZE:
        raise Refused(_("页码从 1 到 %(last)s。") % {"last": REACHED_AT_MOST // PAGE_SIZE})
    asked = parse(text)
    narrowed = narrow(filters, site=site, scope=scope)
    if not asked.words and filters == Filters():
        return _nothing(asked, page, began)
    first = (page - 1) * PAGE_SIZE
    inside = first < WINDOW
    column_site = site if scope == Scope.SITE else None
    question = build(
        asked,
        Narrowing(
            narrowed.lexemes,
            order,
            offset=0 if inside else first,
            limit=WINDOW if inside else PAGE_SIZE,
            synonyms=synonyms_for(asked) if synonyms is None else synonyms,
            initials=_are_initials(asked, narrowed),
            columns_of=column_site.pk if column_site else None,
            plain=plain_where(many_sites=column_site is None),
            plain_unless=() if site is None else values_of("s", [site.pk]),
        ),
    )
    answer, notice = ask(question.query)
    present = present_documents([hit.id for hit in answer.hits], question.runs(), within=narrowed.sites)
    by_points = order == Order.RELEVANCE and bool(question.words) and inside
    if by_points:
        ranked = rank(
            question, answer.hits, present, many_sites=column_site is None, own_site=site.pk if site else None
        )
    else:
        ranked = in_order(question, answer.hits, present)
    total, counted, capped = _corrected(answer, ranked, column_site)
    shown = ranked[first : first + PAGE_SIZE] if inside else ranked
    return Results(
        text=asked.text,
        hits=describe_hits(shown, question, site),
        total=total,
        capped=capped,
        page=page,
        pages=max(1, -(-min(total, REACHED_AT_MOST) // PAGE_SIZE)),
        facets=tuple(
            facets_in_words(counted, filters, column_site=column_site, exact=not capped, reached=narrowed.reached)
        ),
        suggestion="" if total else did_you_mean(asked, narrowed),
        engine=answer.engine,
        notice=notice,
        cut=asked.cut,
        milliseconds=_since(began),
        words=tuple(word.text for word in asked.words),
    )


def ask(query: Query) -> tuple[Answer, str]:
    """Ask the chosen engine, or PostgreSQL when that one does not answer: (answer, notice for the reader).

    Of a question that is too large for a cluster which is well, PostgreSQL's answer is as good, and says nothing.
    """
    engine, own = chosen_engine(), own_engine()
    if engine.name != own.name:
        try:
            return engine.query(query), ""
        except QuestionRefused as problem:
            logger.info("%s refuses a question, %s answers it: %s", engine.name, own.name, problem)
            return own.query(query), ""
        except EngineError as problem:
            logger.warning("%s does not answer, %s does: %s", engine.name, own.name, problem)
            return own.query(query), _("检索服务正在恢复，当前结果由备用检索提供，排序和数量可能略有不同。")
    return own.query(query), ""


# --- inside -------------------------------------------------------------------------------


def _are_initials(asked: Asked, narrowed: Narrowed) -> bool:
    """Whether letters of the question are asked as first letters as well.

    Two letters are, unless a title has them (AI, 5G); more of them where no text has them either (GDP). Questions
    without such letters, nearly all, cost nothing.
    """
    words = words_of_initials(asked.words)
    if not words:
        return False
    literal = build(
        Asked(" ".join(word.text for word in words), tuple(words)), Narrowing(narrowed.lexemes, limit=1, facets=False)
    )
    hits = ask(literal.query)[0].hits
    return not hits or (hits[0].tier == Tier.TEXT and all(len(word.runs[0]) == 2 for word in words))


def _nothing(asked: Asked, page: int, began: float) -> Results:
    return Results(asked.text, (), 0, False, page, 1, cut=asked.cut, engine=chosen_engine().name,
                   milliseconds=_since(began))  # fmt: skip


def _corrected(answer: Answer, ranked: Sequence[Ranked], column_site: Tenant | None) -> tuple[int, Counted, bool]:
    """Return (total, facets, capped) after hits were left out: exact where all of them are in the window."""
    if answer.total > len(answer.hits) or answer.capped:
        return answer.total - (len(answer.hits) - len(ranked)), answer.facets, answer.capped
    counted = count_facets((one.present for one in ranked), column_site.pk if column_site else None)
    return len(ranked), counted, False


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)


def _scope(scope: Scope | str) -> Scope:
    try:
        return Scope(scope)
    except ValueError:
        raise Refused(_("检索范围只有 site、region、all，没有“%(scope)s”。") % {"scope": str(scope)[:40]}) from None


def _order(order: Order | str) -> Order:
    try:
        return Order(order)
    except ValueError:
        raise Refused(_("排序只有 relevance、newest，没有“%(order)s”。") % {"order": str(order)[:40]}) from None
