"""Who may change what an address answers: the platform's operators, and the shell."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import is_platform_operator


def reasons_against_keeping(acting_user: User | None) -> list[str]:
    """Why ``acting_user`` may not change the ledger of addresses (None: the shell may)."""
    if acting_user is None or is_platform_operator(acting_user):
        return []
    return [_("网址台账由平台运维人员维护。")]
