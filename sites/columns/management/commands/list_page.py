"""The command ``list_page``: have other columns list a page besides its own."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.review.queries import get_page
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.columns.actions import find_column
from sites.columns.listing import list_page_in, listings_of


class Command(VerbCommand):
    help = "Have exactly these columns list a page besides the one it stands in."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--page", required=True, type=int, metavar="ID")
        parser.add_argument("--columns", required=True, metavar="SLUG,SLUG", help="none: ''")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        user = get_user(options["acting"])
        with tenant_context(get_tenant(options["site"])):
            page = get_page(options["page"])
            slugs = [slug.strip() for slug in options["columns"].split(",") if slug.strip()]
            changed = list_page_in(page, [find_column(slug) for slug in slugs], acting_user=user)
            listed = [listing.column.slug for listing in listings_of(page)]
            return {"page": page.pk, "columns": listed, "changed": changed}
