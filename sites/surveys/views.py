"""征集调查: which surveys there are and how many answered; of one the numbers, what was said, and the table."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import EDITOR
from govplatform.accounts.screens.screen import Screen
from govplatform.cases.contact import Contact
from govplatform.downloads import as_download
from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from govplatform.spreadsheets.writing import CONTENT_TYPES
from govplatform.tenancy.hosts import public_url

from .actions import look_at_answer, pick_saying, sort_saying
from .export import export_answers
from .kinds import Period
from .models import Answer, SaidText, Survey
from .permissions import READERS
from .queries import sayings, surveys_here, surveys_without_result, with_answers
from .questions import OPINION
from .results import results_of

_PER_PAGE = 20


class _SurveyScreen(Screen):
    roles = READERS
    header_icon = "form"

    def may_open(self) -> bool:
        return super().may_open() and not self.tenant.is_console


class SurveysView(_SurveyScreen):
    """Every survey that was ever public, those that run or owe a result at the top."""

    template_name = "surveys_console/surveys.html"
    page_title = _("征集调查")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page_of(surveys_here())
        owing = set(surveys_without_result().values_list("pk", flat=True))
        rows = [{"survey": one, "period": one.period().label, "owes": one.pk in owing} for one in page]
        return super().get_context_data(page=page, rows=rows, query=self.other_filters(), **kwargs)


class SurveyView(_SurveyScreen):
    """One survey: numbers, texts with what may be done with them, the table of all answers."""

    template_name = "surveys_console/survey.html"
    found: Survey

    def find(self, **named: Any) -> HttpResponseBase | None:
        found = Survey.objects.filter(pk=named["survey_id"], first_published_at__isnull=False).first()
        if found is None:
            raise Http404
        self.found = found
        return None

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("surveys"), str(SurveysView.page_title))]

    def get_page_title(self) -> str:
        return str(self.found.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        survey = self.found
        asked = self.asked("state")["state"]
        state = asked if asked in SaidText.State.values else SaidText.State.NEW.value
        page = self.page_of(sayings(survey, state), _PER_PAGE)
        names = {one.number: one.label for one in survey.asked}
        results = results_of(survey)
        return super().get_context_data(
            survey=survey,
            period=survey.period().label,
            owes=survey.live and survey.period() == Period.OVER and not survey.has_outcome(),
            public_url=public_url(self.tenant, site_path(survey)) if survey.live else "",
            results=results,
            earlier=Answer.objects.filter(survey=survey).exclude(questions=survey.questions_digest).count(),
            has_texts=any(one.kind == "text" for one in survey.asked),
            opinion=OPINION,
            states=SaidText.State.choices,
            state=state,
            page=page,
            rows=[(one, names.get(one.question, "")) for one in with_answers(survey, page)],
            query=self.other_filters(),
            chooses=EDITOR.code in current_roles(self.request.user),
            **kwargs,
        )

    def post(self, request: HttpRequest, survey_id: int) -> HttpResponse:
        act = request.POST.get("act", "")
        contact: Contact | None = None
        try:
            if act == "export":
                return self._file(request.POST.get("format", ""))
            if act == "look":
                contact = look_at_answer(self._answer(), acting_user=self.user())
            else:
                messages.success(request, self._sorted(act))
        except Refused as refusal:
            return self.refuse(refusal)
        if contact is not None:
            return self.render_to_response(self.get_context_data(contact=contact, looked_at=self._answer().pk))
        query = self.other_filters()
        return redirect(f"{reverse('survey', args=[survey_id])}{f'?{query}' if query else ''}")

    def _sorted(self, act: str) -> str:
        """Carry out an act on equal texts and say what was done. Raises Refused, and Http404 for no act."""
        question, digest = self._number("question"), self.request.POST.get("digest", "").replace("\x00", "")
        if act == "pick":
            pick_saying(self.found, question, digest, acting_user=self.user())
            return _t("已选入页面的草稿。请写明采纳情况和理由，再送审。")
        if act == "aside":
            sort_saying(self.found, question, digest, SaidText.State.ASIDE, acting_user=self.user())
            return _t("已放到“不选”。以后收到同样的话也放在那里。")
        if act == "back":
            sort_saying(self.found, question, digest, SaidText.State.NEW, acting_user=self.user())
            return _t("已放回“未看”。")
        raise Http404

    def _answer(self) -> Answer:
        found = Answer.objects.filter(survey=self.found, pk=self._number("answer")).first()
        if found is None:
            raise Http404
        return found

    def _number(self, name: str) -> int:
        given = self.request.POST.get(name, "")
        if not (given.isascii() and given.isdigit() and len(given) < 10):
            raise Http404
        return int(given)

    def _file(self, kind: str) -> HttpResponse:
        content, _count = export_answers(self.found, kind, acting_user=self.user())
        name = _t("答卷-%(title)s.%(kind)s") % {"title": self.found.title, "kind": kind}
        return as_download(HttpResponse(content, content_type=CONTENT_TYPES[kind]), name)
