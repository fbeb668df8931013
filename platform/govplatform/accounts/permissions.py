"""Who may hold and hand out roles. Every rule answers with its reasons, empty when allowed."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from govplatform.tenancy.current import current_tenant_or_none
from govplatform.tenancy.models import Tenant

from .models import Membership, User
from .roles import OPERATOR, ROLES, SITE_ADMIN, SUPERVISOR, TAKES_TWO_CODES, conflicting_codes

#: What a person's account at hand remembers of their rights, also by Django itself.
_KEPT_OF_A_PERSON = (
    "_roles_by_tenant", "_limited_on", "_writing_places", "_perm_cache", "_user_perm_cache", "_group_perm_cache",
)  # fmt: skip


def roles_on(user: User, tenant: Tenant) -> frozenset[str]:
    """Codes of the roles that ``user`` holds on ``tenant``; none for an inactive account."""
    if not user.is_active:
        return frozenset()
    cache: dict[int, frozenset[str]] = user.__dict__.setdefault("_roles_by_tenant", {})
    if tenant.pk not in cache:
        held = list(Membership.objects.filter(user=user, tenant=tenant).values_list("role", "limited"))
        cache[tenant.pk] = frozenset(role for role, _limited in held)
        user.__dict__.setdefault("_limited_on", {})[tenant.pk] = any(limited for _role, limited in held)
    return cache[tenant.pk]


def roles_are_read(user: Any) -> bool:
    """Tell whether the roles of ``user`` on the current site were asked for: the door of the console and acts do."""
    tenant = current_tenant_or_none()
    return tenant is not None and tenant.pk in user.__dict__.get("_limited_on", {})


def is_limited(user: Any) -> bool:
    """Tell whether ``user`` writes in given places of the current site alone (``review.permissions.may_write_at``)."""
    tenant = current_tenant_or_none()
    if tenant is None or not current_roles(user):
        return False
    return bool(user.__dict__.get("_limited_on", {}).get(tenant.pk, False))


def current_roles(user: Any) -> frozenset[str]:
    """Roles of ``user`` on the site whose schema is current; none outside a site."""
    tenant = current_tenant_or_none()
    if tenant is None or not getattr(user, "is_active", False) or user.pk is None:
        return frozenset()
    return roles_on(user, tenant)


def has_role(user: User, role: str, tenant: Tenant) -> bool:
    return role in roles_on(user, tenant)


def forget_roles(user: User) -> None:
    """What was read of the person's roles no longer holds; their rights are asked for anew."""
    for name in _KEPT_OF_A_PERSON:
        user.__dict__.pop(name, None)


def holds_in_console(user: Any, roles: Collection[str]) -> bool:
    """Tell whether ``user`` holds one of ``roles`` in the console tenant, where a role reaches every site."""
    return bool(
        isinstance(user, User)
        and user.is_active
        and Membership.objects.filter(user=user, role__in=roles, tenant__kind=Tenant.Kind.CONSOLE).exists()
    )


def holds_takes_two(user: User) -> bool:
    """Tell whether ``user`` approves something, or decides who approves, on whichever site (``Role.takes_two``)."""
    return Membership.objects.filter(user=user, role__in=TAKES_TWO_CODES).exists()


def is_platform_operator(user: User) -> bool:
    """Operators hold their role in the console tenant and look after people everywhere."""
    return holds_in_console(user, {OPERATOR.code})


def is_supervisor(user: Any) -> bool:
    """Supervisors, too, hold their role in the console tenant; it reaches every site."""
    return holds_in_console(user, {SUPERVISOR.code})


def reasons_against_managing(acting_user: User | None, tenant: Tenant) -> list[str]:
    """Why ``acting_user`` may not manage the people of ``tenant`` (None: the shell may)."""
    if acting_user is None or has_role(acting_user, SITE_ADMIN.code, tenant) or is_platform_operator(acting_user):
        return []
    return [_("只有本站的站点管理员或平台运维人员可以管理“%(site)s”的人员。") % {"site": tenant.full_name}]


def reasons_against_opening_accounts(acting_user: User | None) -> list[str]:
    """Why ``acting_user`` may not open accounts: those may who manage people somewhere, and the shell."""
    if acting_user is None or is_platform_operator(acting_user):
        return []
    if acting_user.is_active and Membership.objects.filter(user=acting_user, role=SITE_ADMIN.code).exists():
        return []
    return [_("只有站点管理员或平台运维人员可以开设账号。")]


def reasons_against_closing_accounts(acting_user: User | None) -> list[str]:
    """Why ``acting_user`` may not close accounts: one account serves all sites, so no single site decides."""
    if acting_user is None or is_platform_operator(acting_user):
        return []
    return [_("账号为全平台共用，只有平台运维人员可以停用；站点管理员可以收回本站的角色。")]


def reasons_against_grant(user: User, role: str, tenant: Tenant, acting_user: User | None) -> list[str]:
    """Why ``user`` may not be given ``role`` on ``tenant``."""
    if role not in ROLES:
        return [_("没有“%(role)s”这个角色。可用的角色：%(known)s。") % {"role": role, "known": "、".join(ROLES)}]
    reasons = []
    if not user.is_active:
        # The user name alone: whoever invites has named it, and learns nothing more of the person.
        reasons.append(_("账号 %(user)s 已停用。") % {"user": user.username})
    if ROLES[role].console_only and not tenant.is_console:
        reasons.append(_("角色“%(role)s”只能在监管控制台授予。") % {"role": ROLES[role].label})
    held = Membership.objects.filter(user=user, tenant=tenant, role__in=conflicting_codes(role))
    for other in held.values_list("role", flat=True):
        reasons.append(
            _("%(user)s 在“%(site)s”已是“%(held)s”，不能再任“%(role)s”：采编、审核、管理、审计须由不同的人担任。")
            % {
                "user": user,
                "site": tenant.full_name,
                "held": ROLES[other].label,
                "role": ROLES[role].label,
            }
        )
    if acting_user is not None and acting_user.pk == user.pk:
        reasons.append(_("不能给自己授予角色，请由其他管理员办理。"))
    return reasons
