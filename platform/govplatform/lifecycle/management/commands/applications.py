"""The verb ``applications``: applications of one site or of all, the newest first."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.lifecycle.applications.queries import applications_of, describe_applications
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand

#: Printed at most; the console pages through all of them. No regulation's number.
_MOST = 500


class Command(VerbCommand):
    help = "List applications of sites with their state and who decides next."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", metavar="CODE")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant = get_tenant(options["site"]) if options["site"] else None
        return {"applications": describe_applications(applications_of(tenant)[:_MOST])}

    def describe(self, result: dict[str, Any]) -> str:
        rows = [
            f"{one['application']}  {one['site']}  {one['kind']}  {one['state']}  {one['next_approver'] or ''}".rstrip()
            for one in result["applications"]
        ]
        return "\n".join(rows)
