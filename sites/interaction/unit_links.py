"""The page behind the link of a unit without a site: the letter, and a form for one opinion.

Whoever has the link has all there is: no account, no cookie. It is told to no other page and kept by no cache.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from govplatform.cases.addresses import UNIT
from govplatform.cases.opinions import LONGEST, give_opinion_by_link, opinion_of_link
from govplatform.cases.sender_acts import told_by_sender
from govplatform.refusals import Refused, by_place
from sites.public.errors import too_many_requests

from .form_tokens import new_token, read_token
from .writing import for_writers, letter_page, seconds_at_the_door, sent_form, too_large

_FORM = "unit"


@for_writers
def unit_opinion(request: HttpRequest, token: str) -> HttpResponse:
    """Show the letter to a unit and take its opinion: 404 for a link that is none or has ended."""
    if wait := seconds_at_the_door(request, "ask"):
        return too_many_requests(request, wait)
    try:
        opinion_of_link(token)
    except Refused as refusal:
        return _ended(request, token, refusal.reasons)
    if request.method != "POST":
        return _page(request, token, {})
    sent = sent_form(request)
    if sent is None:
        return _page(request, token, {"reasons": [too_large()]}, status=413)
    try:
        read_token(sent.get("token", ""), request.get_host(), _FORM)
        give_opinion_by_link(token, sent.get("text", ""))
    except Refused as refusal:
        again = {"reasons": refusal.reasons, "faults": by_place(refusal.reasons), "typed": sent.get("text", "")}
        return _page(request, token, again, status=422)
    return _page(request, token, {"done": True})


def _ended(request: HttpRequest, token: str, reasons: list[str]) -> HttpResponse:
    return _page(request, token, {"ended": reasons}, status=404)


def _page(request: HttpRequest, token: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    if "ended" not in context:
        try:
            opinion = opinion_of_link(token)
        except Refused as refusal:
            # It ended while the opinion was on its way.
            return _ended(request, token, refusal.reasons)
        context |= {
            "opinion": opinion,
            "case": opinion.case,
            "letter": told_by_sender(opinion.case),
            "most": LONGEST,
            "token": new_token(request.get_host(), _FORM).text,
            "unit_url": f"{UNIT}{token}/",
        }
    response = letter_page(request, "interaction/unit.html", _("来信会办"), UNIT, context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
