"""The verb ``case_statistics``: letters in numbers, as anybody may know them."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import schema_context

from govplatform.cases.statistics import case_statistics
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Count the letters of a site and a year, or all of them."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", metavar="CODE", help="taken in or answered by this site")
        parser.add_argument("--year", type=int, metavar="Y", help="sent in that year")

    def run(self, **options: Any) -> dict[str, Any]:
        with schema_context("public"):
            site = get_tenant(options["site"]) if options["site"] else None
            return case_statistics(site=site, year=options["year"])
