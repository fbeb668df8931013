"""Who may read rule packs in the console. They are changed as files, with the code."""

from typing import Any

from govplatform.accounts.models import User
from govplatform.accounts.permissions import roles_on
from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.tenancy.current import current_tenant

READERS = frozenset({OPERATOR.code, SUPERVISOR.code})


def may_read_rule_packs(user: Any) -> bool:
    """Whether ``user`` may read rule packs: operators and supervisors, in the supervising office's console alone."""
    tenant = current_tenant()
    return tenant.is_console and isinstance(user, User) and bool(roles_on(user, tenant) & READERS)
