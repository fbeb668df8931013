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
    """Tell whether ``user`` is an operator or supervisor of the supervising office."""
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
    """Raise Refused for a person who may not manage sources; the role is locked until the transaction of the act ends.

    Call after the source was locked, which comes before people in the order of locks.
    """
    if user is not None:
        hold_roles(user, None)
    if reasons := reasons_against_managing(user):
        raise Refused(reasons)
