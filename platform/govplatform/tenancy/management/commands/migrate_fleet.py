"""The verb ``migrate_fleet``: bring every site's schema to this version of the code."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from govplatform.tenancy.fleet import check_fleet, migrate_fleet
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Run migrations once on the template and replay them on every site."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say who is behind")

    def run(self, **options: Any) -> dict[str, Any]:
        return asdict(check_fleet() if options["check"] else migrate_fleet(self.progress))

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if result["failed"] else 0
