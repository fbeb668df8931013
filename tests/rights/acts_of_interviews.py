"""Interviews: the desk of one, and what citizens asked; on site alpha."""

from typing import Any

from govplatform.cases.codes import new_nonce
from sites.interviews import entries, questions, sessions
from sites.interviews.models import InterviewPage, Question
from tests import factories
from tests.interviews.conftest import an_interview, an_open_interview, say

from .acts import Doing, act


def asked(page: InterviewPage, text: str = "什么时候到账？") -> Question:
    return questions.ask_question(page, questions.read_question(text), nonce=new_nonce())


def opened() -> Any:
    return an_open_interview()


@act("sites.interviews.sessions.decide_live", may="alpha_secret")
def _decide() -> Doing:
    page = an_interview()
    return lambda who: sessions.decide_live(page, "公开的。", acting_user=who)


@act("sites.interviews.sessions.stop_live", may="alpha_secret")
def _stop() -> Doing:
    page = opened()
    return lambda who: sessions.stop_live(page, acting_user=who, reason="超出口径")


@act("sites.interviews.sessions.open_interview", may="alpha_editor")
def _open() -> Doing:
    page = opened()
    sessions.end_interview(page, acting_user=factories.user("alpha_editor"))
    return lambda who: sessions.open_interview(page, acting_user=who)


@act("sites.interviews.sessions.end_interview", may="alpha_editor")
def _end() -> Doing:
    page = opened()
    return lambda who: sessions.end_interview(page, acting_user=who)


@act("sites.interviews.sessions.make_transcript", may="alpha_editor")
def _transcribe() -> Doing:
    page = opened()
    entries.clear_version(say(page, "欢迎。"), 1, acting_user=factories.user("alpha_content"))
    sessions.end_interview(page, acting_user=factories.user("alpha_editor"))
    return lambda who: sessions.make_transcript(page, acting_user=who)


@act("sites.interviews.entries.say_entry", may="alpha_editor")
def _say() -> Doing:
    page = opened()
    return lambda who: entries.say_entry(page, entries.Words("host", "欢迎。"), acting_user=who)


@act("sites.interviews.entries.correct_entry", may="alpha_editor")
def _correct() -> Doing:
    entry = say(opened(), "欢迎。")
    return lambda who: entries.correct_entry(entry, "欢迎各位。", acting_user=who)


@act("sites.interviews.entries.clear_version", may="alpha_content")
def _clear() -> Doing:
    entry = say(opened(), "欢迎。")
    return lambda who: entries.clear_version(entry, 1, acting_user=who)


@act("sites.interviews.entries.withdraw_entry", may="alpha_content")
def _withdraw() -> Doing:
    entry = say(opened(), "欢迎。")
    return lambda who: entries.withdraw_entry(entry, acting_user=who, reason="口误")


@act("sites.interviews.questions.take_question", may="alpha_editor")
def _take() -> Doing:
    question = asked(an_interview())
    return lambda who: questions.take_question(question, acting_user=who)


@act("sites.interviews.questions.leave_question", may="alpha_editor")
def _leave() -> Doing:
    question = asked(an_interview())
    return lambda who: questions.leave_question(question, acting_user=who, reason="广告")


@act("sites.interviews.questions.merge_question", may="alpha_editor")
def _merge() -> Doing:
    page = an_interview()
    question, into = asked(page), asked(page, "到账时间？")
    return lambda who: questions.merge_question(question, into, acting_user=who)


@act("sites.interviews.questions.look_at_asker", may="alpha_editor")
def _look() -> Doing:
    question = asked(an_interview())
    return lambda who: questions.look_at_asker(question, acting_user=who)
