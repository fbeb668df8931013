"""访谈台: the list of interviews, the desk at which live text is typed and cleared, and the questions of citizens."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import EDITOR
from govplatform.accounts.screens.screen import Screen
from govplatform.refusals import Refused

from .entries import Words, clear_version, correct_entry, newest_version, say_entry, withdraw_entry
from .models import InterviewPage, Question
from .models.live import NAME, REASON, TEXT, Speaker
from .permissions import DESK_ROLES, reasons_against_clearing, reasons_against_deciding, reasons_against_editing
from .queries import (
    desk_entries,
    find_entry,
    find_question,
    interviews,
    is_forgotten,
    questions_of,
    state_words_of,
)
from .questions import leave_question, look_at_asker, merge_question, take_question
from .sessions import decide_live, end_interview, make_transcript, open_interview, stop_live
from .shown import session_of, state_of, words_of_state

_Fields = Mapping[str, str]


class _InterviewScreen(Screen):
    roles = DESK_ROLES
    header_icon = "openquote"

    def may_open(self) -> bool:
        return super().may_open() and not self.tenant.is_console


class InterviewsView(_InterviewScreen):
    """The interviews of the site, the latest first."""

    template_name = "interviews_console/interviews.html"
    page_title = _("访谈台")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page_of(interviews())
        rows = [{"page": one, "state": state_words_of(one)} for one in page]
        return super().get_context_data(page=page, rows=rows, query=self.other_filters(), **kwargs)


class _OneInterview(_InterviewScreen):
    found: InterviewPage

    def find(self, **named: Any) -> HttpResponseBase | None:
        page = InterviewPage.objects.filter(pk=named["page_id"]).first()
        if page is None:
            raise Http404
        self.found = page
        return None

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("interviews"), str(InterviewsView.page_title))]

    def get_page_subtitle(self) -> str:
        return str(self.found.title)


class DeskView(_OneInterview):
    """The desk: typing at the left, what was typed at the right, both by keyboard (``interviews/desk.js``)."""

    template_name = "interviews_console/desk.html"
    page_title = _("现场文字")
    #: Where an act leads besides the desk.
    onward = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("part") == "entries":
            return self._entries()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        act, by_script = request.POST.get("act", ""), request.headers.get("X-Requested-With") == "desk"
        if act not in _ACTS:
            raise Http404
        try:
            done = _ACTS[act](self.found, _plain(request.POST), self)
        except Refused as refusal:
            self.found.refresh_from_db()
            if by_script:
                return self._entries(reasons=refusal.reasons, status=422)
            return self.refuse(refusal, typed=_plain(request.POST), tried=act)
        self.found.refresh_from_db()
        if by_script:
            return self._entries(done=done)
        messages.success(request, done)
        return redirect(self.onward or request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page, user = self.found, self.user()
        session = session_of(page)
        kwargs.setdefault("typed", self._typed())
        decided = session.scope if session is not None else ""
        return super().get_context_data(
            interview=page,
            live=session,
            scope=kwargs["typed"].get("scope", decided),
            state=state_of(page, session),
            state_words=words_of_state(state_of(page, session)) if page.live else _t("未发布"),
            speakers=_speakers(page),
            photos=[{"id": block.id, "value": block.value} for block in page.photos if block.value.get("image")],
            limits={"text": TEXT, "name": NAME, "reason": REASON},
            may_edit=not reasons_against_editing(user, page),
            may_decide=not reasons_against_deciding(user),
            may_clear=not reasons_against_clearing(user),
            waiting_questions=Question.objects.filter(page=page, state=Question.State.WAITING).count(),
            taken=questions_of(page, Question.State.TAKEN),
            forgotten=session is not None and is_forgotten(session, timezone.now()),
            **self._rows(),
            **kwargs,
        )

    def _rows(self) -> dict[str, Any]:
        session = session_of(self.found)
        rows = desk_entries(self.found, self.user(), session)
        return {
            "rows": rows,
            "waits": sum(1 for row in rows if row.waits),
            "mine": next((r for r in rows if r.may), None),
        }

    def _entries(self, *, reasons: list[str] | None = None, done: str = "", status: int = 200) -> HttpResponse:
        """The list alone, for the script of the desk."""
        user = self.user()
        context = {
            "interview": self.found, "reasons": reasons or [], "done": done, **self._rows(),
            "live": session_of(self.found), "limits": {"reason": REASON},
            "may_edit": not reasons_against_editing(user, self.found),
            "may_clear": not reasons_against_clearing(user),
        }  # fmt: skip
        response = render(self.request, "interviews_console/entries.html", context, status=status)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _typed(self) -> dict[str, str]:
        """With what the form begins: an entry that is corrected, or a question that is asked; without a script."""
        number, question = self.request.GET.get("correct", ""), self.request.GET.get("question", "")
        try:
            if _is_number(number):
                entry = find_entry(self.found, int(number))
                return {"entry": number, "text": newest_version(entry).text}
            if _is_number(question):
                return {
                    "question": question,
                    "speaker": "citizen",
                    "text": find_question(self.found, int(question)).masked,
                }
        except Refused:
            pass
        return {}


class QuestionsView(_OneInterview):
    """What citizens asked, masked; who asked and the words as typed are opened one by one, on the record."""

    template_name = "interviews_console/questions.html"
    page_title = _("网友提问")
    roles = frozenset({EDITOR.code})

    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs(), (reverse("interview", args=[self.found.pk]), str(DeskView.page_title))]

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        fields = _plain(request.POST)
        act = fields.get("act", "")
        looked = None
        try:
            question = find_question(self.found, _number(fields.get("question", "")))
            if act == "look":
                text, contact = look_at_asker(question, acting_user=self.user())
                looked = {"question": question.pk, "text": text, "contact": contact}
            elif act in _SETTLING:
                messages.success(request, _SETTLING[act](question, fields, self))
            else:
                raise Http404
        except Refused as refusal:
            return self.refuse(refusal, typed=fields)
        if looked is not None:
            return self.render_to_response(self.get_context_data(looked=looked))
        return redirect(request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        show = self.asked("show")["show"]
        show = show if show in Question.State.values else "all" if show == "all" else Question.State.WAITING.value
        page = self.page_of(questions_of(self.found, "" if show == "all" else show))
        return super().get_context_data(
            interview=self.found, page=page, show=show, shows=[("all", _t("全部")), *Question.State.choices],
            others=questions_of(self.found).exclude(state=Question.State.MERGED)[:200],
            may_edit=not reasons_against_editing(self.user(), self.found),
            limits={"reason": REASON}, query=self.other_filters(), **kwargs,
        )  # fmt: skip


# --- the acts of both screens -------------------------------------------------------------


def _say(page: InterviewPage, fields: _Fields, desk: DeskView) -> str:
    if fields.get("entry"):
        entry = find_entry(page, _number(fields["entry"]))
        correct_entry(entry, fields.get("text", ""), acting_user=desk.user())
        return _t("第 %(number)d 条的改正已录入，等待放行。") % {"number": entry.number}
    speaker, _mark, name = fields.get("speaker", "").partition(":")
    words = Words(speaker, fields.get("text", ""), name or fields.get("name", ""), fields.get("photo", ""))
    question = find_question(page, _number(fields["question"])) if fields.get("question") else None
    entry = say_entry(page, words, acting_user=desk.user(), question=question)
    return _t("第 %(number)d 条已录入，等待放行。") % {"number": entry.number}


def _clear(page: InterviewPage, fields: _Fields, desk: DeskView) -> str:
    entry = find_entry(page, _number(fields.get("entry", "")))
    version = clear_version(entry, _number(fields.get("version", "")), acting_user=desk.user())
    if entry.versions.filter(pk=version.pk, entry__shown=version).exists():
        return _t("第 %(number)d 条已公开。") % {"number": entry.number}
    return _t("第 %(number)d 条已放行一道，还差另一道。") % {"number": entry.number}


def _withdraw(page: InterviewPage, fields: _Fields, desk: DeskView) -> str:
    entry = find_entry(page, _number(fields.get("entry", "")))
    withdraw_entry(entry, acting_user=desk.user(), reason=fields.get("reason", ""))
    return _t("第 %(number)d 条已撤回。") % {"number": entry.number}


def _decide(page: InterviewPage, fields: _Fields, desk: DeskView) -> str:
    decide_live(page, fields.get("scope", ""), acting_user=desk.user())
    return _t("已作保密审查决定，编辑可以开启访谈。")


def _stop(page: InterviewPage, fields: _Fields, desk: DeskView) -> str:
    stop_live(page, acting_user=desk.user(), reason=fields.get("reason", ""))
    return _t("已暂停放行。要恢复，请重新作保密审查决定。")


def _open(page: InterviewPage, _fields: _Fields, desk: DeskView) -> str:
    open_interview(page, acting_user=desk.user())
    return _t("访谈已开启，公众页面显示“正在进行”。")


def _end(page: InterviewPage, _fields: _Fields, desk: DeskView) -> str:
    end_interview(page, acting_user=desk.user())
    return _t("访谈已结束。请生成实录，补写摘要后送审。")


def _transcribe(page: InterviewPage, _fields: _Fields, desk: DeskView) -> str:
    make_transcript(page, acting_user=desk.user())
    desk.onward = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return _t("实录已生成为草稿。请核对、补写“访谈摘要”，然后送审。")


def _take(question: Question, _fields: _Fields, screen: Screen) -> str:
    take_question(question, acting_user=screen.user())
    return _t("已采用，可以在访谈台录入。")


def _leave(question: Question, fields: _Fields, screen: Screen) -> str:
    leave_question(question, acting_user=screen.user(), reason=fields.get("reason", ""))
    return _t("已定为不采用。")


def _merge(question: Question, fields: _Fields, screen: Screen) -> str:
    into = find_question(question.page, _number(fields.get("into", "")))
    merge_question(question, into, acting_user=screen.user())
    return _t("已合并。")


#: Each carries out what it is named after and returns what was done, in words; it raises Refused.
_ACTS: Mapping[str, Callable[[InterviewPage, _Fields, DeskView], str]] = MappingProxyType(
    {
        "say": _say, "clear": _clear, "withdraw": _withdraw, "decide": _decide, "stop": _stop, "open": _open,
        "end": _end, "transcribe": _transcribe,
    }
)  # fmt: skip
_SETTLING: Mapping[str, Callable[[Question, _Fields, Screen], str]] = MappingProxyType(
    {"take": _take, "leave": _leave, "merge": _merge}
)


def _speakers(page: InterviewPage) -> list[dict[str, str]]:
    guests = [str(block.value.get("name") or "") for block in page.guests]
    return [
        {"code": f"host:{page.presenter}", "label": f"{Speaker.HOST.label} {page.presenter}".strip()},
        *({"code": f"guest:{name}", "label": name} for name in guests),
        {"code": Speaker.CITIZEN.value, "label": str(Speaker.CITIZEN.label)},
        {"code": Speaker.NOTE.value, "label": str(Speaker.NOTE.label)},
    ]


def _plain(sent: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(sent[name]).replace("\x00", "") for name in sent}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _number(text: str) -> int:
    if not _is_number(text):
        raise Refused(_t("请从本页操作：提交的编号不对。"))
    return int(text)
