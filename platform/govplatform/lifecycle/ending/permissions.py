"""Who ends and restores sites: operators and supervisors, and the shell."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import holds_in_console
from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.refusals import Refused

KEEPERS = frozenset({OPERATOR.code, SUPERVISOR.code})


def reasons_against_keeping(acting_user: User | None) -> list[str]:
    """Why ``acting_user`` may not dump, drop and restore sites (None: the shell may)."""
    if acting_user is None or holds_in_console(acting_user, KEEPERS):
        return []
    return [_("只有平台运维人员和监管员可以备份、移除和恢复站点。")]


def require_keeper(acting_user: User | None) -> None:
    """Raise Refused for a person who may not dump, drop and restore sites."""
    if reasons := reasons_against_keeping(acting_user):
        raise Refused(reasons)
