"""What the demo's citizens answer to its surveys, and what came of the one that is over; inside ``recorded_times``.

Answers stand in no record. The outcome does, so it comes behind everything else of its site. What has been done is
known again, and a load that is run again goes on.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.accounts.roles import CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER, EDITOR
from govplatform.audit.models import Entry
from govplatform.locks.holding import holding
from govplatform.review.gate.scans import scan_now
from govplatform.review.submission.actions import submit_for_review
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.tenancy.models import Tenant
from sites.demo.content import CONTENT_FOLDER, Province, read_toml
from sites.demo.recorded_time import at
from sites.surveys.actions import pick_saying
from sites.surveys.given import Given
from sites.surveys.intake import submit_answer, text_digest
from sites.surveys.models import Survey
from sites.surveys.questions import OPINION, Question

_BEGIN, _END = dt.time(9), dt.time(18)
_A_MINUTE = dt.timedelta(minutes=1)


def asked(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return a question of the content as a block of a page."""
    value = {name: said for name, said in question.items() if name != "kind"}
    for name in ("options", "rows"):
        if name in value:
            value[name] = "\n".join(value[name])
    return {"type": question["kind"], "value": value}


def days_of_survey(days: int) -> tuple[dt.datetime, dt.datetime]:
    """Return begin and end of a survey that is written now: the next morning, and the evening so many days later."""
    first = timezone.localdate() + dt.timedelta(days=1)
    begin = timezone.make_aware(dt.datetime.combine(first, _BEGIN))
    return begin, timezone.make_aware(dt.datetime.combine(first + dt.timedelta(days=days), _END))


def load_surveys(people: Mapping[str, User], tenants: Mapping[str, Tenant], province: Province) -> None:
    """Answer the surveys of ``content/surveys.toml`` and publish what came of them."""
    for raw in read_toml(CONTENT_FOLDER / "surveys.toml")["survey"]:
        tenant = tenants[raw["site"]]
        with tenant_context(tenant):
            survey = Survey.objects.get(slug=raw["slug"])
            _answer(survey, raw)
            if "outcome" in raw and not survey.has_outcome():
                holders: dict[str, User] = {
                    role: next(people[one.username] for one in province.people if one.holds(raw["site"], role))  # type: ignore[arg-type]
                    for role in (EDITOR.code, CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code)
                }
                _publish_outcome(survey, raw, holders, tenant)


# --- inside ------------------------------------------------------------------------------


def _answer(survey: Survey, raw: Mapping[str, Any]) -> None:
    draw, texts = random.Random(raw["slug"]), raw["texts"]
    end = min(survey.closes_at, timezone.now())  # type: ignore[type-var]
    for number in range(max(raw["answers"], len(texts))):
        given = Given()
        for question in survey.asked:
            _fill(question, given, draw, texts[number] if number < len(texts) else "")
        # Spread over the time that it has been open for.
        part = (number + 1) / (max(raw["answers"], len(texts)) + 1)
        with at(survey.opens_at + (end - survey.opens_at) * part):  # type: ignore[operator]
            nonce = hashlib.sha256(f"demo answer {raw['slug']} {number}".encode()).hexdigest()[:32]
            submit_answer(survey, given, nonce=nonce, address=f"192.0.2.{number}")


def _fill(question: Question, given: Given, draw: random.Random, text: str) -> None:
    if question.kind == "text":
        if text:
            given.texts[question.number] = text
            given.chosen.append(question.code())
        return
    options = range(1, len(question.options) + 1)
    # The first are chosen more often than the last, as it is with real questions; of a scale it is the other way.
    weights = [len(options) + 1 - n for n in options] if question.kind != "scale" else [n * n for n in options]
    if question.kind in ("matrix", "multiple"):
        given.chosen.append(question.code())
    if question.kind == "matrix":
        for row in range(1, len(question.rows) + 1):
            given.chosen.append(question.code(draw.choices(options, weights)[0], row))
        return
    several = draw.randint(1, question.most or 2) if question.kind == "multiple" else 1
    chosen = {draw.choices(options, weights)[0] for _time in range(several)}
    given.chosen += [question.code(option) for option in sorted(chosen)]


def _publish_outcome(survey: Survey, raw: Mapping[str, Any], holders: Mapping[str, User], tenant: Tenant) -> None:
    editor = holders[EDITOR.code]
    last = Entry.objects.filter(chain=tenant.schema_name).order_by("-number").first()
    assert last is not None
    with transaction.atomic(), holding(tenant.schema_name, pages=[survey.pk]):
        with at(last.at + _A_MINUTE):
            for one in raw["adopted"]:
                pick_saying(survey, OPINION, text_digest(one["said"]), acting_user=editor)
            draft = Survey.objects.get(pk=survey.pk).get_latest_revision_as_object()
            for block, one in zip(draft.adopted, raw["adopted"], strict=True):
                block.value.update(outcome=one["outcome"], reply=one["reply"])
            draft.outcome = f"<p>{raw['outcome']}</p>"
            draft.save_revision(user=editor)
        with at(last.at + 2 * _A_MINUTE):
            submit_for_review(Page.objects.get(pk=survey.pk).specific, acting_user=editor)
            scan_now(Page.objects.get(pk=survey.pk).specific, acting_user=editor)
        for number, role in enumerate((CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code), 3):
            with at(last.at + number * _A_MINUTE):
                page = Page.objects.get(pk=survey.pk).specific
                decide_from_the_shell(page, acting_user=holders[role], approve=True, opinion=raw["opinion"])
