"""Builds the platform that every test starts from: two sites and the cast."""

from govplatform.accounts.models import Membership, User
from govplatform.lifecycle.actions import NewSite, initialise_platform, open_site
from govplatform.tenancy.models import Tenant

from .cast import PASSWORD, PLAYERS, SITES


def prepare_platform() -> None:
    initialise_platform()
    for code, (name, kind, level, identity, parent, theme) in SITES.items():
        open_site(
            NewSite(
                code=code,
                host=f"{code}.localhost",
                console_host=f"{code}.console.localhost",
                full_name=name,
                kind=kind,
                level=level,
                identity_code=identity,
                parent_code=parent,
                theme=theme,
                contact="电话：0000-0000000",
                icp_number="云ICP备00000000号-1",
                police_record_number="云公网安备00000000000000号",
            ),
            acting_user=None,
        )
    tenants = {tenant.code: tenant for tenant in Tenant.objects.all()}
    for player in PLAYERS:
        user = User.objects.create_user(player.username, player.full_name, PASSWORD)
        for site, role in player.roles:
            Membership.objects.create(user=user, tenant=tenants[site], role=role)
