"""Who looks after the search: operators act, supervisors read."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import holds_in_console
from govplatform.accounts.roles import OPERATOR, SUPERVISOR

READERS = frozenset({OPERATOR.code, SUPERVISOR.code})


def reasons_against_comparing(acting_user: User | None) -> list[str]:
    """Say why ``acting_user`` may not start a comparison (None is the shell, which may)."""
    if acting_user is None or holds_in_console(acting_user, frozenset({OPERATOR.code})):
        return []
    return [_("检索的核对和修复由平台运维人员进行；需要时请向他们提出。")]
