"""Who looks after the files that citizens get: operators of the platform, and on their site its administrators."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import holds_in_console, is_platform_operator, roles_on
from govplatform.accounts.roles import OPERATOR, SITE_ADMIN, SUPERVISOR
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

_SEERS = frozenset({OPERATOR.code, SUPERVISOR.code})


def require_publisher(tenant: Tenant, acting_user: User | None) -> None:
    """Raise Refused for a person who may neither have the site rendered again nor go back (None: the shell may)."""
    if acting_user is None or is_platform_operator(acting_user):
        return
    if SITE_ADMIN.code not in roles_on(acting_user, tenant):
        raise Refused(_("只有平台运维人员和“%(site)s”的站点管理员可以办理静态发布。") % {"site": tenant.full_name})


def may_see_all(user: Any) -> bool:
    """Whether ``user`` sees how far the files of all sites are."""
    return isinstance(user, User) and holds_in_console(user, _SEERS)
