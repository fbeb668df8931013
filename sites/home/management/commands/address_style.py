"""The command ``address_style``: how new pages of a site get their addresses."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.home.actions import choose_address_style
from sites.home.models import HomePage


class Command(VerbCommand):
    help = "Tell or choose how new pages of a site get their addresses."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--set", dest="style", default="", metavar="STYLE", help="date or pinyin")
        parser.add_argument("--as", dest="acting", default=None, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        acting_user = get_user(options["acting"]) if options["acting"] else None
        with tenant_context(get_tenant(options["site"])):
            home = HomePage.objects.get()
            if options["style"]:
                choose_address_style(home, options["style"], acting_user=acting_user)
            return {"style": HomePage.objects.values_list("address_style", flat=True).get()}
