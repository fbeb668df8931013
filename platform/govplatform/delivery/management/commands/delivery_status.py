"""The verb ``delivery_status``: how far the files of each site are behind what is published."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.delivery.nodes.queries import describe_node, nodes_behind
from govplatform.delivery.queries import sites_behind
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Tell which release citizens get of each site, what waits and for how long, and how far each front node is."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", default="", metavar="CODE", help="only this site")

    def run(self, **options: Any) -> dict[str, Any]:
        if options["site"]:
            # a name that nobody has is no site for which nothing waits
            get_tenant(options["site"])
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
            "nodes": [describe_node(row) for row in nodes_behind()],
        }
