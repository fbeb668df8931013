"""The register of units without a site, which a desk asks by links."""

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role
from govplatform.accounts.roles import CLERK
from govplatform.audit.actions import record_act
from govplatform.refusals import PlacedReason, Refused
from govplatform.tenancy.models import Tenant

from .models import Unit

NAME = 120


def add_unit(desk: Tenant, name: str, *, acting_user: User) -> Unit:
    """Enter a unit in the register of ``desk``. Raises Refused."""
    name = " ".join(name.replace("\x00", "").split())
    with tenant_context(desk), acting(acting_user, on=desk):
        _require_clerk(desk, acting_user)
        if not name or len(name) > NAME:
            raise Refused(PlacedReason(_("单位名称：请填写，最多 %(most)d 个字。") % {"most": NAME}, "name"))
        if Unit.objects.filter(desk=desk, name=name).exists():
            raise Refused(PlacedReason(_("“%(name)s”已经登记。") % {"name": name}, "name"))
        unit = Unit.objects.create(desk=desk, name=name)
        record_act("case_unit.added", acting_user=acting_user, obj=unit, detail={"name": name})
    return unit


def close_unit(unit: Unit, *, acting_user: User, closed: bool = True) -> Unit:
    """Ask it no more, and end its links; or, with ``closed`` False, ask it again. Raises Refused."""
    desk = unit.desk
    with tenant_context(desk), acting(acting_user, on=desk):
        _require_clerk(desk, acting_user)
        unit.closed = closed
        unit.save(update_fields=["closed"])
        act = "case_unit.closed" if closed else "case_unit.opened"
        record_act(act, acting_user=acting_user, obj=unit, detail={"name": unit.name})
    return unit


def find_unit(desk: Tenant, name: str) -> Unit:
    """Return the unit of that name. Raises Refused where there is none."""
    unit = Unit.objects.select_related("desk").filter(desk=desk, name=name[:NAME]).first()
    if unit is None:
        raise Refused(_("“%(name)s”没有登记。请先在“没有网站的单位”中登记。") % {"name": name[:NAME]})
    return unit


def _require_clerk(desk: Tenant, user: User) -> None:
    if not has_role(user, CLERK.code, desk):
        told = {"user": user, "site": desk.full_name}
        raise Refused(_("%(user)s 不是“%(site)s”的受理员，不能登记单位。") % told)
