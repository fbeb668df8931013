"""Reading accounts and memberships."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .models import Membership, User
from .roles import ROLES


def get_user(username: str) -> User:
    """The account of that name. Raises Refused when there is none."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Refused(_("没有用户名为“%(name)s”的账号。") % {"name": username})
    return user


def people_of(tenant: Tenant) -> QuerySet[User]:
    """Accounts that hold a role on ``tenant``: all that its administrator may see (T12)."""
    return User.objects.filter(memberships__tenant=tenant).distinct().order_by("full_name")


def holders_of(tenant: Tenant, role: str) -> QuerySet[User]:
    """Active accounts that hold ``role`` on ``tenant``, by name."""
    holders = User.objects.filter(is_active=True, memberships__tenant=tenant, memberships__role=role)
    return holders.distinct().order_by("full_name")


def colleagues_in(user: User, roles: frozenset[str]) -> QuerySet[User]:
    """Active accounts that hold one of ``roles`` where ``user`` holds one as well, by name."""
    places = Membership.objects.filter(user=user, role__in=roles).values("tenant")
    found = User.objects.filter(is_active=True, memberships__tenant__in=places, memberships__role__in=roles)
    return found.exclude(pk=user.pk).distinct().order_by("full_name")


def tenants_where(user: User, roles: frozenset[str] | set[str]) -> QuerySet[Tenant]:
    """Sites on which ``user`` holds one of ``roles``, without those whose content is gone."""
    if not user.is_active:
        return Tenant.objects.none()
    return (
        Tenant.objects.with_schema()
        .filter(pk__in=Membership.objects.filter(user=user, role__in=roles).values("tenant"))
        .prefetch_related("domains")
    )


def places_where(user: User, roles: frozenset[str]) -> list[tuple[Tenant, str]]:
    """(site, role) for each of ``roles`` that ``user`` holds, with the sites' hosts; two statements."""
    if not user.is_active:
        return []
    held = Membership.objects.filter(user=user, role__in=roles, tenant__dropped_at=None).select_related("tenant")
    return [(place.tenant, place.role) for place in held.prefetch_related("tenant__domains")]


def role_labels(user: User, tenant: Tenant) -> list[str]:
    """Roles of ``user`` on ``tenant`` as their codes, sorted."""
    return sorted(Membership.objects.filter(user=user, tenant=tenant).values_list("role", flat=True))


def places_of(user: User) -> list[dict[str, Any]]:
    """``{"tenant", "roles"}`` for every site where ``user`` holds a role, roles as their labels."""
    found: dict[int, dict[str, Any]] = {}
    memberships = (
        Membership.objects.filter(user=user)
        .select_related("tenant")
        .prefetch_related("tenant__domains")
        .order_by("tenant__code", "role")
    )
    for membership in memberships:
        place = found.setdefault(membership.tenant_id, {"tenant": membership.tenant, "roles": []})
        place["roles"].append(str(ROLES[membership.role].label))
    return list(found.values())
