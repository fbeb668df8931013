"""Who may open sites: the platform's operators, and the shell."""

from django.utils.translation import gettext as _

from govplatform.accounts.acting import hold_roles
from govplatform.accounts.models import User
from govplatform.accounts.permissions import is_platform_operator
from govplatform.refusals import Refused


def reasons_against_opening(acting_user: User | None) -> list[str]:
    """Why ``acting_user`` may not open sites (None: the shell may)."""
    if acting_user is None or is_platform_operator(acting_user):
        return []
    return [_("只有平台运维人员可以开设站点。")]


def require_operator(acting_user: User | None, *, until_the_end: bool = False) -> None:
    """Raise Refused for a person who may not open sites.

    ``until_the_end`` True also locks the person's roles until the transaction ends. An act that opens sites asks twice:
    before it begins, and with ``until_the_end`` just before it is recorded, since in the order of locks a person's
    roles come after the audit chain.
    """
    if until_the_end and acting_user is not None:
        hold_roles(acting_user, None)
    if reasons := reasons_against_opening(acting_user):
        raise Refused(reasons)
