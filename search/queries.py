"""Searching: ``search`` is the one question that page, verb and machines ask."""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from content_library.metadata import Validity
from content_library.models import Resource
from content_library.vocabularies.queries import term_label
from govplatform.refusals import Refused
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from .asking.building import Narrowing, Question, build
from .asking.parsing import Asked, parse
from .asking.sounds import words_of_initials
from .engine import FACETS, Answer, EngineError, Order, Query, Tier
from .engines.choosing import chosen_engine, own_engine
from .further_facets import further_facets
from .highlighting import Segment, beginning, mark, snippet
from .models import SearchDocument, SearchText
from .narrowing import Filters, Narrowed, Scope, kind_labels, narrow
from .ranking import WINDOW, Ranked, in_order, rank
from .results import Facet, FacetValue, Found, Related, Results, ShownOn
from .suggesting import did_you_mean
from .synonyms.queries import synonyms_for
from .text.folding import fold
from .truth import Present, present_documents

logger = logging.getLogger("govplatform.search")
PAGE_SIZE = 10
#: Results that can be paged to.
REACHED_AT_MOST = 1_000
_FACETS_SHOWN = 30
_RELATED_AT_MOST = 50
Counted = Mapping[str, Mapping[str, int]]


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
    question = build(
        asked,
        Narrowing(
            narrowed.lexemes,
            order,
            offset=0 if inside else first,
            limit=WINDOW if inside else PAGE_SIZE,
            synonyms=synonyms_for(asked) if synonyms is None else synonyms,
            initials=_are_initials(asked, narrowed),
        ),
    )
    answer, notice = ask(question.query)
    present = present_documents([hit.id for hit in answer.hits], question.runs(), within=narrowed.sites)
    by_points = order == Order.RELEVANCE and bool(question.words) and inside
    ranked = (rank if by_points else in_order)(question, answer.hits, present)
    total, facets, capped = _corrected(answer, ranked)
    shown = ranked[first : first + PAGE_SIZE] if inside else ranked
    tenants = _tenants({place[0] for one in shown for place in one.present.places})
    further = further_facets(
        [one.present for one in ranked],
        filters,
        column_site=site if scope == Scope.SITE else None,
        exact=total == len(ranked),
    )
    return Results(
        text=asked.text,
        hits=tuple(_found(shown, question, tenants, site)),
        total=total,
        capped=capped,
        page=page,
        pages=max(1, -(-min(total, REACHED_AT_MOST) // PAGE_SIZE)),
        facets=(*_facets(facets, filters), *further),
        suggestion="" if total else did_you_mean(asked, narrowed),
        engine=answer.engine,
        notice=notice,
        cut=asked.cut,
        milliseconds=_since(began),
        words=tuple(word.text for word in asked.words),
    )


def ask(query: Query) -> tuple[Answer, str]:
    """Ask the chosen engine, or PostgreSQL when that one does not answer: (answer, notice for the reader)."""
    engine, own = chosen_engine(), own_engine()
    if engine.name != own.name:
        try:
            return engine.query(query), ""
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


def _corrected(answer: Answer, ranked: Sequence[Ranked]) -> tuple[int, Counted, bool]:
    """Return (total, facets, capped) after hits were left out: exact where all of them are in the window."""
    if answer.total > len(answer.hits) or answer.capped:
        return answer.total - (len(answer.hits) - len(ranked)), answer.facets, answer.capped
    counted: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for one in ranked:
        document = one.present
        values = {
            "site": [str(place[0]) for place in document.places],
            "kind": [document.kind],
            "year": [str(timezone.localtime(document.published_at).year)],
        }
        for name, met in values.items():
            for value in dict.fromkeys(met):
                counted[name][value] = counted[name].get(value, 0) + 1
    return len(ranked), counted, False


def _found(
    shown: Sequence[Ranked], question: Question, tenants: dict[int, Tenant], site: Tenant | None
) -> Iterator[Found]:
    """Describe the hits of one page; what interprets a policy document on it stands in that one's block."""
    texts = {row.pk: row for row in SearchText.objects.filter(pk__in=[one.present.id for one in shown])}
    blocks = _interpretations([one.present for one in shown])
    in_blocks = {related.id for block in blocks.values() for related in block}
    related_at = {place[0] for block in blocks.values() for related in block for place in related.places}
    if missing := related_at.difference(tenants):
        tenants.update(_tenants(missing))
    runs, kinds = question.runs(), kind_labels()
    for one in shown:
        document = one.present
        if document.id in in_blocks or document.id not in texts:
            continue
        stretch, attachment = _snippet(document, texts[document.id], runs)
        sites = _shown_on(document, tenants, site)
        yield Found(
            id=document.id,
            title=mark(document.title, runs),
            url=sites[0].url,
            site=sites[0],
            sites=sites,
            kind=document.kind,
            kind_label=kinds.get(document.kind, document.kind),
            document_number=document.document_number,
            index_number=document.index_number,
            organisation=term_label("organisation", document.organisation),
            organisation_code=document.organisation,
            topic=term_label("subject", document.subject_class),
            topic_code=document.subject_class,
            published_at=document.published_at,
            issued_on=document.issued_on,
            validity=document.validity,
            validity_label=str(dict(Validity.choices).get(document.validity, "")),
            snippet=stretch,
            attachment=attachment,
            related=tuple(_related(related, tenants, site, kinds) for related in blocks.get(document.uuid, [])),
        )


def _snippet(document: Present, texts: SearchText, runs: Sequence[str]) -> tuple[tuple[Segment, ...], str]:
    """Return the stretch in which the words stand, and the attachment that it is of ('' for the text)."""
    if found := snippet(texts.text, runs):
        return found, ""
    if any(run in fold(document.title) for run in runs):
        return beginning(document.summary or texts.text), ""
    for attachment in texts.attachments:
        if found := snippet(attachment["text"], runs) or snippet(attachment["title"], runs):
            return found, attachment["title"]
    return beginning(document.summary or texts.text), ""


def _shown_on(document: Present, tenants: dict[int, Tenant], site: Tenant | None) -> tuple[ShownOn, ...]:
    """Return the sites that show a document, the asking one first, then the source."""
    places = sorted(document.places, key=lambda place: site is None or place[0] != site.pk)
    found = [(tenants[pk], path) for pk, path in places if pk in tenants]
    return tuple(ShownOn(tenant.code, tenant.full_name, public_url(tenant, path)) for tenant, path in found)


def _interpretations(documents: Sequence[Present]) -> dict[Any, list[Present]]:
    """Return what interprets the policy documents among these: uuid of the policy -> documents, the oldest first."""
    policies = [document.uuid for document in documents if document.kind == Resource.Kind.POLICY]
    if not policies:
        return {}
    rows = SearchDocument.objects.filter(resource__interprets__in=policies, shown=True)
    found = present_documents(list(rows.values_list("pk", flat=True)[:_RELATED_AT_MOST]))
    blocks: dict[Any, list[Present]] = {}
    for one in sorted(found.values(), key=lambda document: (document.published_at, document.id)):
        blocks.setdefault(one.interprets, []).append(one)
    return blocks


def _related(document: Present, tenants: dict[int, Tenant], site: Tenant | None, kinds: dict[str, str]) -> Related:
    return Related(
        document.title,
        _shown_on(document, tenants, site)[0].url,
        document.kind,
        kinds.get(document.kind, document.kind),
        document.published_at,
    )


def _facets(counted: Counted, filters: Filters) -> Iterator[Facet]:
    chosen = {"site": filters.site, "kind": filters.kind, "year": filters.year}
    labels = {"site": _("站点"), "kind": _("类型"), "year": _("年份")}
    kinds = kind_labels()
    keys = [int(key) for key in counted.get("site", {})]
    named = Tenant.objects.filter(pk__in=keys).values_list("pk", "code", "full_name")
    sites = {str(pk): (code, full_name) for pk, code, full_name in named}
    for name in FACETS:
        values = []
        for key, count in counted.get(name, {}).items():
            value, label = key, kinds.get(key, key)
            if name == "site":
                if key not in sites:
                    continue
                value, label = sites[key]
            values.append(FacetValue(value, label, count, value == chosen[name]))
        if name == "year":
            values.sort(key=lambda one: one.value, reverse=True)
        else:
            values.sort(key=lambda one: (-one.count, one.value))
        yield Facet(name, labels[name], tuple(values[:_FACETS_SHOWN]))


def _tenants(ids: Iterable[int]) -> dict[int, Tenant]:
    return {tenant.pk: tenant for tenant in Tenant.objects.filter(pk__in=set(ids)).prefetch_related("domains")}


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
