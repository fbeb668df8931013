"""The verb ``recall_status``: the receipts of the last recall of a resource."""

from typing import Any

from django.core.management.base import CommandParser

from content_library.distribution.queries import recall_status
from content_library.resources.queries import get_resource
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Show the receipts of the last recall of a resource, site by site."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", metavar="UUID")

    def run(self, **options: Any) -> dict[str, Any]:
        return recall_status(get_resource(options["uuid"]))

    def describe(self, result: dict[str, Any]) -> str:
        lines = [f"{row['site']}: {row['state']} {row['at'] or '-'}" for row in result["receipts"]]
        return "\n".join([f"complete: {result['complete']}", *lines])
