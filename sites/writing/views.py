"""The doors that the editor's scripts knock at: what was pasted, and the tidying of a text."""

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from govplatform.accounts.screens.screen import Admission, opens_like
from govplatform.refusals import Refused
from govplatform.review.permissions import EDIT, roles_for
from govplatform.row_numbers import row_number
from sites.documents_in.extraction.pasting import PASTE_LIMITS

from .checking import WrittenText, check_texts
from .pasted_pictures import take_back_pictures
from .pasting import paste_piece
from .tidying.proposal import propose


class Writing(Admission):
    """The door of everything here: editors of the site, and nobody else."""

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return roles_for(EDIT)


@opens_like(Writing)
@require_POST
def paste(request: HttpRequest) -> JsonResponse:
    """Take ``html`` and ``picture`` files; answer ``{"blocks", "said"}`` (see ``Pasted``) or ``{"refused"}``."""
    html = request.FILES.get("html")
    if html is None:
        return _refused(_("没有收到要粘贴的内容，请重新复制后再粘贴。"))
    try:
        pasted = paste_piece(html, request.FILES.getlist("picture"), acting_user=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        return _refused(*refusal.reasons)
    return JsonResponse({"blocks": pasted.blocks, "said": pasted.said, "pictures": pasted.pictures})


@opens_like(Writing)
@require_POST
def unpaste(request: HttpRequest) -> JsonResponse:
    """Take ``{"pictures": [id]}`` of a pasting that was taken back; answer ``{"kept": [id]}``: those still in use."""
    if request.content_type != "application/json":
        return _refused(_("没有读懂送来的内容，请刷新页面后再试。"))
    try:
        sent: Any = json.loads(request.body)
        asked = _numbers(sent["pictures"][: PASTE_LIMITS.images])
        kept = take_back_pictures(asked, acting_user=request.user)  # type: ignore[arg-type]
    except (ValueError, TypeError, KeyError, RecursionError):
        return _refused(_("没有读懂送来的内容，请刷新页面后再试。"))
    except Refused as refusal:
        return _refused(*refusal.reasons)
    return JsonResponse({"kept": kept})


@opens_like(Writing)
@require_POST
def tidy(request: HttpRequest) -> JsonResponse:
    """Take ``{"blocks": [{"type", "value"}]}`` as JSON; answer what tidying makes of them (see ``Proposal``)."""
    unread = _("没有读懂送来的正文，请刷新页面后再试。")
    if request.content_type != "application/json":
        return _refused(unread)
    try:
        sent: Any = json.loads(request.body)
        proposal = propose(sent["blocks"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return _refused(unread)
    return JsonResponse({"blocks": proposal.blocks, "changes": proposal.changes})


@opens_like(Writing)
@require_POST
def check(request: HttpRequest) -> JsonResponse:
    """Take ``{"texts": [{"key", "text", "links": [[start, end, address]]}]}`` as JSON; answer ``{"found"}`` as
    ``check_texts`` gives it.
    """
    unread = _("没有读懂送来的内容，请刷新页面后再试。")
    if request.content_type != "application/json":
        return _refused(unread)
    try:
        sent: Any = json.loads(request.body)
        found = check_texts([_written(one) for one in sent["texts"]])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return _refused(unread)
    except Refused as refusal:
        return _refused(*refusal.reasons)
    return JsonResponse({"found": found})


def _written(sent: Any) -> WrittenText:
    """Return one text as it was sent. Raises TypeError, ValueError or KeyError for anything else."""
    links = tuple((int(start), int(end), str(address)[:2000]) for start, end, address in sent.get("links") or [])
    if not isinstance(sent["text"], str):
        raise TypeError("no text")
    return WrittenText(str(sent["key"])[:100], sent["text"], links)


def _numbers(sent: Any) -> list[int]:
    """Return the numbers of rows that were sent. Raises TypeError for anything else in the list."""
    if not all(type(number) is int for number in sent):
        raise TypeError("no number of a picture")
    return [row_number(str(number)) for number in sent]


def _refused(*reasons: str) -> JsonResponse:
    return JsonResponse({"refused": list(reasons)}, status=400)
