"""Who may confirm an offered role, and when an offer can still be answered."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from govplatform.tenancy.models import Tenant

from ..models import Membership, RoleOffer, User
from ..permissions import has_role, is_platform_operator, is_supervisor
from ..roles import ROLES, SITE_ADMIN, TAKES_TWO_CODES


def reasons_against_ending(offer: RoleOffer) -> list[str]:
    """Why nobody can answer or take back ``offer`` any more."""
    if offer.state != RoleOffer.State.WAITING:
        return [_("这个邀请已经办结：%(state)s。") % {"state": offer.get_state_display()}]
    if not offer.is_open:
        return [_("这个邀请已经过期，请由站点管理员重新邀请。")]
    return []


def reasons_against_confirming(offer: RoleOffer, acting_user: User) -> list[str]:
    """Why ``acting_user`` may not be the second person of ``offer``."""
    reasons = reasons_against_ending(offer)
    if not may_confirm_on(acting_user, offer.tenant):
        reasons.insert(0, _who_confirms(offer.tenant))
    if acting_user.pk == offer.offered_by_id:
        reasons.append(_("授予这个角色须由两个人办理：邀请人不能自己确认。"))
    if acting_user.pk == offer.person_id:
        reasons.append(_("不能确认自己的任职，请由别人办理。"))
    if not reasons and not ROLES[offer.role].takes_two:
        reasons.append(_("“%(role)s”不需要第二人确认，本人接受即可。") % {"role": ROLES[offer.role].label})
    if not reasons and offer.confirmed_by_id is not None:
        reasons.append(_("这个邀请已由 %(user)s 确认，正在等待本人接受。") % {"user": offer.confirmed_by})
    return reasons


def may_confirm_on(user: User, tenant: Tenant) -> bool:
    """Whether ``user`` stands above those who manage the people of ``tenant``."""
    if is_supervisor(user):
        return True
    if tenant.is_console:
        return is_platform_operator(user)
    return tenant.parent is not None and has_role(user, SITE_ADMIN.code, tenant.parent)


def offers_to_confirm(user: User, *, at: Tenant | None = None) -> "QuerySet[RoleOffer]":
    """Open offers that wait for a second person, and whose second person ``user`` may be, oldest first.

    ``at``: whose console asks: a portal's administrator is asked for the sites below it, the console for all.
    """
    waiting = RoleOffer.objects.open().filter(role__in=TAKES_TWO_CODES, confirmed_by=None)
    if at is not None and not at.is_console:
        waiting = waiting.filter(tenant__parent=at)
    if not is_supervisor(user):
        above = Membership.objects.filter(user=user, role=SITE_ADMIN.code).values("tenant")
        mine = Q(tenant__parent__in=above) & ~Q(tenant__kind=Tenant.Kind.CONSOLE)
        if is_platform_operator(user):
            mine |= Q(tenant__kind=Tenant.Kind.CONSOLE)
        waiting = waiting.filter(mine)
    related = waiting.exclude(person=user).exclude(offered_by=user).select_related("person", "tenant", "offered_by")
    return related.order_by("offered_at", "pk")


def offers_to(user: User) -> "QuerySet[RoleOffer]":
    """Open offers made to ``user``, those that wait for their answer first."""
    return (
        RoleOffer.objects.open()
        .filter(person=user)
        .select_related("tenant", "offered_by")
        .order_by("accepted_at", "offered_at", "pk")
    )


def _who_confirms(tenant: Tenant) -> str:
    if tenant.is_console:
        return _("监管控制台的任职须由监管员或另一位平台运维人员确认。")
    if tenant.parent is not None:
        return _("“%(site)s”的任职须由监管员或上级门户“%(parent)s”的站点管理员确认。") % {
            "site": tenant.full_name,
            "parent": tenant.parent.full_name,
        }
    return _("“%(site)s”的任职须由监管员确认。") % {"site": tenant.full_name}
