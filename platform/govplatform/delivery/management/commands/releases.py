"""The verb ``releases``: the releases of a site, the newest first."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.delivery.queries import describe_release, releases_of
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "List the releases of a site's files to which it can go back, the newest first."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE", help="code of the site")
        parser.add_argument("--most", type=int, default=50, metavar="N", help="so many at most (default: 50)")

    def run(self, **options: Any) -> dict[str, Any]:
        found = releases_of(get_tenant(options["site"]), max(1, options["most"]))
        return {"releases": [describe_release(one) for one in found]}
