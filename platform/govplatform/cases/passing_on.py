"""移交受理: a portal on its way out hands its open letters over to another one, whose clerks go on with them.

Without it a portal could be neither merged nor closed until its own clerks had ended the last letter. Number, query
code, limits, handlers and answers stay as they are: only who takes in and passes on is another one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import is_platform_operator
from govplatform.accounts.queries import holders_of
from govplatform.accounts.roles import CLERK
from govplatform.audit.actions import record_act
from govplatform.events.sheet import follow
from govplatform.locks.holding import locking
from govplatform.refusals import PlacedReason, Refused, checked_reason
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import console_tenant

from .actions import REASON
from .events import CaseMovedOn
from .models import Case, CaseStep, Opinion, Unit
from .permissions import may_oversee
from .queries import OVER, open_at_desk, stays, takes_in

Act = CaseStep.Act
#: Letters of one transaction: whoever waits for one of the three chains waits some tens of milliseconds.
BATCH = 200


@dataclass(frozen=True)
class OpenDesk:
    """A portal with letters that are open. ``may_pass``: it is on its way out, so they may be handed over."""

    site: Tenant
    open: int
    may_pass: bool


def pass_desk_on(desk: Tenant, to: Tenant, *, acting_user: User, reason: str) -> int:
    """Hand the open letters of ``desk`` over to ``to``; return how many. Raises Refused.

    In batches that are whole each: killed anywhere, it goes on where it is called again.
    """
    reason, total = checked_reason(reason, REASON), 0
    require_passing(acting_user, desk, to)
    while passed := _pass_some(desk.pk, to.pk, acting_user, reason):
        total += passed
    if not total:
        raise Refused(PlacedReason(_("“%(site)s”没有未办结的来信，不用移交。") % {"site": desk.full_name}, "desk"))
    return total


def open_desks() -> list[OpenDesk]:
    """The portals that took in letters which are open, most letters first."""
    counted = Case.objects.exclude(state__in=OVER).order_by().values_list("desk_id").annotate(n=Count("pk"))
    numbers: dict[int, int] = dict(counted)
    sites = Tenant.objects.filter(pk__in=numbers)
    found = [OpenDesk(site, numbers[site.pk], not stays(site)) for site in sites]
    return sorted(found, key=lambda one: (-one.open, one.site.code))


def desks_to_pass_to() -> list[Tenant]:
    """The portals that take in letters and stay."""
    return [site for site in Tenant.objects.filter(kind=Tenant.Kind.PORTAL).order_by("code") if takes_in(site)]


def require_passing(user: User, desk: Tenant, to: Tenant) -> None:
    """Raise Refused where ``user`` may not hand over the letters of ``desk``, or not to ``to``."""
    if not (may_oversee(user) or is_platform_operator(user)):
        raise Refused(_("%(user)s 不是监管员，也不是平台运维人员，不能移交受理的来信。") % {"user": user})
    if reasons := [*_reasons_against_desk(desk), *_reasons_against_taking_over(desk, to)]:
        raise Refused(reasons)


# --- inside ------------------------------------------------------------------------------


def _pass_some(desk_id: int, to_id: int, acting_user: User, reason: str) -> int:
    console, (desk, to) = console_tenant(), (Tenant.objects.get(pk=key) for key in (desk_id, to_id))
    chains = {one.schema_name for one in (console, desk, to)}
    with tenant_context(console), acting(acting_user, *chains, on=console):
        # As they are behind the chains: whoever freezes, closes or merges one of them holds its chain.
        desk, to = Tenant.objects.get(pk=desk_id), Tenant.objects.get(pk=to_id)
        require_passing(acting_user, desk, to)
        keys = list(open_at_desk(desk).order_by("pk").values_list("pk", flat=True)[:BATCH])
        held = list(locking(Case.objects.filter(pk__in=keys).order_by("pk")))
        cases = [case for case in held if case.desk_id == desk.pk and not case.is_over]
        if cases:
            _move(cases, desk, to, acting_user, reason)
            detail = {"site": desk.code, "to": to.code, "cases": len(cases), "reason": reason}
            detail["numbers"] = [case.number for case in cases]
            for chain in sorted(chains):
                record_act("case_desk.handed_over", acting_user=acting_user, obj=desk, detail=detail, chain=chain)
    return len(cases)


def _move(cases: Sequence[Case], desk: Tenant, to: Tenant, user: User, reason: str) -> None:
    _move_units(cases, to)
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(desk=to)
    told = _("由“%(desk)s”移交“%(to)s”：%(reason)s")
    told %= {"desk": desk.full_name, "to": to.full_name, "reason": reason}
    now = timezone.now()
    CaseStep.objects.bulk_create(
        CaseStep(case=case, act=Act.HANDED_OVER, at=now, person=user, organisation=to, reason=told) for case in cases
    )
    for case in cases:
        case.desk = to
        follow(CaseMovedOn(case, Act.HANDED_OVER))


def _move_units(cases: Sequence[Case], to: Tenant) -> None:
    """Enter the units that were asked in the register of ``to`` as well: their links go on, and can be recalled."""
    asked = Opinion.objects.filter(case__in=cases, unit__isnull=False)
    for unit in Unit.objects.filter(pk__in=asked.values("unit")).order_by("pk"):
        same, _made = Unit.objects.get_or_create(desk=to, name=unit.name, defaults={"closed": unit.closed})
        asked.filter(unit=unit).update(unit=same)


def _reasons_against_desk(desk: Tenant) -> list[str]:
    if not stays(desk):
        return []
    words = _("“%(site)s”正常运行，来信由它自己受理。它开始关停或者并入以后才能移交。")
    return [PlacedReason(words % {"site": desk.full_name}, "desk")]


def _reasons_against_taking_over(desk: Tenant, to: Tenant) -> list[str]:
    told = {"site": to.full_name}
    if to.pk == desk.pk or not takes_in(to):
        return [PlacedReason(_("“%(site)s”不是运行中的门户网站，不能接收移交。请选择别的门户网站。") % told, "to")]
    if not holders_of(to, CLERK.code).exists():
        words = _("“%(site)s”没有受理员，移交以后没有人办理。请先由该站管理员指定受理员。")
        return [PlacedReason(words % told, "to")]
    return []
