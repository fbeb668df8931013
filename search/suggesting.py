"""Other words: what was probably meant where nothing was found, and titles while somebody types."""

from collections import Counter

from govplatform.tenancy.models import Tenant

from .asking.parsing import Asked, parse
from .asking.sounds import sounding_ways
from .engine import Alternative, EngineError, Group, Need, Order, Query
from .engines.choosing import chosen_engine, own_engine
from .narrowing import Filters, Narrowed, Scope, narrow
from .text.folding import fold
from .text.lexemes import needs_of_run
from .truth import present_documents

#: Shorter words have too many neighbours, longer ones are sentences.
_SHORTEST, _LONGEST = 3, 12
_TITLES_COMPARED = 60
#: Titles that are offered while somebody types.
OFFERED = 8


def did_you_mean(asked: Asked, narrowed: Narrowed) -> str:
    """Return the question with one wrong character put right as titles have it; '' when nothing is like it.

    For a question that found nothing. Of several words, the first is looked at that no document has.
    """
    for word in asked.words:
        run = "".join(word.runs)
        if word.number is not None or len(word.runs) != 1 or not _SHORTEST <= len(run) <= _LONGEST:
            continue
        if len(asked.words) > 1 and _is_known(run, narrowed):
            continue
        if (meant := _meant(run, narrowed)) and word.text in asked.text:
            return asked.text.replace(word.text, meant, 1)
    return ""


def offer_titles(typed: str, *, site: Tenant | None = None, scope: Scope | str = Scope.ALL) -> list[str]:
    """Return titles for what somebody has typed so far: those that begin with it, then those that hold it or sound so.

    At most ``OFFERED``, each once, the newest first. Raises Refused for a scope that is none.
    """
    words = [run for word in parse(typed).words for run in word.runs]
    if not words:
        return []
    narrowed = narrow(Filters(), site=site, scope=Scope(scope))
    titles = tuple(
        (needs_of_run(run, of_title=True), *(needs for needs, _parts in sounding_ways(run, initials=True, typing=True)))
        for run in words
    )
    groups = tuple(Group(anywhere=ways, in_title=ways) for ways in titles)
    query = Query(groups=groups, filters=narrowed.lexemes, limit=OFFERED * 3, facets=False)
    ids = _suggested(query, fold(typed).replace("\n", ""))
    present = present_documents(ids, within=narrowed.sites)
    return list(dict.fromkeys(present[one].title for one in ids if one in present))[:OFFERED]


# --- inside -------------------------------------------------------------------------------


def _suggested(query: Query, typed: str) -> tuple[int, ...]:
    try:
        return chosen_engine().suggest(query, typed)
    except EngineError:
        return own_engine().suggest(query, typed)


def _ids(groups: tuple[Group, ...], narrowed: Narrowed, limit: int) -> list[int]:
    query = Query(groups=groups, filters=narrowed.lexemes, order=Order.NEWEST, limit=limit, facets=False)
    try:
        return [hit.id for hit in chosen_engine().query(query).hits]
    except EngineError:
        return [hit.id for hit in own_engine().query(query).hits]


def _is_known(run: str, narrowed: Narrowed) -> bool:
    group = Group(anywhere=(needs_of_run(run),), in_title=(needs_of_run(run, of_title=True),))
    return bool(_ids((group,), narrowed, 1))


def _meant(run: str, narrowed: Narrowed) -> str:
    """Return what titles have in place of ``run`` that differs in one character, the most frequent; '' for nothing."""
    ways: list[Alternative] = []
    for place in range(len(run)):
        parts = [part for part in (run[:place], run[place + 1 :]) if part]
        needs: list[Need] = []
        for part in parts:
            # A single character that stands last in a title has no pair of its own; the other part finds it.
            if len(part) > 1 or len(parts) == 1:
                needs += needs_of_run(part, of_title=True)
        if needs:
            ways.append(tuple(needs))
    if not ways:
        return ""
    ids = _ids((Group(anywhere=tuple(ways), in_title=tuple(ways)),), narrowed, _TITLES_COMPARED)
    met: Counter[str] = Counter()
    # Of what is public now: a title that was recalled a moment ago is nobody's suggestion.
    for document in present_documents(ids, within=narrowed.sites).values():
        folded = fold(document.title)
        met.update(
            {
                folded[start : start + len(run)]
                for start in range(len(folded) - len(run) + 1)
                if _differ_once(run, folded[start : start + len(run)])
            }
        )
    return min(met, key=lambda one: (-met[one], one)) if met else ""


def _differ_once(one: str, other: str) -> bool:
    return "\n" not in other and sum(a != b for a, b in zip(one, other, strict=True)) == 1
