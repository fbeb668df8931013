"""What a group of synonyms does to questions: the same question without it and with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, Sum
from django.utils import timezone

from ..asking.parsing import parse
from ..asking.synonyms import Synonyms
from ..models import AskedTerm
from ..queries import search
from ..results import Results
from ..synonyms.queries import synonyms_for

#: Questions that are tried, hits that are shown of each, and how far back what people asked is looked at.
MOST_TRIED, _SHOWN, _LOOKED_BACK = 6, 5, timedelta(days=90)


@dataclass(frozen=True)
class Shown:
    """One of the first hits. ``new``: the question did not have it among its first without the group."""

    title: str
    url: str
    new: bool


@dataclass(frozen=True)
class Effect:
    """One question. ``before`` and ``after``: totals; with ``capped`` there are at least so many."""

    question: str
    before: int
    after: int
    capped: bool
    first_before: tuple[Shown, ...]
    first_after: tuple[Shown, ...]


def effect_of(group: Synonyms, tried: Iterable[str] = (), *, instead_of: int | None = None) -> list[Effect]:
    """Try ``group`` on questions: those in ``tried``, what people asked with its words, and its words themselves.

    ``instead_of``: the key of the group that it would replace, which counts in "before" alone.
    """
    questions = dict.fromkeys([*filter(None, tried), *asked_with(group.asked_by), *group.asked_by])
    return [_effect(question, group, instead_of) for question in list(questions)[:MOST_TRIED]]


def asked_with(words: Sequence[str]) -> list[str]:
    """Return questions with one of the words that people asked lately, on any site, most asked first."""
    named = Q(pk__in=[])
    for word in words:
        named |= Q(term__contains=word)
    rows = AskedTerm.objects.filter(named, day__gte=timezone.localdate() - _LOOKED_BACK)
    most = rows.values("term").annotate(times=Sum("asked")).order_by("-times", "term")
    return [row["term"] for row in most[: MOST_TRIED - 2]]


def _effect(question: str, group: Synonyms, instead_of: int | None) -> Effect:
    asked = parse(question)
    before = search(question, synonyms=synonyms_for(asked))
    after = search(question, synonyms=synonyms_for(asked, without=instead_of, besides=group))
    known = {hit.id for hit in before.hits}
    return Effect(
        question, before.total, after.total, before.capped or after.capped, _first(before, known), _first(after, known)
    )


def _first(results: Results, known: set[int]) -> tuple[Shown, ...]:
    return tuple(Shown(hit.title_text, hit.url, hit.id not in known) for hit in results.hits[:_SHOWN])
