"""A search of Wagtail's as a question for its table: every word by its pairs, then character beside character.

What Wagtail hands over is a formula of words, phrases, and, or, not; blanks separate words. Titles that hold the words
come first, those that begin with them before others, then the newest object.
"""

from collections.abc import Callable, Iterator
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When
from modelsearch.backends.database.postgres.postgres import PostgresSearchQueryCompiler
from modelsearch.index import AutocompleteField
from modelsearch.query import And, Boost, MatchAll, Not, Or, Phrase, PlainText

from ..engines.tsquery import holding
from ..text.document_numbers import compatible, find_numbers
from ..text.folding import fold, runs
from ..text.lexemes import needs_of_text
from ..text.simplified import mainland_words

#: Characters of a question that are read, and words among them.
LONGEST, MOST_WORDS = 300, 20
_EVERYTHING, _NOTHING = Q(pk__isnull=False), Q(pk__isnull=True)
_ALIASES = {
    "words_vector": F("index_entries__title")._combine(F("index_entries__body"), "||", False),  # type: ignore[attr-defined]
    "words_title": F("index_entries__title_text"),
    "words_body": F("index_entries__body_text"),
}


class _Lexemes(SearchQuery):  # type: ignore[misc]
    """A ``tsquery`` that is written already; PostgreSQL's parser of words has no part in it."""

    def __init__(self, written: str) -> None:
        super().__init__(written, search_type="raw")
        self.written = written

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, function: str | None = None, template: str | None = None, **_more: Any
    ) -> tuple[str, list[str]]:
        return "%s::tsquery", [self.written]


class Compiler(PostgresSearchQueryCompiler):  # type: ignore[misc]
    """What is found by a question of Wagtail's."""

    def search(
        self, config: Any, start: int | None, stop: int | None, score_field: str | None = None, backend: Any = None
    ) -> QuerySet[Any]:
        """Return the objects, in the order that was asked for. Raises NotImplementedError for a fuzzy question."""
        if isinstance(self.query, MatchAll):
            return self.queryset[start:stop]
        found = self.queryset.alias(**_ALIASES).filter(self._condition(self.query))
        return self._apply_ordering_and_scoring(found, self._points(), start, stop, score_field)

    def _condition(self, query: Any) -> Q:
        if isinstance(query, MatchAll):
            return _EVERYTHING
        if isinstance(query, PlainText):
            words = [self._word(word) for word in _words_of(query)]
            found = _all_of(words) if query.operator == "and" else _any_of(words)
            return found | self._word(number) if (number := _as_number(query.query_string)) else found
        if isinstance(query, Phrase):
            return self._word(query.query_string[:LONGEST])
        if isinstance(query, Boost):
            return self._condition(query.subquery)
        if isinstance(query, Not):
            return ~self._condition(query.subquery)
        if isinstance(query, And):
            return _all_of([self._condition(part) for part in query.subqueries])
        if isinstance(query, Or):
            return _any_of([self._condition(part) for part in query.subqueries])
        raise NotImplementedError(f"{type(query).__name__} is nothing that the consoles' search is asked.")

    def _word(self, word: str) -> Q:
        if self.fields is not None:
            return _any_of([Q(**{f"{field}__icontains": word}) for field in self.fields])
        return _any_of([_holds(way) for way in _ways(word)])

    def _points(self) -> Any:
        """Points of an object: one for each word that its title holds, one more where it begins with the first."""
        runs_asked = [run for word in _asked_words(self.query) for run in runs(fold(word))]
        points: Any = _one_if(_NOTHING)
        if self.fields is not None:
            return points
        for run in runs_asked:
            points = points + _one_if(Q(words_title__contains=run))
        if runs_asked:
            points = points + _one_if(Q(words_title__startswith=runs_asked[0]))
        return points


class AutocompleteCompiler(Compiler):
    """The same for what is typed ahead; the fields of a model for that are others."""

    TARGET_SEARCH_FIELD_TYPE = AutocompleteField

    def get_search_fields_for_model(self) -> Any:
        return self.queryset.model.get_autocomplete_search_fields()


def _holds(way: str) -> Q:
    """The table has all pairs of the text, and each of its runs as it is."""
    needs = needs_of_text(way)
    if not needs:
        return _NOTHING
    found = Q(words_vector=_Lexemes(holding(needs)))
    for run in runs(fold(way)):
        found &= Q(words_title__contains=run) | Q(words_body__contains=run)
    return found


def _ways(word: str) -> list[str]:
    """The word, and the same as the mainland says it."""
    return list(dict.fromkeys((word, mainland_words(word))))


def _as_number(question: str) -> str:
    """Return the document number that a question is, as it stands in documents; '' for anything else.

    2026年第3号, 澄政发 [2026] 3 and 澄政发（2026）3号 are asked for as 澄政发〔2026〕3号.
    """
    written = compatible(question[:LONGEST]).strip()
    found = find_numbers(written)
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(written)):
        return ""
    return f"{found[0].issuer}〔{found[0].year}〕{found[0].serial}号"


def _words_of(query: PlainText) -> list[str]:
    """The words of a question; those of signs alone are left out."""
    return [word for word in query.query_string[:LONGEST].split() if runs(fold(word))][:MOST_WORDS]


def _asked_words(query: Any) -> Iterator[str]:
    """Yield every word that an object may hold."""
    if isinstance(query, PlainText):
        yield from _words_of(query)
    elif isinstance(query, Phrase):
        yield query.query_string[:LONGEST]
    elif isinstance(query, Boost):
        yield from _asked_words(query.subquery)
    elif isinstance(query, And | Or):
        for part in query.subqueries:
            yield from _asked_words(part)


def _all_of(conditions: list[Q]) -> Q:
    return _joined(conditions, and_)


def _any_of(conditions: list[Q]) -> Q:
    return _joined(conditions, or_)


def _joined(conditions: list[Q], by: Callable[[Q, Q], Q]) -> Q:
    return reduce(by, conditions) if conditions else _NOTHING


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
