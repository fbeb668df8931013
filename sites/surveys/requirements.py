"""What a survey must say before it is handed in, and what it may not change any more.

``page`` is a ``Survey``: its module asks this one, so it is known here by what it says alone.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.refusals import PlacedReason

from .kinds import Period, SurveyKind


def reasons_against_asking(page: Any) -> list[str]:
    """Say, each at its field, what keeps the survey from being handed in; empty when nothing does."""
    return [*_of_time(page), *_of_questions(page), *_of_outcome(page)]


def _of_time(page: Any) -> list[str]:
    reasons = [
        PlacedReason(_("“%(label)s”不能为空。") % {"label": page.label_of(name)}, name)
        for name in ("opens_at", "closes_at")
        if getattr(page, name) is None
    ]
    if page.opens_at and page.closes_at:
        if page.closes_at <= page.opens_at:
            reasons.append(PlacedReason(_("结束时间要在开始时间之后。"), "closes_at"))
        elif not page.live and page.closes_at <= timezone.now() and not page.has_outcome():
            reasons.append(PlacedReason(_("结束时间已经过去，没有人能够参加。请改结束时间。"), "closes_at"))
    return list(reasons)


def _of_questions(page: Any) -> list[str]:
    if page.survey_kind == SurveyKind.SURVEY and not page.questions:
        return [PlacedReason(_("问卷至少要有一道题。"), "questions")]
    if given := _answers_that_would_be_lost(page):
        return [
            PlacedReason(
                _(
                    "已经收到 %(n)d 份答卷，问题不能再改，否则前后的答卷不能放在一起统计。请把问题改回原样再送审；"
                    "要换问题的，把结束时间提前，另写一份新的征集调查。"
                )
                % {"n": given},
                "questions",
            )
        ]
    return []


def _answers_that_would_be_lost(page: Any) -> int:
    """How many have answered the questions that are public, where ``page`` asks others."""
    shown = type(page).objects.filter(pk=page.pk).first()
    if shown is None or shown.questions_digest == page.questions_digest:
        return 0
    given: int = shown.answers.filter(questions=shown.questions_digest).count()
    return given


def _of_outcome(page: Any) -> list[str]:
    if not page.has_outcome():
        return []
    if page.period() != Period.OVER:
        at = "outcome" if page.outcome else "adopted"
        return [PlacedReason(_("征集还没有结束，不能公布结果。请在结束以后填写结果再送审。"), at)]
    return [
        PlacedReason(_("第 %(number)d 条意见没有写采纳情况和理由。") % {"number": number}, "adopted")
        for number, block in enumerate(page.adopted, 1)
        if not block.value.get("outcome") or not str(block.value.get("reply") or "").strip()
    ]
