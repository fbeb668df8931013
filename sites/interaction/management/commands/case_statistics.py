"""The verb ``case_statistics``: letters in numbers, as anybody may know them."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import schema_context

from govplatform.cases.site_numbers import described, site_numbers
from govplatform.cases.statistics import case_statistics, compare_tally
from govplatform.cases.tally import count_anew
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Count the letters of a site and a year, or all of them."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", metavar="CODE", help="taken in or answered by this site")
        parser.add_argument("--year", type=int, metavar="Y", help="sent in that year")
        parser.add_argument("--sites", action="store_true", help="a row for each site that takes in or answers")
        parser.add_argument("--check", action="store_true", help="compare the kept numbers with the letters themselves")
        parser.add_argument("--anew", action="store_true", help="count everything again, in place of what was kept")

    def run(self, **options: Any) -> dict[str, Any]:
        with schema_context("public"):
            if options["anew"]:
                count_anew()
            if options["check"]:
                faults = compare_tally()
                return {"ok": not faults, "faults": faults}
            if options["sites"]:
                return dict(described(site_numbers(options["year"])))
            site = get_tenant(options["site"]) if options["site"] else None
            return case_statistics(site=site, year=options["year"])

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if result.get("ok") is False else 0
