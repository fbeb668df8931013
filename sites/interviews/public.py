"""An interview on every public host: the small page that watchers look at again and again, and questions in advance."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.common import no_append_slash

from govplatform.cases.letters import EMAIL, NAME, PHONE
from govplatform.refusals import Refused
from sites.interaction.form_tokens import new_token, read_token, shown_at_the_door
from sites.interaction.writing import (
    for_writers,
    letter_page,
    seconds_at_the_door,
    seconds_for_work,
    sent_form,
    too_large,
)
from sites.pages.rows import find_live_page
from sites.public.access import for_citizens
from sites.public.errors import HOME_SLUG, too_many_requests
from sites.public.pages import page as any_page

from .models import InterviewPage
from .models.questions import QUESTION
from .questions import ask_question, read_question
from .shown import LIVE, live_context, recent_context

_TYPED = ("text", "name", "phone", "email")
_LIMITS = {"text": QUESTION, "name": NAME, "phone": PHONE, "email": EMAIL}


@no_append_slash
def live_text(request: HttpRequest, path: str) -> HttpResponseBase:
    """The last changes of the live text of the interview at ``path``; any other page that has such an address."""
    found = find_live_page(f"/{HOME_SLUG}/{path}")
    if isinstance(found, InterviewPage):
        return _recent(request, found)
    return any_page(request, f"{path}{LIVE}")


@for_writers
def ask(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the form, or take the question: thanks, or the form again and what is to be put right (422)."""
    page = InterviewPage.objects.filter(pk=page_id, live=True).first()
    if page is None:
        raise Http404
    if request.method != "POST":
        return _form(request, page, {})
    if wait := seconds_at_the_door(request, "letter"):
        return too_many_requests(request, wait)
    sent = sent_form(request)
    if sent is None:
        return _form(request, page, {}, [too_large()], status=413)
    typed = {name: sent.get(name, "") for name in _TYPED}
    try:
        token = read_token(sent.get("token", ""), request.get_host(), _form_name(page))
        if wait := seconds_for_work(request, sent, token):
            return too_many_requests(request, wait)
        ask_question(page, read_question(**typed), nonce=token.nonce)
    except Refused as refusal:
        return _form(request, page, typed, refusal.reasons, status=422)
    context = {"interview": page, "interview_url": page.url}
    return letter_page(request, "interaction/interview_asked.html", _("提问已收到"), request.path, context)


# --- inside ------------------------------------------------------------------------------


@for_citizens
def _recent(request: HttpRequest, page: InterviewPage) -> HttpResponse:
    return render(request, "structured/interview_recent.html", recent_context(page))


def _form_name(page: InterviewPage) -> str:
    return f"interview-{page.pk}"


def _form(
    request: HttpRequest,
    page: InterviewPage,
    typed: dict[str, str],
    reasons: list[str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    token = new_token(request.get_host(), _form_name(page))
    shown = live_context(page)
    context: dict[str, Any] = {
        "interview": page,
        "interview_url": page.url,
        "takes": bool(shown["ask_url"]),
        "asks_until": page.asks_until,
        "facts_of_interview": page.facts(),
        "typed": typed,
        "limits": _LIMITS,
        **shown_at_the_door(token, reasons),
        "form_url": request.path,
    }
    return letter_page(request, "interaction/interview.html", _("向嘉宾提问"), request.path, context, status=status)
