"""The command ``create_column``: create a column on a site."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.review.queries import site_path
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.columns.actions import create_column, find_column


class Command(VerbCommand):
    help = "Create a column."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", default="", help="last part of the address; by pinyin if left out")
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--name", required=True)
        parser.add_argument("--type", required=True, help="code or Chinese label of the column's type")
        parser.add_argument("--source", default="", help="source that pages written here begin with")
        parser.add_argument("--issued-by", default="", help="issuing body that documents written here begin with")
        parser.add_argument("--parent", metavar="SLUG", help="slug of the column above")
        parser.add_argument("--reason", default="", help="why words stay that the scan doubts")
        parser.add_argument("--as", dest="acting", default=None, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant = get_tenant(options["site"])
        acting_user = get_user(options["acting"]) if options["acting"] else None
        with tenant_context(tenant):
            parent = find_column(options["parent"]) if options["parent"] else None
            column = create_column(
                options["slug"],
                title=options["name"],
                column_type=options["type"],
                parent=parent,
                acting_user=acting_user,
                reason=options["reason"],
                default_source=options["source"],
                default_issued_by=options["issued_by"],
                verb="create_column",
            )
            return {"id": column.pk, "slug": column.slug, "url": public_url(tenant, site_path(column))}
