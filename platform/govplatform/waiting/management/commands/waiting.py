"""The verb ``waiting``: what waits for a person, over all sites."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from govplatform.accounts.queries import get_user
from govplatform.verbs import VerbCommand
from govplatform.waiting.queries import waiting_for


class Command(VerbCommand):
    help = "List everything that waits for a person, by kind."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        groups = waiting_for(get_user(options["acting"]))
        return {
            "total": sum(len(group.matters) for group in groups),
            "late": sum(group.late for group in groups),
            "waiting": [
                {
                    "kind": group.kind.code,
                    "title": matter.title,
                    "site": matter.site.code if matter.site else None,
                    "address": matter.address,
                    "due": timezone.localtime(matter.due).isoformat() if matter.due else None,
                    "late": matter.late,
                }
                for group in groups
                for matter in group.matters
            ],
        }

    def describe(self, result: dict[str, Any]) -> str:
        lines = [
            f"{row['kind']}: {row['title']} ({row['site'] or '-'}) {row['due'] or ''}" for row in result["waiting"]
        ]
        return "\n".join([f"{result['total']}", *lines])
