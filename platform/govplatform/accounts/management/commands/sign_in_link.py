"""A new first link for an account that has not begun; earlier ones are void."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.accounts.credentials.sign_in_links import issue_link
from govplatform.accounts.queries import get_user
from govplatform.tenancy.queries import console_tenant, get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Print a new one-time link for an account whose owner has not chosen a password yet."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--site", metavar="CODE", help="whose console the link opens; the platform's if not given")
        parser.add_argument("--as", dest="acting", default=None, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        site = get_tenant(options["site"]) if options["site"] else console_tenant()
        acting_user = get_user(options["acting"]) if options["acting"] else None
        user = get_user(options["username"])
        return {"user": user.username, "link": issue_link(user, on=site, acting_user=acting_user)}
