"""The order of hits by relevance: written here, for all engines, and nowhere else.

An engine gives its first hundred candidates: those with the number that was asked for, those whose title holds the
words, the newest of the others. Of these, whatever is not public any more or does not hold the words as they were asked
is left out, and the rest is ordered by the points below. What an engine has beyond its candidates stays in its order.

| what | points |
|---|---|
| the document's own number was asked for | 1000 |
| the title is the question, without signs | 60 |
| the title holds the question as it was typed | 8 |
| share of the words that stand in the title, one in other words counting seven tenths | up to 12 |
| share of the title that the words make up | up to 8 |
| the words in the beginning of the text, each occurrence less than the one before | up to 10 |
| age, half of it after two years behind the newest candidate | up to 4 |
| a policy document, or a guide to a service, that is about the words | up to 24 |
| an interpretation that is about them | up to 16 |
| a column that is called so | up to 12 |

A document is about the words as far as they stand in its title, or one third for each time that they stand in the
beginning of its text: what mentions them once in passing is not what somebody looks for, whatever its kind. Of a
document that was amended, four fifths of its points count; of one that was repealed or has lapsed, half.

**Columns of many sites.** Every site has a column 政策文件. Where more than one site is searched, a column is no
candidate by its title (``plain_where``): columns never take the places of documents among the hundred. Of those that
are called the same, one alone keeps the place of the best, the others come behind all other candidates: it is the
column of the site that asks, where that has one (which is a candidate by its title therefore), else the best.

Decided on the judged queries (tests/search/judged): chosen on those about every other topic, looked at on the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log2

from .asking.building import Question
from .engine import Hit, Tier
from .text.filters import filter_lexeme
from .text.folding import fold
from .truth import Present

_COLUMN = "column"
#: Candidates that are compared and ordered; so many hits are counted exactly, whatever the engine counts by.
WINDOW = 100
_KINDS = {"policy": 24.0, "guide": 24.0, "interpretation": 16.0, "column": 12.0}
#: Occurrences in the beginning of a text that is about a word.
_ABOUT = 3
_VALIDITY = {"amended": 0.8, "repealed": 0.5, "lapsed": 0.5}
_HALF_LIFE_DAYS = 730.0
#: What a word counts for in a title that says it in other words: a synonym, or its sounds.
_OTHER_WORDS = 0.7


@dataclass(frozen=True)
class Ranked:
    """A hit that is public and holds the words. ``points``: see above; by date they do not count."""

    present: Present
    tier: Tier
    points: float


def plain_where(*, many_sites: bool) -> tuple[str, ...]:
    """Return what is no candidate by its title: every site has a column 政策文件, and a question has a hundred."""
    return (filter_lexeme("k", _COLUMN),) if many_sites else ()


def holds_the_words(question: Question, present: Present) -> bool:
    """Whether every word stands in the text in one of its ways, character beside character."""
    return all(word.sure or any(all(present.holds[run] for run in way) for way in word.ways) for word in question.words)


def rank(
    question: Question,
    hits: Sequence[Hit],
    present: dict[int, Present],
    *,
    many_sites: bool = False,
    own_site: int | None = None,
) -> list[Ranked]:
    """Return the hits in their order: by points, then the newest, then the last entered.

    ``many_sites``: more than one is searched; ``own_site``: the one that asks.
    """
    kept = [(hit, present[hit.id]) for hit in hits if hit.id in present and holds_the_words(question, present[hit.id])]
    if not kept:
        return []
    newest = max(document.published_at for _hit, document in kept)
    ranked = [Ranked(document, hit.tier, _points(question, hit, document, newest)) for hit, document in kept]
    ranked.sort(key=lambda one: (-one.points, -one.present.published_at.timestamp(), -one.present.id))
    return _one_column_of_a_name(ranked, own_site) if many_sites else ranked


def in_order(question: Question, hits: Sequence[Hit], present: dict[int, Present]) -> list[Ranked]:
    """Return the hits in the engine's own order, without those that are not public or do not hold the words."""
    return [
        Ranked(present[hit.id], hit.tier, 0.0)
        for hit in hits
        if hit.id in present and holds_the_words(question, present[hit.id])
    ]


def _one_column_of_a_name(ranked: Sequence[Ranked], own_site: int | None) -> list[Ranked]:
    called: dict[str, list[Ranked]] = {}
    for one in ranked:
        if one.present.kind == _COLUMN:
            called.setdefault(fold(one.present.title), []).append(one)
    first, behind = list[Ranked](), list[Ranked]()
    for one in ranked:
        alike = called.get(fold(one.present.title), []) if one.present.kind == _COLUMN else [one]
        keeps = next((column for column in alike if column.present.tenant_id == own_site), alike[0])
        if one is alike[0]:
            first.append(keeps)
        if one is not keeps:
            behind.append(one)
    return [*first, *behind]


def _points(question: Question, hit: Hit, document: Present, newest: datetime) -> float:
    title = fold(document.title)
    points = 1000.0 if hit.tier == Tier.NUMBER else 0.0
    plain = title.replace("\n", "")
    if question.whole and question.whole == plain:
        points += 60
    if question.whole and question.whole in plain:
        points += 8
    named, made_up = _in_title(question, title, hit.tier)
    often = _in_text(question, document)
    points += 12 * named + 8 * made_up + min(10.0, 2.5 * often)
    age = max(0.0, (newest - document.published_at).total_seconds() / 86_400)
    points += 4 * 0.5 ** (age / _HALF_LIFE_DAYS)
    kind = "guide" if document.guide else document.kind
    about = named if kind == _COLUMN else max(named, min(1.0, (2**often - 1) / _ABOUT))
    points += _KINDS.get(kind, 0.0) * about
    return points * _VALIDITY.get(document.validity, 1.0)


def _in_title(question: Question, title: str, tier: Tier) -> tuple[float, float]:
    """Return the share of the words that stand in the title, and the share of the title that they make up."""
    if not question.words:
        return 0.0, 0.0
    met, characters = 0.0, 0
    for word in question.words:
        for place, way in enumerate(word.ways):
            if all(run in title for run in way):
                met += 1.0 if place == 0 else _OTHER_WORDS
                characters += sum(len(run) for run in way)
                break
        else:
            # A title that the engine found by its sound has no word of the question in it.
            met += _OTHER_WORDS if word.sounds and tier >= Tier.TITLE else 0.0
    return met / len(question.words), min(1.0, characters / max(1, len(title)))


def _in_text(question: Question, document: Present) -> float:
    """Return how often the words stand in the beginning of the text: log2(1 + times), in the mean over the words."""
    if not question.words:
        return 0.0
    times = [max((min(document.counts[run] for run in way) for way in word.ways if way), default=0)
             for word in question.words]  # fmt: skip
    return sum(log2(1 + one) for one in times) / len(times)
