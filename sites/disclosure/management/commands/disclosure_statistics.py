"""The verb ``disclosure_statistics``: requests for information in the statutory table, as anybody may know them."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.cases.disclosure.statistics import disclosure_figures
from govplatform.spreadsheets.writing import CONTENT_TYPES
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.disclosure.models.report import FIRST_YEAR
from sites.disclosure.requests_table import requests_file
from sites.disclosure.statutory import TABLES, amount


class Command(VerbCommand):
    help = "Count the requests for information of a site and a year as its annual report has them."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE", help="the organ that answers")
        parser.add_argument("--year", type=int, metavar="Y", help="of the report; this year where it is left out")
        parser.add_argument("--out", type=Path, metavar="FILE", help="write the table, .csv or .xlsx")

    def run(self, **options: Any) -> dict[str, Any]:
        this = timezone.localdate().year
        year = this if options["year"] is None else options["year"]
        if not FIRST_YEAR <= year <= this:
            raise CommandError(_("请用 --year 写明 %(first)s 到今年之间的年份。") % {"first": FIRST_YEAR})
        with schema_context("public"):
            site = get_tenant(options["site"])
            figures = disclosure_figures(site, year)
            if options["out"] is not None:
                _write(options["out"], requests_file(site, year, _kind(options["out"])))
        table = TABLES["requests"]
        rows = {
            row.code: {one.code: int(amount(figures, table, row, one)) for one in table.columns} for row in table.rows
        }
        return {"site": site.code, "year": year, "rows": rows}


def _kind(path: Path) -> str:
    kind = path.suffix.removeprefix(".").lower()
    if kind not in CONTENT_TYPES:
        raise CommandError(_("文件名以 .csv 或 .xlsx 结尾。"))
    return kind


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as problem:
        raise CommandError(_("无法写入文件 %(name)s。") % {"name": path}) from problem
