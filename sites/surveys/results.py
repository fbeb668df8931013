"""The numbers of a survey: all answers are counted by the database in one pass, and laid out for tables and charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.core.cache import cache
from django.db import connection

from .models import Answer, Survey
from .questions import ANSWERED, Question

#: Seconds for which numbers are shown again instead of being counted.
KEPT = 60
_COUNT = """
SELECT code, count(*) FROM {table} a, unnest(a.chosen) AS code
WHERE a.survey_id = %s AND a.questions = %s GROUP BY code
"""


@dataclass(frozen=True)
class Bar:
    """An option. ``share``: of those who answered the question (or the row), in percent with one place; ``at``: where
    its part of a bar of all options begins, in percent; ``number``: from 1, by which a style sheet tells it apart.
    """

    label: str
    count: int
    share: Decimal
    number: int
    at: Decimal = Decimal(0)


@dataclass(frozen=True)
class Line:
    """A row of a matrix with its bars."""

    label: str
    bars: list[Bar]


@dataclass(frozen=True)
class Result:
    """What came of one question. ``answered``: how many answered it; ``average``: of a scale, None without answers."""

    question: Question
    answered: int
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    average: Decimal | None = None


@dataclass(frozen=True)
class Results:
    """``total``: answers to the questions as they are now."""

    total: int
    questions: list[Result]


def count_codes(survey: Survey) -> dict[int, int]:
    """Return code -> how many answers have it, with one statement over all answers."""
    table = connection.ops.quote_name(Answer._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(table=table), [survey.pk, survey.questions_digest])
        return dict(cursor.fetchall())


def kept_codes(survey: Survey) -> dict[int, int]:
    """``count_codes`` as it was less than a minute ago: the public page makes the database count no more often."""
    key = f"survey:{survey.pk}:{survey.questions_digest}"
    kept: dict[int, int] | None = cache.get(key)
    if kept is None:
        kept = count_codes(survey)
        cache.set(key, kept, KEPT)
    return kept


def results_of(survey: Survey, counts: Mapping[int, int] | None = None) -> Results:
    """Return what came of each question, in their order. ``counts``: counted now if not given."""
    counts = count_codes(survey) if counts is None else counts
    return Results(counts.get(ANSWERED, 0), [_result(question, counts) for question in survey.asked])


# --- inside ------------------------------------------------------------------------------


def _result(question: Question, counts: Mapping[int, int]) -> Result:
    # Where one option is chosen at most, how many answered is the sum of its options.
    answered = counts.get(question.code(), 0)
    if question.kind == "text":
        return Result(question, answered)
    if question.kind == "matrix":
        lines = [
            Line(label, _bars(question.options, [counts.get(question.code(n, row), 0) for n in _of(question)], None))
            for row, label in enumerate(question.rows, 1)
        ]
        return Result(question, answered, lines=lines)
    numbers = [counts.get(question.code(option), 0) for option in _of(question)]
    if question.kind != "multiple":
        answered = sum(numbers)
    average = None
    if question.kind == "scale" and answered:
        points = sum(point * number for point, number in zip(_of(question), numbers, strict=True))
        average = (Decimal(points) / answered).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Result(question, answered, bars=_bars(question.options, numbers, answered), average=average)


def _of(question: Question) -> range:
    return range(1, len(question.options) + 1)


def _bars(labels: Sequence[str], numbers: Sequence[int], whole: int | None) -> list[Bar]:
    """``whole``: of how many the shares are, the sum if None: of several choices the shares are more than a hundred."""
    whole = sum(numbers) if whole is None else whole
    bars, at = [], Decimal(0)
    for number, (label, count) in enumerate(zip(labels, numbers, strict=True), 1):
        share = (Decimal(100 * count) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else Decimal(0)
        bars.append(Bar(label, count, share, number, at))
        at += share
    return bars
