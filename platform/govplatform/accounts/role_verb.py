"""What granting and revoking a role share on the command line."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand

from .models import User
from .queries import get_user, role_labels
from .roles import ROLES


class RoleVerb(VerbCommand):
    """A verb that changes one role of one person on one site: subclasses give ``change_role``."""

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=list(ROLES))
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--as", dest="acting", default=None, metavar="USER")

    def change_role(self, user: User, role: str, tenant: Tenant, acting_user: User | None) -> dict[str, Any]:
        """The action itself; returns what the answer tells besides. May raise Refused."""
        raise TypeError(f"{type(self).__name__} names no action")

    def run(self, **options: Any) -> dict[str, Any]:
        user, tenant = get_user(options["username"]), get_tenant(options["site"])
        acting_user = get_user(options["acting"]) if options["acting"] else None
        more = self.change_role(user, options["role"], tenant, acting_user)
        return {"user": user.username, "roles": role_labels(user, tenant), **more}
