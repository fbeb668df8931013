"""Take a role on a site away from a person."""

from typing import Any

from govplatform.accounts.actions import revoke_role
from govplatform.accounts.models import User
from govplatform.accounts.role_verb import RoleVerb
from govplatform.tenancy.models import Tenant


class Command(RoleVerb):
    help = "Revoke a role on a site."

    def change_role(self, user: User, role: str, tenant: Tenant, acting_user: User | None) -> dict[str, Any]:
        revoke_role(user, role, tenant=tenant, acting_user=acting_user)
        return {}
