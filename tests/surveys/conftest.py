"""A survey with a question of each kind, and what a citizen's browser sends."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache, caches
from django.utils import timezone

from sites.surveys.models import Survey
from tests.cases.conftest import form_of
from tests.console.conftest import citizen, console
from tests.factories import draft_page, publish

__all__ = ["citizen", "console"]
FORM = "application/x-www-form-urlencoded"
QUESTIONS = [
    {"type": "single", "value": {"text": "你多久去一次图书馆？", "required": True, "options": "每周\n每月\n很少"}},
    {"type": "multiple", "value": {"text": "你想增加什么？", "required": False, "options": "夜间开放\n自习座位\n讲座",
                                   "most": 2}},
    {"type": "scale", "value": {"text": "总体满意度", "required": True, "points": 5, "low": "很不满意",
                                "high": "很满意"}},
    {"type": "matrix", "value": {"text": "各项服务", "required": False, "rows": "借阅\n咨询",
                                 "options": "好\n一般\n差"}},
    {"type": "text", "value": {"text": "还有什么建议？", "required": False, "longest": 50}},
]  # fmt: skip
#: A whole answer to them.
GIVEN = {"q1": "2", "q2": ["1", "3"], "q3": "4", "q4-1": "1", "q4-2": "3", "q5": "多开几间自习室。"}


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    caches["outward"].clear()
    cache.clear()


def draft_survey(**fields: Any) -> Survey:
    now = timezone.now()
    values = {
        "title": "图书馆服务调查", "organiser": "市图书馆", "questions": QUESTIONS, "body": [],
        "opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=9), "results_shown": "live",
    }  # fmt: skip
    return draft_page(Survey, "news", "alpha_editor", **{**values, **fields})


def live_survey(**fields: Any) -> Survey:
    return publish(draft_survey(**fields))


def address(survey: Survey) -> str:
    return f"/interaction/surveys/{survey.pk}/"


def send(client: Any, survey: Survey, *, form: dict[str, str] | None = None, **fields: Any) -> Any:
    """Send the form as a browser would; ``fields`` in place of those of a whole answer, '' takes one away."""
    path = address(survey)
    given = {**(form or form_of(client.get(path))), **GIVEN, **{k.replace("_", "-"): v for k, v in fields.items()}}
    return client.post(path, urlencode(given, doseq=True), content_type=FORM)
