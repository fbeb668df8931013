"""The verb ``case_desk``: which portals have open letters, and handing them over to another one."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.queries import get_user
from govplatform.cases.passing_on import open_desks, pass_desk_on
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "List the portals with open letters, or hand those of one that closes or is merged over to another one."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=("list", "pass"), help="what is done")
        parser.add_argument("--site", metavar="CODE", help="the portal whose letters are handed over")
        parser.add_argument("--to", metavar="CODE", help="the portal that goes on with them")
        parser.add_argument("--as", dest="acting", metavar="USER", help="the supervisor or operator who does it")
        parser.add_argument("--reason", default="", help="why; it stands in the course of each letter")

    def run(self, **options: Any) -> dict[str, Any]:
        with schema_context("public"):
            if options["act"] == "list":
                desks = open_desks()
                return {"desks": [{"site": one.site.code, "open": one.open, "leaves": one.may_pass} for one in desks]}
            if not (options["site"] and options["to"] and options["acting"]):
                raise CommandError(_("请用 --site 写明移交的门户，用 --to 写明接收的门户，用 --as 写明由谁移交。"))
            desk, to, user = get_tenant(options["site"]), get_tenant(options["to"]), get_user(options["acting"])
            passed = pass_desk_on(desk, to, acting_user=user, reason=options["reason"])
            return {"site": desk.code, "to": to.code, "passed": passed}
