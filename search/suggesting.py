"""Other words: what was probably meant where nothing was found, and titles while somebody types."""

import re
from collections import Counter
from collections.abc import Iterable

from django.db.models.functions import Left

from govplatform.tenancy.models import Tenant

from .asking.parsing import Asked, parse
from .asking.sounds import sounding_ways
from .engine import Alternative, EngineError, Group, Need, Order, Query
from .engines.choosing import chosen_engine, own_engine
from .models import SearchText
from .narrowing import Filters, Narrowed, Scope, narrow
from .text.folding import fold
from .text.lexemes import needs_of_run
from .truth import Present, present_documents

#: Shorter words have too many neighbours, longer ones are sentences.
_SHORTEST, _LONGEST = 3, 12
_TITLES_COMPARED = 60
#: In texts three of four characters say what was meant; two of three say little, there are too many sentences.
_SHORTEST_IN_TEXTS = 4
_TEXTS_COMPARED, _READ_OF_A_TEXT = 20, 20_000
#: Titles that are offered while somebody types.
OFFERED = 8


def did_you_mean(asked: Asked, narrowed: Narrowed) -> str:
    """Return the question with one wrong character put right as titles have it, or else texts; '' when none is like it.

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
    """Return titles for what somebody has typed so far: those that begin with it, that hold it, then that sound so.

    At most ``OFFERED``, each once, the newest first; characters stand side by side in them, as they were typed. Raises
    Refused for a scope that is none.
    """
    words = [run for word in parse(typed).words for run in word.runs]
    if not words:
        return []
    narrowed = narrow(Filters(), site=site, scope=Scope(scope))
    sounds = {run: sounding_ways(run, initials=True, typing=True) for run in words}
    titles = tuple((needs_of_run(run, of_title=True), *(needs for needs, _parts in sounds[run])) for run in words)
    groups = tuple(Group(anywhere=ways, in_title=ways) for ways in titles)
    query = Query(groups=groups, filters=narrowed.lexemes, limit=OFFERED * 3, facets=False)
    ids = _suggested(query, fold(typed).replace("\n", ""))
    parts = list(dict.fromkeys(part for ways in sounds.values() for _needs, way in ways for part in way))
    present = present_documents(ids, parts, within=narrowed.sites)
    written, sounding = list[str](), list[str]()
    for document in (present[one] for one in ids if one in present):
        title = fold(document.title)
        apart = [run for run in words if run not in title]
        if not apart:
            written.append(document.title)
        elif all(any(all(document.holds[part] for part in way) for _needs, way in sounds[run]) for run in apart):
            sounding.append(document.title)
    return list(dict.fromkeys([*written, *sounding]))[:OFFERED]


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
    """Return what titles have in place of ``run`` that differs in one character, or texts where no title has it."""
    titled = _ways(run, of_title=True)
    # Of what is public now: what was recalled a moment ago is nobody's suggestion.
    present = _present(titled, titled, narrowed, _TITLES_COMPARED)
    meant = _most_frequent(run, (fold(document.title) for document in present.values()))
    if meant or len(run) < _SHORTEST_IN_TEXTS:
        return meant
    present = _present(_ways(run, of_title=False), titled, narrowed, _TEXTS_COMPARED)
    texts = SearchText.objects.filter(document_id__in=present).annotate(begin=Left("folded", _READ_OF_A_TEXT))
    return _most_frequent(run, texts.values_list("begin", flat=True))


def _ways(run: str, *, of_title: bool) -> tuple[Alternative, ...]:
    """What a document must hold to have ``run`` with one other character, for each place of it."""
    ways: list[Alternative] = []
    for place in range(len(run)):
        parts = [part for part in (run[:place], run[place + 1 :]) if part]
        needs: list[Need] = []
        for part in parts:
            # A single character that stands last in a title has no pair of its own; the other part finds it.
            if len(part) > 1 or len(parts) == 1:
                needs += needs_of_run(part, of_title=of_title)
        if needs:
            ways.append(tuple(needs))
    return tuple(ways)


def _present(
    anywhere: tuple[Alternative, ...], in_title: tuple[Alternative, ...], narrowed: Narrowed, limit: int
) -> dict[int, Present]:
    if not anywhere:
        return {}
    return present_documents(
        _ids((Group(anywhere=anywhere, in_title=in_title),), narrowed, limit), within=narrowed.sites
    )


def _most_frequent(run: str, folded: Iterable[str]) -> str:
    """What stands in most of the texts and differs from ``run`` in one character; '' for nothing. A line ends words."""
    like, met = _like(run), Counter[str]()
    for text in folded:
        met.update({one for found in like.finditer(text) for one in found.groups() if one} - {run})
    return min(met, key=lambda one: (-met[one], one)) if met else ""


def _like(run: str) -> re.Pattern[str]:
    """Finds ``run`` with another character in one place, wherever it begins."""
    ways = (f"(?=({re.escape(run[:place])}.{re.escape(run[place + 1 :])}))" for place in range(len(run)))
    return re.compile("|".join(ways))
