"""依申请公开 on every public host: the statutory form, behind the same door as letters.

《中华人民共和国政府信息公开条例》第二十九条: who asks, with proof of identity and contact; what is wanted; in which
form and by which way. One page for persons and organisations, for it has to work without script.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from govplatform.cases.addresses import REQUEST_INFORMATION
from govplatform.cases.attachments import ENDINGS, read_files
from govplatform.cases.attachments import LARGEST as LARGEST_FILE
from govplatform.cases.attachments import MOST as MOST_FILES
from govplatform.cases.disclosure import identity
from govplatform.cases.disclosure.intake import DOCUMENT_NUMBER, FIELDS, read_request, submit_request
from govplatform.cases.intake import FormUsed
from govplatform.cases.letters import EMAIL, PHONE, TEXT, TITLE
from govplatform.cases.models import Applicant, Medium, Way
from govplatform.refusals import Refused
from sites.public.errors import too_many_requests

from ..form_tokens import new_token, read_token, shown_at_the_door
from ..writing import (
    desk_here,
    for_writers,
    letter_page,
    seconds_at_the_door,
    seconds_for_work,
    sent_page,
    sent_with_files,
    too_large_with_files,
)

_FORM = "disclosure"
_LIMITS = {
    "name": identity.NAME, "document_number": identity.DOCUMENT, "representative": identity.NAME,
    "address": identity.ADDRESS, "phone": PHONE, "email": EMAIL, "title": TITLE, "text": TEXT,
    "wanted_number": DOCUMENT_NUMBER,
}  # fmt: skip
#: What is chosen where nothing was: most ask for themselves and read the answer where they asked.
_USUAL = (("document_kind", identity.DocumentKind.IDENTITY_CARD), ("medium", Medium.ELECTRONIC), ("way", Way.ONLINE))


@for_writers
def request_information(request: HttpRequest) -> HttpResponse:
    """Show the form, or take the request: number and code, or the form again and what is to be put right (422)."""
    if request.method != "POST":
        return _form(request, {name: str(value) for name, value in _USUAL})
    if wait := seconds_at_the_door(request, "letter"):
        return too_many_requests(request, wait)
    read = sent_with_files(request)
    if read is None:
        return _form(request, {}, [too_large_with_files()], status=413)
    sent, files = read
    typed = {name: sent.get(name, "") for name in FIELDS}
    try:
        token = read_token(sent.get("token", ""), request.get_host(), _FORM)
        if wait := seconds_for_work(request, sent, token):
            return too_many_requests(request, wait)
        letter = read_request(typed)
        site = request.tenant  # type: ignore[attr-defined]
        taken = submit_request(letter, site, nonce=token.nonce, files=read_files(files))
    except FormUsed as used:
        return _form(request, typed, used.reasons, status=409)
    except Refused as refusal:
        return _form(request, typed, refusal.reasons, status=422)
    return sent_page(request, _("申请已收到"), REQUEST_INFORMATION, taken)


# --- inside ------------------------------------------------------------------------------


def _form(
    request: HttpRequest, typed: dict[str, str], reasons: list[str] | None = None, *, status: int = 200
) -> HttpResponse:
    token = new_token(request.get_host(), _FORM)
    context: dict[str, Any] = {
        "typed": typed,
        "applicants": _choices(Applicant, typed.get("applicant", "")),
        "document_kinds": _choices(identity.DocumentKind, typed.get("document_kind", "")),
        "media": _choices(Medium, typed.get("medium", "")),
        "ways_in": _choices(Way, typed.get("way", "")),
        "limits": _LIMITS,
        "files": {"most": MOST_FILES, "largest": LARGEST_FILE // 2**20, "endings": ",".join(ENDINGS)},
        "desk": desk_here(request),
        **shown_at_the_door(token, reasons),
        "request_url": REQUEST_INFORMATION,
    }
    template = "interaction/request.html"
    return letter_page(request, template, _("依申请公开"), REQUEST_INFORMATION, context, status=status)


def _choices(of: Any, chosen: str) -> list[dict[str, Any]]:
    return [{"code": one.value, "label": one.label, "chosen": one.value == chosen} for one in of]
