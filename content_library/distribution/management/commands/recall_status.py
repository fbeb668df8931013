"""The verb ``recall_status``: the receipts of the last recall of a resource, and who else serves the same bytes."""

from typing import Any

from django.core.management.base import CommandParser

from content_library.distribution.queries import recall_status
from content_library.resources.queries import get_resource
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Show the receipts of the last recall of a resource, site by site, and who else serves the same bytes."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", metavar="UUID")

    def run(self, **options: Any) -> dict[str, Any]:
        return recall_status(get_resource(options["uuid"]))

    def describe(self, result: dict[str, Any]) -> str:
        lines = [f"{row['site']}: {row['state']} {row['at'] or '-'}" for row in result["receipts"]]
        for row in result["elsewhere"]:
            by = "、".join(row["cleared_by"]) or "-"
            files = "、".join(row["files"])
            lines.append(f"same bytes: {row['site'] or row['platform']}: {row['title']} ({files}), cleared by {by}")
        return "\n".join([f"complete: {result['complete']}", *lines])
