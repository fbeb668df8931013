"""Who registers sources and reads what they brought: operators and supervisors, in the supervisor's console."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.accounts.acting import hold_roles
from govplatform.accounts.models import User
from govplatform.accounts.permissions import holds_in_console
from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.refusals import Refused

MANAGERS = frozenset({OPERATOR.code, SUPERVISOR.code})


def may_manage_sources(user: Any) -> bool:
    return holds_in_console(user, MANAGERS)


def reasons_against_managing(user: User | None) -> list[str]:
    """Say why ``user`` may not register, pause or run sources (None is the shell, which may)."""
    if user is None or may_manage_sources(user):
        return []
    return [_("只有平台运维人员和监管员可以管理外部采集。")]


def reasons_against_trusting(user: User | None) -> list[str]:
    """Say why ``user`` may not open the internal network to a source (None is the shell, which may)."""
    if user is None or holds_in_console(user, frozenset({OPERATOR.code})):
        return []
    return [_("只有平台运维人员可以把来源登记为政务内网来源。")]


def require_managing(user: User | None) -> None:
    """Raises Refused for who may not manage sources. The role stays until the transaction of the act ends.

    Call behind the lock of the source, which stands before people in the order of locks.
    """
    if user is not None:
        hold_roles(user, None)
    if reasons := reasons_against_managing(user):
        raise Refused(reasons)
