"""What the console shows of surveys, and which of them owe the public a result."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from .models import Answer, SaidText, Survey

#: Of equal texts, so many answers that left a contact are named.
_WITH_CONTACT = 10


@dataclass(frozen=True)
class Saying:
    """What one or many answers say in the same words. ``answers``: some of those that left a contact."""

    question: int
    digest: str
    text: str
    people: int
    state: str
    answers: list[Answer]


def find_survey(page: int) -> Survey | None:
    """Return the public survey with this id on the current site; None for any other."""
    return Survey.objects.filter(pk=page, live=True).first()


def surveys_here() -> QuerySet[Survey]:
    """Return the surveys of the current site that are or were public, the newest first, with the number of answers."""
    shown = Survey.objects.filter(first_published_at__isnull=False)
    return shown.annotate(count=Count("answers")).order_by("-closes_at", "-pk")


def surveys_without_result(now: datetime | None = None) -> QuerySet[Survey]:
    """Return the public surveys of the current site that are over and say nothing of what came of them."""
    over = Survey.objects.filter(live=True, closes_at__lte=now or timezone.now())
    return over.filter(outcome="", adopted=[]).order_by("closes_at")


def sayings(survey: Survey, state: str) -> QuerySet[Any]:
    """Return the texts of a survey in one state, equal ones together, those that many say first."""
    found = SaidText.objects.filter(survey=survey, state=state).values("question", "digest", "state")
    return found.annotate(people=Count("pk"), text=Min("text"), first=Min("pk")).order_by("-people", "first")


def with_answers(survey: Survey, rows: Iterable[dict[str, Any]]) -> list[Saying]:
    """Return the rows of ``sayings`` with the answers behind them that left a contact."""
    rows = list(rows)
    behind: dict[tuple[int, str], list[Answer]] = {}
    texts = SaidText.objects.filter(
        survey=survey, digest__in=[row["digest"] for row in rows], answer__contact__isnull=False
    )
    for text in texts.select_related("answer").defer("answer__contact", "answer__chosen").order_by("pk")[:2000]:
        behind.setdefault((text.question, text.digest), []).append(text.answer)
    return [
        Saying(
            row["question"],
            row["digest"],
            row["text"],
            row["people"],
            row["state"],
            behind.get((row["question"], row["digest"]), [])[:_WITH_CONTACT],
        )
        for row in rows
    ]
