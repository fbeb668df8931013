"""The verb ``rebuild_console_search``: enter what the consoles find anew."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_FAULTS, VerbCommand
from search.editors.rebuilding import rebuild_console_search


class Command(VerbCommand):
    help = "Enter pages, pictures and documents of every site in the search of its console anew; exit 1 when one fails."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", metavar="CODE", help="one site alone")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant = get_tenant(options["site"]) if options["site"] else None
        return rebuild_console_search(tenant, progress=self.progress)

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if result["faults"] else 0
