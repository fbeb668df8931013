"""Give a person a role on a site: at once from the shell, as an offer on somebody's behalf."""

from typing import Any

from govplatform.accounts.actions import grant_role
from govplatform.accounts.models import User
from govplatform.accounts.offers.actions import offer_role
from govplatform.accounts.role_verb import RoleVerb
from govplatform.tenancy.models import Tenant


class Command(RoleVerb):
    help = "Grant a role on a site at once; with --as, offer it, to be accepted and, where it takes two, confirmed."

    def change_role(self, user: User, role: str, tenant: Tenant, acting_user: User | None) -> dict[str, Any]:
        if acting_user is None:
            grant_role(user, role, tenant=tenant, acting_user=None)
            return {}
        return {"offer": offer_role(user, role, tenant=tenant, acting_user=acting_user).pk}
