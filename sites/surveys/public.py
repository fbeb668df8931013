"""The form of a survey and its numbers, on every public host: the same door as for letters.

The page of a survey is a file; what changes with every answer, or has to be told apart from every other form, is
answered here. Whoever comes too early or too late is told so in words, and what was typed is still on the page.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.cases.letters import EMAIL, NAME, PHONE
from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from govplatform.tenancy.client_address import client_address
from govplatform.tenancy.freezing import SiteFrozen
from sites.interaction.form_tokens import new_token, read_token, shown_at_the_door
from sites.interaction.writing import for_writers, letter_page, seconds_at_the_door, seconds_for_work, sent_form
from sites.public.access import for_citizens
from sites.public.errors import too_many_requests

from .addresses import form_address, results_address
from .given import read_given
from .intake import AnswerUsed, NotOpen, reason_against_answering, submit_answer
from .kinds import SurveyKind
from .models import Survey
from .queries import find_survey
from .questions import Question
from .results import kept_codes, results_of

_LIMITS = {"name": NAME, "phone": PHONE, "email": EMAIL}
#: Bytes of the names of fields, choices and contact, besides texts in percent signs, nine bytes a character.
_BESIDES = 32_768
_PER_CHARACTER = 9


@for_writers
def answer(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Show the form, or take what was filled in: thanks, or the form again and what is to be put right (422)."""
    survey = _survey(survey_id)
    if request.method != "POST":
        return _form(request, survey, QueryDict())
    if wait := seconds_at_the_door(request, "survey"):
        return too_many_requests(request, wait)
    sent = sent_form(request, _largest(survey))
    if sent is None:
        return _form(request, survey, QueryDict(), [_too_large()], status=413)
    try:
        token = read_token(sent.get("token", ""), request.get_host(), _form_name(survey))
        if wait := seconds_for_work(request, sent, token, "survey_by_hand"):
            return too_many_requests(request, wait)
        given = read_given(survey.asked, sent, with_contact=survey.asks_contact)
        submit_answer(survey, given, nonce=token.nonce, address=client_address(request))
    except AnswerUsed as used:
        return _form(request, survey, sent, used.reasons, status=409)
    except NotOpen as closed:
        return _form(request, survey, sent, closed.reasons, status=409)
    except SiteFrozen as frozen:
        return _form(request, survey, sent, frozen.reasons, status=503)
    except Refused as refusal:
        return _form(request, survey, sent, refusal.reasons, status=422)
    return _page(request, survey, "surveys/sent.html", _("已提交"), form_address(survey.pk), {})


@for_citizens
def results(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Show the numbers, or when they will be public. Counted anew once a minute."""
    survey = _survey(survey_id)
    shown = survey.shows_results()
    context = {
        "shown": shown,
        "results": results_of(survey, kept_codes(survey)) if shown else None,
        "closes_at": survey.said_of("closes_at"),
    }
    title = _("%(title)s：结果") % {"title": survey.title}
    return _page(request, survey, "surveys/results.html", title, results_address(survey.pk), context)


# --- inside ------------------------------------------------------------------------------


def _survey(survey_id: int) -> Survey:
    found = find_survey(survey_id)
    if found is None:
        raise Http404
    return found


def _form_name(survey: Survey) -> str:
    """What a token is bound to: this survey and these questions. Its site is the host."""
    return f"survey:{survey.pk}:{survey.questions_digest}"


def _largest(survey: Survey) -> int:
    return _PER_CHARACTER * (sum(one.longest for one in survey.asked) + sum(_LIMITS.values())) + _BESIDES


def _too_large() -> str:
    return _("填写的内容太长，没有收到。请用浏览器的“后退”回到填写的内容，缩短以后再提交。")


def _form(
    request: HttpRequest, survey: Survey, sent: QueryDict, reasons: list[str] | None = None, *, status: int = 200
) -> HttpResponse:
    token = new_token(request.get_host(), _form_name(survey))
    door = shown_at_the_door(token, reasons)
    context = {
        "questions": [_shown(question, sent, door["faults"]) for question in survey.asked],
        "typed": {name: sent.get(name, "") for name in _LIMITS},
        "limits": _LIMITS,
        "not_open": reason_against_answering(survey, timezone.now()),
        "was_filled_in": bool(sent),
        **door,
    }
    title = _("我要提意见") if survey.survey_kind == SurveyKind.SOLICITATION else _("我要答题")
    return _page(request, survey, "surveys/form.html", title, form_address(survey.pk), context, status=status)


def _shown(question: Question, sent: QueryDict, faults: dict[str, str]) -> dict[str, Any]:
    """A question with what was filled in before."""

    def options(name: str) -> list[dict[str, Any]]:
        chosen = set(sent.getlist(name))
        return [
            {"value": str(n), "label": label, "chosen": str(n) in chosen} for n, label in enumerate(question.options, 1)
        ]

    return {
        "question": question,
        "name": question.name,
        "options": options(question.name),
        "rows": [
            {"label": label, "name": f"{question.name}-{n}", "options": options(f"{question.name}-{n}")}
            for n, label in enumerate(question.rows, 1)
        ],
        "text": sent.get(question.name, ""),
        "fault": faults.get(question.name, ""),
    }


def _page(
    request: HttpRequest,
    survey: Survey,
    template: str,
    title: str,
    path: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    about = {
        "survey": survey,
        "survey_url": site_path(survey),
        "form_url": form_address(survey.pk),
        "results_url": results_address(survey.pk),
        "shows_results": survey.shows_results(),
        "is_solicitation": survey.survey_kind == SurveyKind.SOLICITATION,
    }
    return letter_page(request, template, title, path, {**about, **context}, status=status)
