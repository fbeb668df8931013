"""The verb ``check_search``: compare what is found with what is public."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.verbs import EXIT_FAULTS, VerbCommand
from search.checking import check_search
from search.models import Comparison
from search.upkeep.actions import keep_report


class Command(VerbCommand):
    help = "Compare live pages, search documents and engines; exit 1 when they differ."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="bring in line what differs, and name it")

    def run(self, **options: Any) -> dict[str, Any]:
        report = check_search(repair=options["repair"], progress=self.progress)
        keep_report(report, Comparison(repair=options["repair"]))
        return {"ok": not report.faults, "checked": report.checked, "faults": report.faults}

    def exit_status(self, result: dict[str, Any]) -> int:
        return 0 if result["ok"] else EXIT_FAULTS

    def describe(self, result: dict[str, Any]) -> str:
        lines = [
            f"{fault['key']}  {fault['title']}  {fault['engine']}  {fault['problem']}" for fault in result["faults"]
        ]
        return "\n".join([*lines, f"checked: {result['checked']}"])
