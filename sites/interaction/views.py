"""来信办理: the inbox with its clocks, and one case with everything that may be done with it here."""

from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import CLERK, EDITOR, SUPERVISOR
from govplatform.accounts.screens.screen import PER_PAGE, Screen
from govplatform.cases.abuse import reasons_against_restoring
from govplatform.cases.actions import (
    accept_case,
    close_case,
    extend_case,
    is_stranded,
    look_at_contact,
    return_case,
    take_case,
)
from govplatform.cases.attachments import open_attachment
from govplatform.cases.clock import limit_of
from govplatform.cases.contact import Contact
from govplatform.cases.disclosure.clock_stops import reasons_against_running
from govplatform.cases.disclosure.identity import look_at_identity
from govplatform.cases.export import export_cases
from govplatform.cases.kinds import RULES, Kind
from govplatform.cases.models import Case, DisclosureRequest, Judgement, LetterToLeader, SavedReply, Supplement, Unit
from govplatform.cases.opinions import give_opinion
from govplatform.cases.permissions import (
    has_left,
    may_oversee,
    reasons_against_looking,
    reasons_against_opening,
    reasons_against_taking,
)
from govplatform.cases.queries import (
    READ_FOR_WORDS,
    cases_at,
    holding_words,
    marked_with_left,
    narrow_cases,
    published_url,
)
from govplatform.cases.retention.queries import erased_after, hold_of
from govplatform.cases.site_numbers import cases_of_sites, sites_with_cases, years_with_cases
from govplatform.downloads import as_download
from govplatform.paging import BoundedPaginator
from govplatform.refusals import Refused
from govplatform.spreadsheets.writing import CONTENT_TYPES
from govplatform.tenancy.models import Tenant

from .answering import answer_case, reply_to, said_by_unit
from .assigning import assign, sites_below
from .consulting import ask_for_opinion, recall
from .error_screens import ERROR_ACTS, carry_out, error_context
from .files_shown import files_shown
from .keeping import KEEPING
from .models import ReplyPage
from .question_base import draft_question, entry_of, may_draft_from
from .related import answers_alike
from .requests.screens import REQUEST_ACTS, TYPED, carry_out_on_request, letter_response, request_context

_SHOWN = MappingProxyType(
    {
        "open": _("未办结"),
        "late": _("超期（含已办结）"),
        "overdue": _("正在超期"),
        "accepted_late": _("逾期受理"),
        "answered": _("已答复"),
        "judged": _("已评价"),
        "all": _("全部"),
    }
)
State = Case.State
_CLOSED_IN = (State.SUBMITTED, State.ACCEPTED, State.ASSIGNED)
#: Rows of an inbox that can be turned to.
_MOST = 1_000
_EXTENDED_IN = (State.ACCEPTED, State.ASSIGNED, State.IN_REVIEW)


class _CaseScreen(Screen):
    roles = frozenset({CLERK.code, EDITOR.code, SUPERVISOR.code})
    header_icon = "mail"

    def cases(self) -> QuerySet[Case]:
        """The cases that the reader has to do with here; for supervisors, in the console tenant, those of all sites."""
        held = current_roles(self.request.user)
        if self.tenant.is_console:
            return Case.objects.all() if may_oversee(self.user()) else Case.objects.none()
        return cases_at(self.tenant, as_clerk=CLERK.code in held, as_editor=EDITOR.code in held)


def inbox_pages(cases: QuerySet[Case]) -> BoundedPaginator:
    """The pages of an inbox, which are few: who looks further back narrows it down, or asks for a number."""
    return BoundedPaginator(cases, PER_PAGE, most=_MOST, in_order=True)


