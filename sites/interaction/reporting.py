"""我要纠错 on every public host: the same door as for letters, and the list of what was reported and answered.

The page that somebody came from is filled in: from the link on the page itself, else from what the browser says of it.
Either is what a stranger sent; it is filled in where it is an address of this platform, and its title is the ledger's.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from govplatform.cases.addresses import PREFIX, REPORT_ERROR, REPORTED_ERRORS
from govplatform.cases.error_reports.intake import read_error, submit_error
from govplatform.cases.error_reports.places import LONGEST, Place, read_place, titles_now
from govplatform.cases.error_reports.queries import answer_url, corrected_reports, published_reports
from govplatform.cases.intake import FormUsed
from govplatform.cases.letters import EMAIL, NAME, PHONE, TEXT
from govplatform.cases.models import ErrorKind, ErrorReport
from govplatform.paging import BoundedPaginator
from govplatform.refusals import Refused
from sites.public.access import for_citizens
from sites.public.errors import too_many_requests

from .form_tokens import new_token, read_token, shown_at_the_door
from .open_answers import asked_narrowed, desk_shown, period_of, query_of
from .writing import (
    desk_here,
    for_writers,
    letter_page,
    seconds_at_the_door,
    seconds_for_work,
    sent_form,
    sent_page,
    too_large,
)

_FORM = "error"
_TYPED = ("page", "error_kind", "text", "name", "phone", "email")
_LIMITS = {"page": LONGEST, "text": TEXT, "name": NAME, "phone": PHONE, "email": EMAIL}
_PER_PAGE = 20


@for_writers
def report_error(request: HttpRequest) -> HttpResponse:
    """Show the form, or take the report: number and code, or the form again and what is to be put right (422)."""
    if request.method != "POST":
        place = _came_from(request)
        return _form(request, {"page": place.url if place is not None else ""})
    if wait := seconds_at_the_door(request, "letter"):
        return too_many_requests(request, wait)
    sent = sent_form(request)
    if sent is None:
        return _form(request, {}, [too_large()], status=413)
    typed = {name: sent.get(name, "") for name in _TYPED}
    site = request.tenant  # type: ignore[attr-defined]
    try:
        token = read_token(sent.get("token", ""), request.get_host(), _FORM)
        if wait := seconds_for_work(request, sent, token):
            return too_many_requests(request, wait)
        letter = read_error(
            typed["error_kind"],
            typed["page"],
            typed["text"],
            name=typed["name"],
            phone=typed["phone"],
            email=typed["email"],
            on=site,
        )
        taken = submit_error(letter, site, nonce=token.nonce)
    except FormUsed as used:
        return _form(request, typed, used.reasons, status=409)
    except Refused as refusal:
        return _form(request, typed, refusal.reasons, status=422)
    place = read_place(typed["page"], on=site)
    # Nobody is led to an address that somebody else has typed, except to one of this platform.
    back_url = place.url if place is not None and place.site is not None else ""
    return sent_page(request, _("纠错已收到"), REPORT_ERROR, taken, back_url=back_url)


@for_citizens
def reported_errors(request: HttpRequest) -> HttpResponse:
    """Show the reports that were answered, with their answers, newest first."""
    site = request.tenant  # type: ignore[attr-defined]
    narrowed = asked_narrowed(request) if request.GET.get("by", "") == "correction" else None
    reports = published_reports(site) if narrowed is None else corrected_reports(desk_shown(request), narrowed)
    page = BoundedPaginator(reports, _PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    titles = titles_now(shown)
    context = {
        "reports": [
            {"report": report, "title": titles[report.pk] or _untitled(report), "answer_url": answer_url(report)}
            for report in shown
        ],
        "page_of_list": page,
        "report_url": REPORT_ERROR,
        "list_url": REPORTED_ERRORS,
        "query": f"by=correction{query_of(narrowed)}" if narrowed is not None else "",
        "period": period_of(narrowed) if narrowed is not None else "",
    }
    return letter_page(request, "interaction/errors.html", _("网民纠错及答复"), REPORTED_ERRORS, context)


# --- inside ------------------------------------------------------------------------------


def _came_from(request: HttpRequest) -> Place | None:
    """The page of this platform from which somebody came; None where nothing says it, or it is none of ours."""
    site = request.tenant  # type: ignore[attr-defined]
    for text in (request.GET.get("page", ""), request.headers.get("Referer", "")):
        place = read_place(text, on=site)
        # Whoever came here from another of these forms reports no error of theirs.
        if place is not None and place.site is not None and f"{PREFIX}" not in place.url:
            return place
    return None


def _untitled(report: ErrorReport) -> str:
    """What stands for the title of a page that is not public: never the address, which a stranger has written."""
    place = report.site.full_name if report.site is not None else ""
    # Of an answer with a page of its own the title was cleared with it; that of a correction has none.
    return report.case.published_title or _("“%(site)s”的一个网页（现在没有公开）") % {"site": place}


def _form(
    request: HttpRequest, typed: dict[str, str], reasons: list[str] | None = None, *, status: int = 200
) -> HttpResponse:
    token = new_token(request.get_host(), _FORM)
    place = read_place(typed.get("page", ""), on=request.tenant)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "typed": typed,
        "page_title": place.title if place is not None else "",
        "kinds": [
            {"code": kind.value, "label": kind.label, "chosen": typed.get("error_kind") == kind} for kind in ErrorKind
        ],
        "limits": _LIMITS,
        "desk": desk_here(request),
        **shown_at_the_door(token, reasons),
        "report_url": REPORT_ERROR,
        "list_url": REPORTED_ERRORS,
    }
    return letter_page(request, "interaction/error.html", _("我要纠错"), REPORT_ERROR, context, status=status)
