"""The command ``repost``: make a draft of a resource of the common library on a column of a site."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import tenant_context

from content_library.models import Repost
from content_library.resources.queries import get_resource
from govplatform.accounts.queries import get_user
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_REFUSED, VerbCommand
from sites.columns.actions import find_column
from sites.reposts.actions import repost_resource


class Command(VerbCommand):
    help = "Repost a resource of the common library."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", metavar="UUID")
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--column", required=True, metavar="SLUG")
        parser.add_argument("--mode", required=True, choices=Repost.Mode.values, help="mirror, pinned, link or copy")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--submit", action="store_true", help="submit the draft for review")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant, user = get_tenant(options["site"]), get_user(options["acting"])
        resource = get_resource(options["uuid"])
        with tenant_context(tenant):
            made = repost_resource(
                resource,
                column=find_column(options["column"]),
                mode=options["mode"],
                acting_user=user,
                submit=options["submit"],
            )
        result: dict[str, Any] = {"page": made.page_id, "mode": made.mode, "version": made.version}
        # The draft stays and is named; what kept it from the review is named as well.
        return {**result, "refused": list(made.reasons)} if made.reasons else result

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_REFUSED if result.get("refused") else 0
