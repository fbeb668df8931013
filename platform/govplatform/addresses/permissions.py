"""Who may change what an address answers: the platform's operators, and the shell."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import is_platform_operator
from govplatform.tenancy.models import Tenant

from .models import Address


def reasons_against_keeping(acting_user: User | None) -> list[str]:
    """Why ``acting_user`` may not change the ledger of addresses (None: the shell may)."""
    if acting_user is None or is_platform_operator(acting_user):
        return []
    return [_("网址台账由平台运维人员维护。")]


def reason_against_changing(row: Address) -> str:
    """Why nobody may have the address of ``row`` answer something else; '' when that may be.

    Of a site that is closed for good the ledger alone answers, so what was public there may be led elsewhere; while a
    merge may still be taken back, it would come back to its own address.
    """
    if row.host or row.state != Address.State.PUBLIC or row.tenant.status == Tenant.Status.RETIRED:
        return ""
    if row.tenant.answers_from_ledger:
        return _("“%(address)s”的站点正在并入，可能退回；确认并入之后才能更改。") % {"address": row.path}
    return _("“%(address)s”现在就是公开的网址，不能改为跳转；信息不再公开时请先撤下。") % {"address": row.path}
