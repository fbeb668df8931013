"""Of terms that found something: which of them something public still holds.

A term may be the title of what was recalled. Nothing of that stands on any screen afterwards, whoever asked for it.
"""

from collections.abc import Iterable

from ..asking.building import Narrowing, build
from ..asking.parsing import parse
from ..engine import EngineError, Order
from ..engines.postgres import PostgresEngine
from ..ranking import holds_the_words
from ..truth import present_documents

#: The newest of so many hits are looked at; of a word that more documents have, one of these is public.
_LOOKED_AT, _COUNTED = 20, 200


def still_found(terms: Iterable[str]) -> set[str]:
    """Return those of the terms that find something public on any site; none while nothing can be asked."""
    engine = PostgresEngine(counted_at_most=_COUNTED)
    try:
        return {term for term in terms if _finds(engine, term)}
    except EngineError:
        return set()


def _finds(engine: PostgresEngine, term: str) -> bool:
    narrowing = Narrowing(order=Order.NEWEST, limit=_LOOKED_AT, facets=False, initials=True)
    question = build(parse(term), narrowing)
    present = present_documents([hit.id for hit in engine.query(question.query).hits], question.runs())
    return any(holds_the_words(question, one) for one in present.values())
