"""The verb ``case_units``: the register of units without a site, which are asked about letters by links."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.queries import get_user
from govplatform.cases.models import Unit
from govplatform.cases.units import add_unit, close_unit, find_unit
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "List the units without a site of a desk, add one, close it or open it again."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=("list", "add", "close", "open"), help="what is done with the register")
        parser.add_argument("--site", required=True, metavar="CODE", help="the desk")
        parser.add_argument("--name", help="of the unit")
        parser.add_argument("--as", dest="acting", metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        with schema_context("public"):
            desk, act = get_tenant(options["site"]), options["act"]
            if act != "list":
                if not options["acting"] or not options["name"]:
                    raise CommandError(_("请用 --as 写明由谁登记，用 --name 写明单位。"))
                user = get_user(options["acting"])
                if act == "add":
                    add_unit(desk, options["name"], acting_user=user)
                else:
                    close_unit(find_unit(desk, options["name"]), acting_user=user, closed=act == "close")
            units = Unit.objects.filter(desk=desk)
            return {"units": [{"name": unit.name, "closed": unit.closed} for unit in units]}
