"""The verb ``subscribe``: have new resources of a class come to a site as drafts."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import tenant_context

from content_library.distribution.subscriptions import subscribe
from govplatform.accounts.queries import get_user
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Subscribe a site to new resources by classification; they come as drafts."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--class", dest="subject_class", default="", metavar="CLASS", help="code of the class")
        parser.add_argument("--kind", default="")
        parser.add_argument("--source", default="", metavar="CODE", help="code of the source site")
        parser.add_argument("--level", default="")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant, user = get_tenant(options["site"]), get_user(options["acting"])
        source = get_tenant(options["source"]) if options["source"] else None
        with tenant_context(tenant):
            made = subscribe(
                acting_user=user,
                subject_class=options["subject_class"],
                kind=options["kind"],
                source=source,
                level=options["level"],
            )
        return {"subscription": made.pk}
