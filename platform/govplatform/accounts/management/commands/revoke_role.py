"""Take a role on a site away from a person."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.accounts.actions import revoke_role
from govplatform.accounts.queries import get_user, role_labels
from govplatform.accounts.roles import ROLES
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Revoke a role on a site."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=list(ROLES))
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--as", dest="acting", default=None, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        user, tenant = get_user(options["username"]), get_tenant(options["site"])
        acting_user = get_user(options["acting"]) if options["acting"] else None
        revoke_role(user, options["role"], tenant=tenant, acting_user=acting_user)
        return {"user": user.username, "roles": role_labels(user, tenant)}
