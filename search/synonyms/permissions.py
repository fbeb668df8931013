"""Who keeps synonyms: the platform's operators and supervisors, for all sites at once."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import holds_in_console
from govplatform.accounts.roles import OPERATOR, SUPERVISOR

KEEPERS = frozenset({OPERATOR.code, SUPERVISOR.code})


def reasons_against_keeping(acting_user: User | None) -> list[str]:
    """Say why ``acting_user`` may not change synonyms (None is the shell, which may)."""
    if acting_user is None or holds_in_console(acting_user, KEEPERS):
        return []
    return [_("同义词由全平台共用，只有平台运维人员和监管员可以修改；需要增改时请向他们提出。")]
