"""Who may change a site: its own administrator, and the platform's operators."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role, is_platform_operator
from govplatform.accounts.roles import SITE_ADMIN
from govplatform.tenancy.models import Tenant


def reasons_against_managing_site(acting_user: User | None, tenant: Tenant) -> list[str]:
    """Why ``acting_user`` may not change ``tenant`` at all (None: the shell may)."""
    if tenant.is_console:
        return [_("监管控制台不是网站，没有网站设置。")]
    if acting_user is None or has_role(acting_user, SITE_ADMIN.code, tenant) or is_platform_operator(acting_user):
        return []
    return [_("只有“%(site)s”的站点管理员或平台运维人员可以修改网站设置。") % {"site": tenant.full_name}]
