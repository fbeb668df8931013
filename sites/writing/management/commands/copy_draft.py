"""The command ``copy_draft``: the words of a page once more, as a new draft."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.review.queries import get_page, site_path
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.columns.actions import find_column
from sites.writing.copying import copy_as_draft


class Command(VerbCommand):
    help = "Copy a page as a new draft, with nothing of its review, its addresses and its times."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--page", required=True, type=int, metavar="ID")
        parser.add_argument("--column", default="", metavar="SLUG", help="the page's own if left out")
        parser.add_argument("--title", default="", help="the page's own if left out")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        user = get_user(options["acting"])
        with tenant_context(get_tenant(options["site"])):
            column = find_column(options["column"]) if options["column"] else None
            page = get_page(options["page"])
            made = copy_as_draft(page, column=column, title=options["title"], acting_user=user)
            return {"page": made.pk, "title": made.title, "path": site_path(made)}
