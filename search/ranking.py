"""The order of hits by relevance: written here, for all engines, and nowhere else.

An engine gives its first hundred candidates: those with the number that was asked for, those whose title holds the
words, the newest of the others. Of these, whatever is not public any more or does not hold the words as they were asked
is left out, and the rest is ordered by the points below. What an engine has beyond its candidates stays in its order.

| what | points |
|---|---|
| the document's own number was asked for | 1000 |
| the title is the question, without signs | 60 |
| the title holds the question as it was typed | 25 |
| share of the words that stand in the title | up to 24 |
| share of the title that the words make up | up to 12 |
| the words in the beginning of the text, each occurrence less than the one before | up to 10 |
| age, half of it after two years behind the newest candidate | up to 6 |
| kind: a policy document, its interpretation, a column that is called so | 4, 2, 6 |

Of a document that was amended, four fifths of its points count; of one that was repealed or has lapsed, half.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log2

from .asking.building import Question
from .engine import Hit, Tier
from .text.folding import fold
from .truth import Present

#: Candidates that are compared and ordered; so many hits are counted exactly, whatever the engine counts by.
WINDOW = 100
_KINDS = {"policy": 4.0, "interpretation": 2.0}
_VALIDITY = {"amended": 0.8, "repealed": 0.5, "lapsed": 0.5}
_HALF_LIFE_DAYS = 730.0


@dataclass(frozen=True)
class Ranked:
    """A hit that is public and holds the words. ``points``: see above; by date they do not count."""

    present: Present
    tier: Tier
    points: float


def holds_the_words(question: Question, present: Present) -> bool:
    """Whether every word stands in the text in one of its ways, character beside character."""
    return all(word.sure or any(all(present.holds[run] for run in way) for way in word.ways) for word in question.words)


def rank(question: Question, hits: Sequence[Hit], present: dict[int, Present]) -> list[Ranked]:
    """Return the hits in their order: by points, then the newest, then the last entered."""
    kept = [(hit, present[hit.id]) for hit in hits if hit.id in present and holds_the_words(question, present[hit.id])]
    if not kept:
        return []
    newest = max(document.published_at for _hit, document in kept)
    ranked = [Ranked(document, hit.tier, _points(question, hit, document, newest)) for hit, document in kept]
    ranked.sort(key=lambda one: (-one.points, -one.present.published_at.timestamp(), -one.present.id))
    return ranked


def in_order(question: Question, hits: Sequence[Hit], present: dict[int, Present]) -> list[Ranked]:
    """Return the hits in the engine's own order, without those that are not public or do not hold the words."""
    return [
        Ranked(present[hit.id], hit.tier, 0.0)
        for hit in hits
        if hit.id in present and holds_the_words(question, present[hit.id])
    ]


def _points(question: Question, hit: Hit, document: Present, newest: datetime) -> float:
    title = fold(document.title)
    points = 1000.0 if hit.tier == Tier.NUMBER else 0.0
    plain = title.replace("\n", "")
    if question.whole and question.whole == plain:
        points += 60
    if question.whole and question.whole in plain:
        points += 25
    points += _in_title(question, title)
    points += _in_text(question, document)
    age = max(0.0, (newest - document.published_at).total_seconds() / 86_400)
    points += 6 * 0.5 ** (age / _HALF_LIFE_DAYS)
    named = hit.tier >= Tier.TITLE
    points += 6.0 if document.kind == "column" and named else _KINDS.get(document.kind, 0.0)
    return points * _VALIDITY.get(document.validity, 1.0)


def _in_title(question: Question, title: str) -> float:
    if not question.words:
        return 0.0
    met, characters = 0, 0
    for word in question.words:
        for way in word.ways:
            if all(run in title for run in way):
                met += 1
                characters += sum(len(run) for run in way)
                break
    share = min(1.0, characters / max(1, len(title)))
    return 24 * met / len(question.words) + 12 * share


def _in_text(question: Question, document: Present) -> float:
    if not question.words:
        return 0.0
    total = 0.0
    for word in question.words:
        best = max((min(document.counts[run] for run in way) for way in word.ways if way), default=0)
        total += min(10.0, 2.5 * log2(1 + best))
    return total / len(question.words)
