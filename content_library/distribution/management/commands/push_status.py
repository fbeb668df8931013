"""The verb ``push_status``: which sites have reposted what was pushed, and which are late."""

from typing import Any

from django.core.management.base import CommandParser

from content_library.distribution.queries import push_status
from content_library.resources.queries import get_resource
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Show how far the pushes of a resource have come, site by site."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", metavar="UUID")

    def run(self, **options: Any) -> dict[str, Any]:
        return push_status(get_resource(options["uuid"]))

    def describe(self, result: dict[str, Any]) -> str:
        lines = [
            f"{row['site']}: {row['state']}{' (late)' if row['late'] else ''} page {row['page']} due {row['due']}"
            for row in result["targets"]
        ]
        return "\n".join(lines) or "0"
