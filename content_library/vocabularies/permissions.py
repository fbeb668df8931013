"""Who manages the vocabularies: the platform's operators and supervisors; everybody reads them."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import holds_in_console
from govplatform.accounts.roles import OPERATOR, SUPERVISOR

MANAGERS = frozenset({OPERATOR.code, SUPERVISOR.code})


def may_manage(user: Any) -> bool:
    """Tell whether ``user`` holds one of the managing roles in the supervisor's console."""
    return holds_in_console(user, MANAGERS)


def reasons_against_managing(acting_user: User | None) -> list[str]:
    """Say why ``acting_user`` may not change terms (None is the shell, which may)."""
    if acting_user is None or may_manage(acting_user):
        return []
    return [_("分类词表由全平台共用，只有平台运维人员和监管员可以修改；需要增改时请向他们提出。")]
