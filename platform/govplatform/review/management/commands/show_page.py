"""The verb ``show_page``: one page's state, address and clearance."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import tenant_context

from govplatform.review.queries import describe_page, get_page
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Show a page's state."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--page", required=True, type=int, metavar="ID")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant = get_tenant(options["site"])
        with tenant_context(tenant):
            return describe_page(get_page(options["page"]), tenant)