class CasesView(_CaseScreen):
    """The inbox, the most urgent first; supervisors see clocks and states, not what anybody wrote."""

    template_name = "interaction_console/cases.html"
    page_title = _("来信办理")
    #: Whether words were not looked for in the oldest letters.
    left_unread = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = request.GET.get("export", "")
        if kind not in CONTENT_TYPES:
            return super().get(request, *args, **kwargs)
        try:
            table = export_cases(self._asked_for()[0], self.tenant, kind, acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal)
        return as_download(HttpResponse(table, content_type=CONTENT_TYPES[kind]), f"cases.{kind}")

    def _without_export(self) -> str:
        query = self.request.GET.copy()
        for name in ("page", "export"):
            query.pop(name, None)
        return query.urlencode()

    def _asked_for(self) -> tuple[QuerySet[Case], dict[str, str], str]:
        """The cases that the filters mean, the filters, and the range that is shown."""
        asked = self.asked("show", "kind", "q", "mailbox", "desk", "organisation", "year")
        show = asked["show"] if asked["show"] in _SHOWN else "open"
        cases = self.cases().select_related("desk", "organisation", "handler")
        if self.tenant.is_console:
            cases = cases_of_sites(cases, desk=asked["desk"], organisation=asked["organisation"], year=asked["year"])
        kind = asked["kind"] if asked["kind"] in Kind.values else ""
        looked_for = asked["q"].strip()
        # who sees clocks and states alone finds nothing by what was written
        by_number = self.tenant.is_console or (looked_for.isascii() and looked_for.isdigit())
        number = looked_for if by_number else ""
        cases = narrow_cases(cases, show, kind=kind, number=number, in_mailbox=bool(asked["mailbox"]))
        if looked_for and not by_number:
            cases, self.left_unread = holding_words(cases, looked_for)
        return cases, asked, show

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cases, asked, show = self._asked_for()
        page = inbox_pages(marked_with_left(cases)).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page,
            rows=[
                {"case": case, "limit": limit_of(case) if case.is_late else None, "stranded": is_stranded(case)}
                for case in page
            ],
            shown=_SHOWN.items(),
            show=show,
            kinds=Kind.choices,
            asked=asked,
            read=READ_FOR_WORDS if self.left_unread else None,
            query=self.other_filters(),
            export_query=self._without_export(),
            overseeing=self.tenant.is_console,
            **self._sites(),
            keeps=CLERK.code in current_roles(self.request.user) and not self.tenant.is_console,
            answers=EDITOR.code in current_roles(self.request.user) and not self.tenant.is_console,
            **kwargs,
        )

    def _sites(self) -> dict[str, Any]:
        """What overseers narrow the list of all sites down by."""
        if not self.tenant.is_console:
            return {}
        desks, organisations = sites_with_cases()
        return {"desks": desks, "organisations": organisations, "years": years_with_cases()}


