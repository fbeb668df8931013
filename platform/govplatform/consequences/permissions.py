"""Who may retry or give up consequences: the platform's operators, and the shell."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import is_platform_operator


def reasons_against_tending(acting_user: User | None) -> list[str]:
    """Why ``acting_user`` may not retry or give up what failed; None is the shell, which may."""
    if acting_user is None or is_platform_operator(acting_user):
        return []
    return [_("只有平台运维人员可以重试或放弃后续事项。")]
