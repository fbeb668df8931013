"""Give a person a role on a site."""

from govplatform.accounts.actions import grant_role
from govplatform.accounts.models import User
from govplatform.accounts.role_verb import RoleVerb
from govplatform.tenancy.models import Tenant


class Command(RoleVerb):
    help = "Grant a role on a site."

    def change_role(self, user: User, role: str, tenant: Tenant, acting_user: User | None) -> None:
        grant_role(user, role, tenant=tenant, acting_user=acting_user)
