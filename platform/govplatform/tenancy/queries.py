"""Queries over the registry of sites."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from govplatform.refusals import Refused

from .models import Tenant


def get_tenant(code: str) -> Tenant:
    """The site with that code, with its hosts. Raises Refused when there is none."""
    tenant = Tenant.objects.prefetch_related("domains").filter(code=code).first()
    if tenant is None:
        raise Refused(_("没有代码为“%(code)s”的站点。") % {"code": code})
    return tenant


def console_tenant() -> Tenant:
    """The supervising office's own tenant, there from the platform's first moment."""
    return Tenant.objects.get(kind=Tenant.Kind.CONSOLE)


def all_tenants() -> QuerySet[Tenant]:
    """All sites by code, the console tenant among them, with superior site and hosts."""
    return Tenant.objects.select_related("parent").prefetch_related("domains").order_by("code")


def public_sites() -> QuerySet[Tenant]:
    """The sites that citizens read, by code: all but the console tenant."""
    return Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).order_by("code")


def possible_superiors() -> QuerySet[Tenant]:
    """The sites below which another one may stand, by code: neither closed nor removed."""
    return public_sites().filter(dropped_at=None).exclude(status=Tenant.Status.RETIRED)


def told_apart(sites: Iterable[Tenant]) -> list[tuple[str, str]]:
    """Return (code, full name) of each, to choose from; of those that are called alike the code stands behind the name.

    A site that was restored under another code is called as it was.
    """
    found = list(sites)
    names = Counter(site.full_name for site in found)
    return [
        (one.code, one.full_name if names[one.full_name] == 1 else f"{one.full_name}（{one.code}）") for one in found
    ]


def superiors_of(tenant: Tenant) -> list[Tenant]:
    """The sites above ``tenant``, the nearest first."""
    found: list[Tenant] = []
    above = tenant.parent
    while above is not None and above not in found:
        found.append(above)
        above = above.parent
    return found


def describe_tenant(tenant: Tenant) -> dict[str, Any]:
    """The site as the verb ``list_sites`` prints it, JSON-able."""
    return {
        "code": tenant.code,
        "name": tenant.full_name,
        "kind": tenant.kind,
        "level": tenant.level,
        "parent": tenant.parent.code if tenant.parent else None,
        "status": tenant.status,
        "host": tenant.public_host,
        "console_host": tenant.console_host,
    }
