"""Suggestions while somebody types: titles that hold it, and what others asked that found something."""

import logging
from dataclasses import dataclass
from enum import StrEnum

from govplatform.tenancy.models import Tenant

from .asking.building import Narrowing, Question, build
from .asking.parsing import parse
from .engine import EngineError, Query
from .engines.choosing import chosen_engine, own_engine
from .narrowing import Filters, Scope, narrow
from .statistics.counting import written
from .statistics.queries import asked_terms
from .text.folding import fold
from .truth import present_documents

logger = logging.getLogger("govplatform.search")

#: Characters that are read: whoever has typed more knows what to ask.
LONGEST = 60
MOST = 8
_ASKED_AT_MOST = 3


class Origin(StrEnum):
    """Where a suggestion is from."""

    TITLE = "title"
    QUESTION = "question"


@dataclass(frozen=True)
class Suggestion:
    """A text that may be searched for. ``origin``: a title of what is public, or what others asked."""

    text: str
    origin: Origin


def suggest(typed: str, *, site: Tenant | None = None, scope: Scope | str = Scope.ALL) -> list[Suggestion]:
    """Return suggestions for what was typed so far, at most MOST, questions of others first; none for no words.

    What others asked is suggested only when it stands in the title of something public, which was reviewed: nobody can
    bring a sentence of their own into the suggestions of a government site by asking for it often.
    """
    narrowed = narrow(Filters(), site=site, scope=Scope(scope))
    asked = parse(typed[:LONGEST])
    if not asked.words:
        return []
    question = build(asked, Narrowing(narrowed.lexemes, limit=MOST, facets=False))
    key = fold(asked.text).replace("\n", "")
    present = present_documents(ids := _ask(question.query, key), within=narrowed.sites)
    shown = [present[found].title for found in ids if found in present]
    titles = list(dict.fromkeys(title for title in shown if _holds(question, title)))
    sites = None if narrowed.sites is None else list(narrowed.sites)
    terms = [
        term
        for term in asked_terms(sites, written(asked.text), _ASKED_AT_MOST)
        if fold(term) != key and _stands_in_a_title(term, narrowed.lexemes)
    ]
    found = [Suggestion(term, Origin.QUESTION) for term in terms] + [
        Suggestion(title, Origin.TITLE) for title in titles
    ]
    return found[:MOST]


def _ask(query: Query, typed: str) -> tuple[int, ...]:
    engine, own = chosen_engine(), own_engine()
    if engine.name != own.name:
        try:
            return engine.suggest(query, typed)
        except EngineError as problem:
            logger.warning("%s does not suggest, %s does: %s", engine.name, own.name, problem)
    return own.suggest(query, typed)


def _holds(question: Question, title: str) -> bool:
    folded = fold(title)
    return all(any(all(run in folded for run in way) for way in word.ways) for word in question.words)


def _stands_in_a_title(term: str, filters: tuple[tuple[str, ...], ...]) -> bool:
    question = build(parse(term), Narrowing(filters, limit=1, facets=False))
    return bool(question.words) and bool(_ask(question.query, fold(term).replace("\n", "")))
