"""Who makes and verifies archives: operators and supervisors, and the shell."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import holds_in_console, roles_on
from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant

KEEPERS = frozenset({OPERATOR.code, SUPERVISOR.code})


def require_keeper(acting_user: User | None) -> None:
    """Raise Refused for a person who may neither make nor verify archives (None: the shell may)."""
    if acting_user is not None and not holds_in_console(acting_user, KEEPERS):
        raise Refused(_("只有平台运维人员和监管员可以制作、核验归档。"))


def may_keep_archives(user: Any) -> bool:
    """Whether ``user`` may open the screens of archives, which stand in the supervising office's console alone."""
    tenant = current_tenant()
    return tenant.is_console and isinstance(user, User) and bool(roles_on(user, tenant) & KEEPERS)
