"""The verb ``account``: how somebody stands with signing in, and the two helps that need no reset."""

import argparse
from typing import Any

from django.core.management.base import CommandParser

from govplatform.accounts.credentials.access import access_of, end_sessions, unlock_account
from govplatform.accounts.queries import get_user, places_of
from govplatform.tenancy.queries import console_tenant, get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Show how an account stands with signing in, end a pause after wrong passwords, end all sessions."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        show = parts.add_parser("show", help="last sign-in, second factor, pauses, roles")
        unlock = parts.add_parser("unlock", help="let the owner try again at once")
        end = parts.add_parser("end-sessions", help="sign the owner out of every browser")
        for part in (show, unlock, end):
            part.add_argument("username")
            part.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object")
        for part in (unlock, end):
            part.add_argument("--as", dest="acting", metavar="USER")
            part.add_argument(
                "--site", metavar="CODE", help="site on which USER manages people; without it the platform"
            )
            part.add_argument("--reason", required=True)

    def run(self, **options: Any) -> dict[str, Any]:
        user = get_user(options["username"])
        if options["part"] == "show":
            places = {place["tenant"].code: place["roles"] for place in places_of(user)}
            active = {"username": user.username, "active": user.is_active}
            return {**active, **access_of([user])[user.pk].as_json(), "roles": places}
        tenant = get_tenant(options["site"]) if options["site"] else console_tenant()
        who = get_user(options["acting"]) if options["acting"] else None
        if options["part"] == "unlock":
            closed = unlock_account(user, reason=options["reason"], tenant=tenant, acting_user=who)
            return {"username": user.username, "unlocked": closed}
        end_sessions(user, reason=options["reason"], tenant=tenant, acting_user=who)
        return {"username": user.username, "sessions_ended_at": user.sessions_ended_at}
