"""The verb ``interview``: what is done at the desk of an interview, and the questions of citizens."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from govplatform.accounts.models import User
from govplatform.accounts.queries import get_user
from govplatform.cases.codes import new_nonce
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.interviews.entries import Words, clear_version, correct_entry, newest_version, say_entry, withdraw_entry
from sites.interviews.models import Entry, InterviewPage
from sites.interviews.models.live import TEXT, Speaker
from sites.interviews.permissions import reasons_against_editing
from sites.interviews.queries import find_entry, find_interview, find_question, questions_of
from sites.interviews.questions import ask_question, leave_question, merge_question, read_question, take_question
from sites.interviews.sessions import decide_live, end_interview, make_transcript, open_interview, stop_live
from sites.interviews.shown import session_of, state_of

_SAYING = ("say", "correct", "clear", "withdraw")
_SESSION = ("decide", "stop", "open", "end", "transcript")
_QUESTIONS = ("ask", "questions", "take", "leave", "merge")
#: Bytes of a file with a text: more than the longest one, so that it is refused by the number of its characters.
_LARGEST = 8 * TEXT


class Command(VerbCommand):
    help = "Decide on, open, type, clear and end an interview; ask it something, and handle what was asked."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=(*_SESSION, *_SAYING, *_QUESTIONS), help="what is done")
        parser.add_argument("page", type=int, metavar="PAGE", help="number of the interview's page")
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--as", dest="acting", metavar="USER", help="not for ask, which a citizen does")
        parser.add_argument("--speaker", choices=Speaker.values, default=Speaker.HOST, help="say: who speaks")
        parser.add_argument("--name", default="", help="say: the guest's name, or the host's; ask: who asks")
        parser.add_argument("--text", metavar="FILE", help="say, correct, ask: file with the text (UTF-8)")
        parser.add_argument("--photo", default="", metavar="ID", help="say: block of a reviewed picture of the page")
        parser.add_argument("--entry", type=int, metavar="N", help="correct, clear, withdraw: which one")
        parser.add_argument("--wording", type=int, metavar="N", help="clear: else the newest one")
        parser.add_argument("--question", type=int, metavar="ID", help="say, take, leave, merge: which question")
        parser.add_argument("--into", type=int, metavar="ID", help="merge: the question that asks the same")
        parser.add_argument("--scope", default="", help="decide: what may be public")
        parser.add_argument("--reason", default="", help="stop, withdraw, leave: why")

    def run(self, **options: Any) -> dict[str, Any]:
        act = options["act"]
        if act != "ask" and not options["acting"]:
            raise CommandError(_("请用 --as 写明由谁操作。"))
        with schema_context("public"):
            site = get_tenant(options["site"])
            user = get_user(options["acting"]) if options["acting"] else None
        with tenant_context(site):
            page = find_interview(options["page"])
            if user is None:
                asked = read_question(_read(options), name=options["name"])
                return {"page": page.pk, "question": ask_question(page, asked, nonce=new_nonce()).pk}
            if act in _SESSION:
                return _session(act, page, user, options)
            return _entries(act, page, user, options) if act in _SAYING else _questions(act, page, user, options)


def _session(act: str, page: InterviewPage, user: User, options: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if act == "decide":
        decide_live(page, options["scope"], acting_user=user)
    elif act == "stop":
        stop_live(page, acting_user=user, reason=options["reason"])
    elif act == "open":
        open_interview(page, acting_user=user)
    elif act == "end":
        end_interview(page, acting_user=user)
    else:
        told["revision"] = make_transcript(page, acting_user=user).pk
    session = session_of(page)
    decided = session is not None and session.is_decided
    return {"page": page.pk, "state": state_of(page, session), "decided": decided, **told}


def _entries(act: str, page: InterviewPage, user: User, options: dict[str, Any]) -> dict[str, Any]:
    if act == "say":
        question = find_question(page, options["question"]) if options["question"] else None
        words = Words(options["speaker"], _read(options), options["name"], options["photo"])
        entry = say_entry(page, words, acting_user=user, question=question)
    else:
        if not options["entry"]:
            raise CommandError(_("请用 --entry 写明第几条。"))
        entry = find_entry(page, options["entry"])
    if act == "correct":
        correct_entry(entry, _read(options), acting_user=user)
    elif act == "clear":
        clear_version(entry, options["wording"] or newest_version(entry).number, acting_user=user)
    elif act == "withdraw":
        withdraw_entry(entry, acting_user=user, reason=options["reason"])
    entry = Entry.objects.get(pk=entry.pk)
    version = newest_version(entry)
    return {
        "page": page.pk, "entry": entry.number, "version": version.number, "severity": version.severity,
        "findings": version.findings, "shown": entry.shown_id == version.pk,
        "withdrawn": entry.withdrawn_at is not None,
    }  # fmt: skip


def _questions(act: str, page: InterviewPage, user: User, options: dict[str, Any]) -> dict[str, Any]:
    if act == "questions":
        if reasons := reasons_against_editing(user, page):
            raise Refused(reasons)
        found = questions_of(page)
    else:
        if not options["question"]:
            raise CommandError(_("请用 --question 写明哪一个提问。"))
        question = find_question(page, options["question"])
        if act == "take":
            take_question(question, acting_user=user)
        elif act == "leave":
            leave_question(question, acting_user=user, reason=options["reason"])
        else:
            if not options["into"]:
                raise CommandError(_("请用 --into 写明合并到哪一个提问。"))
            merge_question(question, find_question(page, options["into"]), acting_user=user)
        found = questions_of(page).filter(pk=question.pk)
    told = [
        {"question": one.pk, "text": one.masked, "state": one.state, "into": one.into_id, "asked_at": one.asked_at}
        for one in found
    ]
    return {"page": page.pk, "questions": told}


def _read(options: dict[str, Any]) -> str:
    if not options["text"]:
        raise CommandError(_("请用 --text 写明文字的文件。"))
    name = options["text"]
    try:
        with Path(name).open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except OSError as problem:
        raise CommandError(_("无法读取文件 %(name)s。") % {"name": name}) from problem
    if len(content) > _LARGEST:
        raise Refused(_("文件 %(name)s 太大。") % {"name": name})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Refused(_("文件 %(name)s 不是 UTF-8 编码。") % {"name": name}) from problem
