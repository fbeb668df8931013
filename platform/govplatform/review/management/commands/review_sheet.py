"""The verb ``review_sheet``: the review sheet of a page, or of everything cleared in a period, as HTML or PDF."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.review.sheets.actions import heading_of_page, heading_of_period, print_sheets
from govplatform.review.sheets.paper import as_html, as_pdf
from govplatform.review.sheets.reading import sheet_of_page, sheets_of_period
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: YYYY-MM-DD") from None


class Command(VerbCommand):
    help = "Write the review sheet (审查单) of a page or of a period to a .pdf or .html file."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--page", type=int, metavar="ID")
        what.add_argument("--since", type=_day, metavar="DATE")
        parser.add_argument("--until", type=_day, metavar="DATE", help="last day of the period (default: today)")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")
        parser.add_argument("--as", dest="acting", metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        out: Path = options["out"]
        if out.suffix.lower() not in (".pdf", ".html"):
            raise CommandError("--out: .pdf, .html")
        if not out.parent.is_dir():
            raise Refused(_("文件夹“%(folder)s”不存在，请先建立，或换一个 --out。") % {"folder": out.parent})
        tenant = get_tenant(options["site"])
        user = get_user(options["acting"]) if options["acting"] else None
        with tenant_context(tenant):
            if options["page"] is not None:
                sheets = [sheet_of_page(options["page"])]
                heading = heading_of_page(sheets[0])
            else:
                since, until = options["since"], options["until"] or date.today()  # noqa: DTZ011 - the clerk's day
                sheets = sheets_of_period(since, until)
                heading = heading_of_period(since, until)
            printed = print_sheets(sheets, heading=heading, acting_user=user)
            data = as_pdf(printed) if out.suffix.lower() == ".pdf" else as_html(printed).encode()
        out.write_bytes(data)
        return {"file": str(out), "sheets": len(sheets), "seal": printed.seal, "entry": printed.entry}