class CaseView(_CaseScreen):
    """One case: what was sent in, what was done with it, and what the reader may do now."""

    roles = frozenset({CLERK.code, EDITOR.code})
    template_name = "interaction_console/case.html"
    found: Case
    #: Where an act leads to; '' back to the screen.
    onward = ""

    def find(self, **named: Any) -> HttpResponseBase | None:
        cases = self.cases().select_related("desk", "organisation", "handler", "came_by", "joined_to")
        found = None if self.tenant.is_console else cases.filter(pk=named["case_id"]).first()
        if found is None:
            raise Http404
        self.found = found
        return None

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("cases"), _t("来信办理"))]

    def get_page_title(self) -> str:
        return str(self.found)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.found
        held = current_roles(self.request.user)
        keeps = CLERK.code in held and case.desk_id == self.tenant.pk
        handles = EDITOR.code in held and case.organisation_id == self.tenant.pk
        page = reply_to(case) if handles else None
        rules = RULES[case.kind]
        runs = not reasons_against_running(case)
        may_answer = handles and runs and case.state == State.ASSIGNED and case.handler_id in (None, self.user().pk)
        return super().get_context_data(
            case=case,
            limit=limit_of(case) if not case.is_over else None,
            steps=case.steps.select_related("person", "organisation"),
            keeps=keeps,
            may_look=case.contact is not None and not reasons_against_looking(self.user(), case),
            may_accept=keeps and case.state == State.SUBMITTED and not rules.forwarded,
            may_assign=keeps
            and (
                is_stranded(case)
                or case.state in (State.ACCEPTED, State.ASSIGNED, *([State.SUBMITTED] if rules.forwarded else []))
            ),
            may_close=keeps and case.state in _CLOSED_IN and not rules.decided,
            may_abuse=keeps and case.state in (_CLOSED_IN[:1] if rules.decided else _CLOSED_IN),
            may_join=keeps and case.state in _CLOSED_IN and not rules.decided,
            may_part=keeps and case.state == State.JOINED,
            may_restore=keeps and not reasons_against_restoring(case),
            leader=LetterToLeader.objects.filter(case=case).first(),
            joined=case.joined.order_by("pk"),
            hold=hold_of(case),
            erased_after=erased_after(case),
            files=files_shown(case, opens=not reasons_against_opening(self.user(), case)),
            may_open=not reasons_against_opening(self.user(), case),
            **self._opinions(case, asks=keeps or handles),
            may_extend=(keeps or handles)
            and case.state in _EXTENDED_IN
            and not case.extended
            and bool(rules.extension)
            and not case.is_late
            and runs,
            may_return=handles and case.state == State.ASSIGNED,
            may_answer=may_answer,
            may_take=handles and case.handler_id != self.user().pk and not reasons_against_taking(self.user(), case),
            handler_left=has_left(case),
            stranded=is_stranded(case),
            first_answer=page is None,
            drafted=kwargs.pop("drafted", None) or self._saved() or _drafted(case, page),
            saved=SavedReply.objects.filter(site=self.tenant) if handles else [],
            alike=answers_alike(case, self.tenant) if handles and case.state == State.ASSIGNED else [],
            reply=page,
            entry=entry_of(case) if handles else None,
            may_draft=handles and may_draft_from(self.user(), case, self.tenant),
            sites=[one for one in sites_below(case.desk) if one != case.organisation] if keeps else [],
            published_url=published_url(case),
            added=Supplement.objects.filter(case=case).first(),
            judged=Judgement.objects.filter(case=case).first(),
            **{
                **error_context(case, self.user(), may_answer=may_answer),
                **request_context(case, self.user(), keeps=keeps, handles=handles),
                **kwargs,
            },
        )

    def _saved(self) -> str:
        """The saved reply that was chosen to begin with, '' for none."""
        given = self.request.GET.get("reply", "")
        known = given.isascii() and given.isdigit() and len(given) < 10
        chosen = SavedReply.objects.filter(site=self.tenant, pk=int(given)).first() if known else None
        return chosen.text if chosen is not None else ""

    def _opinions(self, case: Case, *, asks: bool) -> dict[str, Any]:
        """Who was asked besides, and whether this site says something now."""
        opinions = list(case.opinions.select_related("site", "unit"))
        mine = [one for one in opinions if one.site_id == self.tenant.pk and one.is_open]
        is_asked_in = case.state in (State.ASSIGNED, State.IN_REVIEW)
        may_ask = asks and is_asked_in
        return {
            "opinions": opinions if asks else mine,
            "asked_of": mine[0] if mine and is_asked_in else None,
            "may_ask": may_ask,
            "units": Unit.objects.filter(desk=case.desk, closed=False) if may_ask else [],
            "asked_sites": [one for one in sites_below(case.desk) if one != case.organisation] if may_ask else [],
        }

    def _download(self, place: str) -> HttpResponse:
        """A file of the letter: always a download of no type, which no browser opens in the console's name."""
        known = place.isascii() and place.isdigit() and len(place) < 5
        if not known:
            raise Http404
        found, content = open_attachment(self.found, int(place), self.tenant, acting_user=self.user())
        response = HttpResponse(content, content_type="application/octet-stream")
        as_download(response, found.name)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response

    def post(self, request: HttpRequest, case_id: int) -> HttpResponse:
        act = request.POST.get("act", "")
        contact: Contact | None = None
        link = ""
        try:
            if act == "look":
                contact = look_at_contact(self.found, self.tenant, acting_user=self.user())
                done = ""
            elif act == "identify":
                identity = look_at_identity(self.found, self.tenant, acting_user=self.user())
                return self.render_to_response(self.get_context_data(identity=identity))
            elif act == "letter":
                kind = request.POST.get("format", "")
                return letter_response(request, self.found, self.tenant, kind, acting_user=self.user())
            elif act == "open":
                return self._download(request.POST.get("place", ""))
            elif act == "consult":
                named, note = request.POST.get("who", "").replace("\x00", ""), request.POST.get("reason", "")
                link = ask_for_opinion(self.found, named, note, acting_user=self.user())
                done = _t("已征求意见。")
            else:
                done = self._done(act, request.POST.get("reason", ""))
        except Refused as refusal:
            self.found = Case.objects.select_related("desk", "organisation", "handler", "came_by", "joined_to").get(
                pk=case_id
            )
            typed = {"answer": "drafted", "prepared": "prepared"}
            kept: dict[str, Any] = {typed[name]: request.POST[name] for name in typed if name in request.POST}
            kept["typed"] = {name: request.POST.get(name, "") for name in ("into", "opinion", *TYPED)}
            return self.refuse(refusal, reason=request.POST.get("reason", ""), tried=act, **kept)
        if contact is not None:
            return self.render_to_response(self.get_context_data(contact=contact))
        if link:
            return self.render_to_response(self.get_context_data(unit_link=link))
        messages.success(request, done)
        if self.onward:
            return redirect(self.onward)
        still_mine = self.cases().filter(pk=case_id).exists()
        return redirect("case", case_id) if still_mine else redirect("cases")

    def _done(self, act: str, reason: str) -> str:
        """Carry out ``act`` and return what was done, in words. Raises Refused, and Http404 for no act."""
        case, user = self.found, self.user()
        if act == "accept":
            accept_case(case, acting_user=user)
            return _t("已受理，答复期限从现在起算。")
        if act == "assign":
            to = self._site(self.request.POST.get("to", ""))
            assign(case, to, acting_user=user, reason=reason)
            return _t("已交“%(site)s”办理。") % {"site": to.full_name}
        if act == "take":
            take_case(case, acting_user=user)
            return _t("由你办理。")
        if act == "return":
            return_case(case, acting_user=user, reason=reason)
            return _t("已退回受理站点。")
        if act == "extend":
            extend_case(case, acting_user=user, reason=reason, consent=self.request.POST.get("consent", ""))
            return _t("已延期。")
        if act == "close":
            close_case(case, acting_user=user, reason=reason)
            return _t("已办结，来信人查询时看到这一理由。")
        if act == "answer":
            posted = self.request.POST
            private, decision = "private" in posted, posted.get("decision", "")
            answer_case(case, posted.get("answer", ""), acting_user=user, private=private, decision=decision)
            return _t("答复已送审，内容审核和保密审查通过后发出。")
        if act == "question":
            entry = draft_question(case, acting_user=user)
            self.onward = reverse("wagtailadmin_pages:edit", args=[entry.pk])
            return _t("草稿已建好：把问题改写成一般的样子，去掉来信人的情况，再送审。")
        if act in ERROR_ACTS:
            done, self.onward = carry_out(act, case, self.tenant, self.request.POST, acting_user=user)
            return done
        if act in REQUEST_ACTS:
            return carry_out_on_request(act, case, self.request.POST, acting_user=user)
        if act == "opinion":
            give_opinion(case, self.tenant, self.request.POST.get("opinion", ""), acting_user=user)
            return _t("意见已提交，由办理单位答复。")
        if act == "recall":
            recall(case, self.request.POST.get("who", "").replace("\x00", ""), acting_user=user)
            return _t("已收回。")
        if act in KEEPING:
            return KEEPING[act](case, self.request.POST, user)
        raise Http404

    def _site(self, code: str) -> Tenant:
        for site in sites_below(self.found.desk):
            if site.code == code:
                return site
        raise Refused(_t("请选择办理的站点。"))


def _drafted(case: Case, page: ReplyPage | None) -> str:
    """With what the form of the answer begins: its last version, or what a unit said for which this site answers."""
    if (request := DisclosureRequest.objects.filter(case=case).first()) is not None:
        # The letter around it is made anew each time.
        return request.particulars
    return str(page.get_latest_revision_as_object().answer) if page is not None else said_by_unit(case)
