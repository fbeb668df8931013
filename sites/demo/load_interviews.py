"""Interviews of the demo: who speaks, what was asked and said, and the transcript, inside ``recorded_times``.

All of it is played on the day of the announcement, in the transaction of its page: the record of the site stays in
the order of time and a load that was killed leaves all of it or nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import count
from typing import Any

from django.utils import timezone

from govplatform.accounts.models import User
from govplatform.review.gate.scans import scan_now
from govplatform.review.submission.actions import submit_for_review
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from sites.demo import content
from sites.demo.bodies import rich_text
from sites.demo.recorded_time import at
from sites.demo.timeline import Moments, moments_from
from sites.interviews.entries import Words, clear_version, say_entry
from sites.interviews.models import InterviewPage, Question
from sites.interviews.questions import ask_question, read_question, take_question
from sites.interviews.sessions import decide_live, end_interview, make_transcript, open_interview

#: From the publication of the announcement to the first word.
_BEGIN = dt.timedelta(hours=5)
_A_MINUTE = dt.timedelta(minutes=1)
_HOUR = 15


def guests_of(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The blocks of who speaks: ``name|post`` each."""
    pairs = [line.split("|") for line in told["guests"]]
    return [{"type": "guest", "value": {"name": name, "post": post}} for name, post in pairs]


def begin_of(told: Mapping[str, Any], moments: Moments) -> dt.datetime:
    """When it begins: days after its announcement, beyond the load, or on the same day."""
    if days := told.get("starts_in_days"):
        day = timezone.localdate(moments.confidentiality) + dt.timedelta(days=days)
        return timezone.make_aware(dt.datetime.combine(day, dt.time(_HOUR)))
    return moments.confidentiality + _BEGIN


def play_interview(page: Any, item: content.Structured, people: Mapping[str, User], moments: Moments) -> None:
    """Ask what citizens asked; of one that has ended say all that was said, and have its transcript published."""
    assert item.interview is not None
    told, editor = item.interview, people[item.editor]
    page = InterviewPage.objects.get(pk=page.pk)
    minutes = (moments.confidentiality + number * _A_MINUTE for number in count(10))
    for number, text in enumerate(told["asked"]):
        with at(next(minutes)):
            ask_question(page, read_question(text), nonce=f"demo-{item.slug}-{number}")
    first = Question.objects.filter(page=page).earliest("pk")
    if "said" not in told:
        with at(next(minutes)):
            take_question(first, acting_user=editor)
        return
    _say(page, item, people, begin_of(told, moments), first)
    _write_down(page, item, people, begin_of(told, moments) + _BEGIN / 2)


# --- inside ------------------------------------------------------------------------------


def _say(
    page: InterviewPage, item: content.Structured, people: Mapping[str, User], begin: dt.datetime, asked: Question
) -> None:
    told, editor = dict(item.interview or {}), people[item.editor]
    with at(begin - 10 * _A_MINUTE):
        decide_live(page, told["scope"], acting_user=people[item.confidentiality_reviewer])
    with at(begin):
        open_interview(page, acting_user=editor)
    minutes = (begin + number * _A_MINUTE for number in count(1))
    for line in told["said"]:
        speaker, *rest = line.split("|")
        words = Words(speaker, rest[-1], rest[0] if len(rest) > 1 else "")
        with at(next(minutes)):
            entry = say_entry(page, words, acting_user=editor, question=asked if speaker == "citizen" else None)
        with at(next(minutes)):
            clear_version(entry, 1, acting_user=people[item.content_reviewer])
    with at(next(minutes)):
        end_interview(page, acting_user=editor)


def _write_down(page: InterviewPage, item: content.Structured, people: Mapping[str, User], begin: dt.datetime) -> None:
    moments, editor = moments_from(begin), people[item.editor]
    with at(moments.written):
        make_transcript(page, acting_user=editor)
        draft = InterviewPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        highlights = (item.interview or {})["highlights"]
        draft.highlights = rich_text([content.Paragraphs(tuple(highlights.splitlines()))])
        draft.save_revision(user=editor)
    with at(moments.submitted):
        submit_for_review(page, acting_user=editor)
        scan_now(page, acting_user=editor)
    for moment, reviewer, opinion in (
        (moments.content, item.content_reviewer, item.content_opinion),
        (moments.confidentiality, item.confidentiality_reviewer, item.confidentiality_opinion),
    ):
        with at(moment):
            decide_from_the_shell(page, acting_user=people[reviewer], approve=True, opinion=opinion)
