"""From what was read to the question for an engine, and to what its hits are compared with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..engine import Alternative, Group, Need, Order, Query
from ..text.document_numbers import DocumentNumber
from ..text.folding import fold, runs
from ..text.lexemes import needs_of_run, needs_of_text
from ..text.simplified import mainland_words
from .parsing import Asked, Word
from .sounds import sounding_ways

#: A whole question up to so many characters may be a document number of a kind that no rule knows.
_LONGEST_NUMBER = 40


@dataclass(frozen=True)
class Wording:
    """One word of the question as texts have it. ``ways``: each a way of writing it, as folded runs.

    ``sure``: what the engine found needs no comparing, for a number was met by its own lexeme. ``sounds``: it may be
    the sound of a title as well, of which the title's text shows nothing.
    """

    ways: tuple[tuple[str, ...], ...]
    sure: bool = False
    sounds: bool = False


@dataclass(frozen=True)
class Question:
    """A question for an engine with its words, by which hits are compared, ordered and marked."""

    query: Query
    words: tuple[Wording, ...] = ()
    whole: str = ""

    def runs(self) -> list[str]:
        """Return every run of every way, once, the first way of each word first."""
        return list(dict.fromkeys(run for word in self.words for way in word.ways for run in way))


@dataclass(frozen=True)
class Narrowing:
    """Lexemes of filters, of each of which a hit has one at least.

    ``columns_of``, ``plain``, ``plain_unless``: as in ``Query``. ``synonyms``: folded words of the question -> what
    else they are called (``asking.synonyms``). ``initials``: letters may be the first ones of syllables.
    """

    filters: tuple[tuple[str, ...], ...] = ()
    order: Order = Order.RELEVANCE
    offset: int = 0
    limit: int = 100
    facets: bool = True
    columns_of: int | None = None
    plain: tuple[str, ...] = ()
    plain_unless: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    initials: bool = False


def build(asked: Asked, narrowing: Narrowing) -> Question:
    """Return the question for what was asked."""
    groups, words = [], []
    for word in asked.words:
        ways = _ways(word, narrowing.synonyms)
        sounds = _sounds(word, initials=narrowing.initials)
        groups.append(_group(word, ways, [needs for needs, _parts in sounds]))
        written = [*(tuple(runs(fold(way))) for way in ways), *(parts for _needs, parts in sounds)]
        words.append(Wording(tuple(dict.fromkeys(written)), word.number is not None, bool(sounds)))
    query = Query(
        groups=tuple(groups),
        without=tuple(needs for word in asked.without for needs in _excluded(word)),
        filters=narrowing.filters,
        numbers=tuple(_numbers(asked)),
        order=narrowing.order,
        offset=narrowing.offset,
        limit=narrowing.limit,
        facets=narrowing.facets,
        columns_of=narrowing.columns_of,
        plain=narrowing.plain,
        plain_unless=narrowing.plain_unless,
    )
    return Question(query, tuple(words), fold(asked.text).replace("\n", ""))


def _ways(word: Word, synonyms: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the word, the same as the mainland says it where that differs, and its synonyms."""
    ways = [word.text]
    others = () if word.quoted else synonyms.get(fold(word.text), ())
    for other in (mainland_words(word.text), *others):
        if fold(other) and fold(other) not in {fold(way) for way in ways}:
            ways.append(other)
    return ways


def _sounds(word: Word, *, initials: bool) -> list[tuple[Alternative, tuple[str, ...]]]:
    """Return what the word may sound like; nothing for what is asked as it is written."""
    if word.quoted or word.number is not None or len(word.runs) != 1:
        return []
    return sounding_ways(word.runs[0], initials=initials)


def _group(word: Word, ways: Iterable[str], sounds: Iterable[Alternative]) -> Group:
    anywhere = [*(needs_of_text(way) for way in ways), *sounds]
    in_title = [*(needs_of_text(way, of_title=True) for way in ways), *sounds]
    if word.number is not None:
        anywhere.append(_mention(word.number))
    return Group(tuple(anywhere), tuple(in_title))


def _excluded(word: Word) -> list[Alternative]:
    """Return by what a document has the word: a number in any way of writing it."""
    return [needs_of_text(word.text), *([] if word.number is None else [_mention(word.number)])]


def _mention(number: DocumentNumber) -> Alternative:
    issuer: Alternative = ()
    for run in runs(fold(number.issuer)):
        issuer += needs_of_run(run)
    return (Need(f"#{number.short}"), *issuer)


def _numbers(asked: Asked) -> list[str]:
    """Return the lexemes of the document numbers that were asked for: with its issuer, a number is that one alone."""
    found = []
    for word in asked.words:
        if word.number is not None:
            found.append(f"^#={word.number.whole}" if word.number.issuer else f"^#{word.number.short}")
    whole = fold(asked.text).replace("\n", "")
    if 2 <= len(whole) <= _LONGEST_NUMBER:
        found.append(f"^#={whole}")
    return list(dict.fromkeys(found))
