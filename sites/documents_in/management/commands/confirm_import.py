"""The command ``confirm_import``: note that a person has compared an imported page with its original."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.documents_in.actions import confirm_comparison
from sites.documents_in.queries import differences_of, import_of


class Command(VerbCommand):
    help = "Confirm that what an imported page and its original have unlike was looked at."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("page", type=int, metavar="PAGE", help="number of the imported page")
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant, acting_user = get_tenant(options["site"]), get_user(options["acting"])
        with tenant_context(tenant):
            item = import_of(options["page"])
            confirm_comparison(item, acting_user=acting_user)
            return {"page": item.page_id, "file": item.filename, "differences": [list(d) for d in differences_of(item)]}

    def describe(self, result: dict[str, Any]) -> str:
        return _("页面 %(page)d（%(file)s）已确认与原件对照。") % result
