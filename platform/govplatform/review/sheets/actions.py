"""The act of printing a sheet: its seal goes into the site's audit chain, and the paper names that row."""

import json
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.sm3 import sm3_hex
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant

from ..permissions import VIEW_DRAFT, may_on_content
from .reading import Sheet, in_the_language_of_the_office


@dataclass(frozen=True)
class PrintedSheets:
    """Sheets with what the paper says of their printing.

    ``seal``: SM3 over the canonical JSON of the sheets; ``entry``: row of the site's chain that holds it, number:hash.
    """

    sheets: list[Sheet]
    heading: str
    seal: str
    entry: str
    printed_at: str
    printed_by: str


@in_the_language_of_the_office
def heading_of_page(sheet: Sheet) -> str:
    """Return what stands above the sheet of one page."""
    return _("审查单：%(title)s") % {"title": sheet.title}


@in_the_language_of_the_office
def heading_of_period(since: date, until: date) -> str:
    """Return what stands above the current site's sheets of these days."""
    site = current_tenant().full_name
    return _("审查单：%(site)s %(since)s 至 %(until)s") % {"site": site, "since": since, "until": until}


def seal_of(sheets: list[Sheet]) -> str:
    """Return the seal, 64 hexadecimal digits; the same values give the same seal on every installation."""
    text = json.dumps([sheet.as_dict() for sheet in sheets], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sm3_hex(text.encode())


def print_sheets(sheets: list[Sheet], *, heading: str, acting_user: User | None) -> PrintedSheets:
    """Seal the sheets and record it. ``acting_user`` None: the shell. Raises Refused without a right or a sheet."""
    seal = seal_of(sheets)
    with acting(acting_user, frozen_too=True):
        if acting_user is not None and not may_on_content(acting_user, VIEW_DRAFT):
            raise Refused(_("%(user)s 在本站没有编辑或审查角色，不能打印审查单。") % {"user": acting_user})
        if not sheets:
            raise Refused(_("这一期间没有通过审查的信息，没有审查单可以打印。"))
        entry = record_act(
            "review.sheet",
            acting_user=acting_user,
            obj=current_tenant(),
            detail={"seal": seal, "pages": [sheet.page for sheet in sheets][:200], "count": len(sheets)},
        )
    with in_the_language_of_the_office:
        by = acting_user.signed_name if acting_user else _("命令行")
    return PrintedSheets(
        sheets=sheets,
        heading=heading,
        seal=seal,
        entry=f"{entry.number}:{entry.hash}",
        printed_at=timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
        printed_by=by,
    )
