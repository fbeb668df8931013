"""The verb ``merges``: the merges of sites, the newest first."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.lifecycle.merge.queries import all_merges, describe_merge
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "List the merges of sites with their state."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", metavar="CODE", help="only those in which this site takes part")

    def run(self, **options: Any) -> dict[str, Any]:
        site = get_tenant(options["site"]) if options["site"] else None
        return {"merges": [describe_merge(merge) for merge in all_merges(site)]}
