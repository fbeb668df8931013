"""The verb ``error_reports``: take in a table of the national platform, and write one with states and answers."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.queries import get_user
from govplatform.cases.error_reports.exchange import export_reports, import_reports
from govplatform.cases.error_reports.queries import CHOICES
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Import and export reports of errors in the form of the national platform."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

        def verb(name: str, text: str) -> Any:
            made = verbs.add_parser(name, help=text)
            made.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object")
            made.add_argument("--site", required=True, metavar="CODE", help="the portal that takes them in")
            made.add_argument("--as", dest="acting", required=True, metavar="USER")
            return made

        taking = verb("import", "take in each row of a table (CSV, XLSX) once; faulty rows are told")
        taking.add_argument("file", type=Path, metavar="FILE", help="the table")
        writing = verb("export", "write states and answers as a table")
        writing.add_argument("--out", required=True, type=Path, metavar="FILE", help="ends with .csv or .xlsx")
        writing.add_argument("--show", choices=CHOICES, default="all", help="which of them")

    def run(self, **options: Any) -> dict[str, Any]:
        with schema_context("public"):
            desk, user = get_tenant(options["site"]), get_user(options["acting"])
            if options["verb"] == "export":
                out: Path = options["out"]
                kind = out.suffix.lower().lstrip(".")
                content, count = export_reports(desk, kind, acting_user=user, choice=options["show"])
                try:
                    out.write_bytes(content)
                except OSError as problem:
                    raise CommandError(_("无法写入文件 %(name)s。") % {"name": out}) from problem
                return {"rows": count, "file": str(out)}
            path: Path = options["file"]
            done = import_reports(desk, path, filename=path.name, acting_user=user)
        return {
            "imported": [
                {"line": line, "number": case.number, "national_number": national}
                for line, case, national in done.cases
            ],
            "known": [
                {"line": line, "number": number, "national_number": national} for line, national, number in done.known
            ],
            "faults": [fault.as_dict() for fault in done.faults],
            "notes": list(done.notes),
        }

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if result.get("faults") else 0
