"""A request for information on the screen of its case: what stops its clock, its decision, its letter."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.cases.actions import CONSENT
from govplatform.cases.disclosure.clock_stops import awaited_stops, limit_named, reasons_against_running
from govplatform.cases.disclosure.deciding import PARTICULARS
from govplatform.cases.disclosure.delivering import NOTE, Letter, open_letter, record_delivery
from govplatform.cases.disclosure.late import reasons_against_entering
from govplatform.cases.disclosure.stopping import (
    TEXT,
    WHO,
    ask_completion,
    ask_third_party,
    charge_fee,
    record_completion,
    record_opinion,
    record_payment,
    third_party_of,
)
from govplatform.cases.models import Case, ClockStop, Decision, DisclosureRequest, Way
from govplatform.cases.permissions import reasons_against_identifying
from govplatform.downloads import as_download
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from . import letter_docx, letter_pdf

#: The acts that letters have not.
REQUEST_ACTS = ("completion", "completed", "third", "heard", "fee", "paid", "deliver")
#: Of each ending of a letter's file: its content type, and what makes it.
LETTER_FILES: Mapping[str, tuple[str, Callable[[Letter], bytes]]] = MappingProxyType(
    {
        "docx": (letter_docx.CONTENT_TYPE, letter_docx.letter_as_docx),
        "pdf": (letter_pdf.CONTENT_TYPE, letter_pdf.letter_as_pdf),
    }
)
#: What is typed into their forms, which comes back whenever it cannot be taken.
TYPED = ("note", "who", "amount", "consent", "decision", "way", "agrees", "stop")
State, Kind = Case.State, ClockStop.Kind


def request_context(case: Case, user: User, *, keeps: bool, handles: bool) -> dict[str, Any]:
    """Return what the screen says besides what it says of a letter; nothing for a letter."""
    request = DisclosureRequest.objects.filter(case=case).first()
    if request is None:
        return {}
    runs = not reasons_against_running(case)
    sees = not reasons_against_identifying(user, case)
    asked = set(ClockStop.objects.filter(case=case).values_list("kind", flat=True))
    awaited: dict[str, list[dict[str, Any]]] = {
        kind: [
            {"place": place, "stop": one, "third_party": _third_party(one) if sees else ""}
            for place, one in awaited_stops(case, kind).items()
        ]
        for kind in Kind.values
    }
    works = case.state in (State.ACCEPTED, State.ASSIGNED)
    may_handle = handles and case.state == State.ASSIGNED
    return {
        "request_made": request,
        # What concerns the applicant and third parties is for whoever works on it, not for a site that is asked.
        "stops": [
            {"stop": one, "third_party": _third_party(one) if sees else ""}
            for one in ClockStop.objects.select_related("case").filter(case=case)
            if keeps or handles
        ],
        "delivery_note": request.delivery_note if keeps or handles else "",
        "may_identify": sees and request.identity is not None,
        "decisions": Decision.choices,
        "ways": Way.choices,
        "most_particulars": PARTICULARS,
        "most_note": TEXT,
        "most_who": WHO,
        "most_consent": CONSENT,
        "most_delivery": NOTE,
        "completion_notice": limit_named(case, "disclosure_completion_notice"),
        "may_ask_completion": (keeps or handles) and works and runs and Kind.COMPLETION not in asked,
        "may_complete": (keeps or handles) and works and bool(awaited[Kind.COMPLETION]),
        "may_ask_third": may_handle and runs,
        "to_hear": awaited[Kind.THIRD_PARTY] if may_handle else [],
        "may_charge": may_handle and runs and Kind.FEE not in asked and not case.is_late,
        "may_pay": may_handle and bool(awaited[Kind.FEE]),
        "late": {kind: all(not one["stop"].is_running for one in rows) for kind, rows in awaited.items()},
        "late_words": [
            words
            for kind, rows in awaited.items()
            if rows and (keeps or handles) and not works
            for words in reasons_against_entering(case, kind)
        ],
        "may_deliver": handles and case.state == State.REPLIED and request.delivered_at is None,
        "may_make_letter": sees and case.state == State.REPLIED and request.identity is not None,
    }


def _third_party(stop: ClockStop) -> str:
    try:
        return third_party_of(stop)
    except Refused as refusal:
        # Encrypted with another key: the screen is there all the same.
        return "；".join(refusal.reasons)


def carry_out_on_request(act: str, case: Case, posted: Mapping[str, str], *, acting_user: User) -> str:
    """Carry out one of REQUEST_ACTS; return what was done, in words. Raises Refused."""
    note = posted.get("note", "")
    if act == "completion":
        ask_completion(case, acting_user=acting_user, text=note)
        return _("已通知补正，申请人查询时看到，收到补正后答复期限重新起算。")
    if act == "completed":
        record_completion(case, acting_user=acting_user, text=note, reason=posted.get("reason", ""))
        return _("补正已登记，答复期限从现在重新起算。")
    if act == "third":
        ask_third_party(case, acting_user=acting_user, who=posted.get("who", ""), text=note)
        return _("已登记征求第三方意见，期限中止。")
    if act == "heard":
        given = posted.get("stop", "")
        place = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else None
        record_opinion(case, acting_user=acting_user, agrees=posted.get("agrees") == "yes", text=note, place=place)
        return _("第三方意见已登记，期限继续计算。")
    if act == "fee":
        charge_fee(case, acting_user=acting_user, amount=posted.get("amount", ""), text=note)
        return _("已通知缴费，申请人查询时看到，收到费用后答复期限重新起算。")
    if act == "paid":
        record_payment(case, acting_user=acting_user, reason=posted.get("reason", ""))
        return _("缴费已登记，答复期限从现在重新起算。")
    record_delivery(case, acting_user=acting_user, way=posted.get("way", ""), note=note)
    return _("送达已登记。")


def letter_response(request: HttpRequest, case: Case, site: Tenant, kind: str, *, acting_user: User) -> HttpResponse:
    """Return the letter, as a file (a key of LETTER_FILES) or as a page to print. Raises Refused."""
    letter = open_letter(case, site, acting_user=acting_user)
    if kind in LETTER_FILES:
        content_type, as_file = LETTER_FILES[kind]
        content = HttpResponse(as_file(letter), content_type=content_type)
        response = as_download(content, f"letter-{letter.number}.{kind}")
    else:
        response = render(request, "interaction_console/letter_print.html", {"letter": letter})
    response.headers["Cache-Control"] = "no-store"
    return response
