"""The verb ``delivery_status``: how far the files of each site are behind what is published."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.delivery.queries import sites_behind
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Tell of each site which release citizens get, and what waits to be in the next one, for how long."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", default="", metavar="CODE", help="only this site")

    def run(self, **options: Any) -> dict[str, Any]:
        rows = sites_behind(options["site"])
        return {
            "sites": [
                {
                    "site": row.tenant.code,
                    "release": row.release,
                    "pending": row.pending,
                    "oldest_seconds": row.oldest_seconds,
                    "error": row.state.error if row.state is not None else "",
                }
                for row in rows
            ],
            "nodes": [],
        }
