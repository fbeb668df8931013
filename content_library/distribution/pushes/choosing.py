"""What the form of a push or recall offers: the resources that are somebody's own, and the sites that are in reach."""

from dataclasses import dataclass
from uuid import UUID

from content_library.models import Resource
from content_library.resources.queries import ListFilter, list_resources
from govplatform.accounts.models import User
from govplatform.accounts.permissions import is_supervisor
from govplatform.tenancy.models import Tenant

from ..permissions import may_push
from .selectors import RANKS, ancestors_of

#: So many resources are offered at once; who looks for another one writes more of its title.
OFFERED = 20


@dataclass(frozen=True)
class SiteChoice:
    """One site in the tree of those that may be pushed to; ``depth`` 0 at the top, ``below``: how many lie under it."""

    tenant: Tenant
    depth: int
    below: int


def own_resources(tenant: Tenant, user: User, query: str) -> list[Resource]:
    """Return up to OFFERED resources, newest first, that ``user`` may push or recall on ``tenant``'s console.

    ``query``: part of a title, of a document or index number, or a UUID; '' for the newest ones.
    """
    if found := _by_uuid(query):
        return [resource for resource in found if may_push(user, resource)]
    wanted = ListFilter(
        site=None if tenant.is_console else tenant, query=query, viewer=None if tenant.is_console else tenant,
        withdrawn=False,
    )  # fmt: skip
    return [resource for resource in list_resources(wanted, size=OFFERED).resources if may_push(user, resource)]


def sites_to_choose(tenant: Tenant, user: User) -> list[SiteChoice]:
    """Return the sites that ``user`` may push to from ``tenant``, each above those below it.

    A supervisor reaches every site, a site those that are subordinate to it or of a lower level.
    """
    sites = list(Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).filter(dropped_at=None).order_by("code"))
    if not (tenant.is_console and is_supervisor(user)):
        sites = _below(tenant, sites)
    known = {site.pk for site in sites}
    children: dict[int | None, list[Tenant]] = {}
    for site in sites:
        children.setdefault(site.parent_id if site.parent_id in known else None, []).append(site)
    found: list[SiteChoice] = []

    def walk(parent: int | None, depth: int) -> int:
        count = 0
        for site in children.get(parent, []):
            place = len(found)
            found.append(SiteChoice(site, depth, 0))
            below = walk(site.pk, depth + 1)
            found[place] = SiteChoice(site, depth, below)
            count += below + 1
        return count

    walk(None, 0)
    return found


def _by_uuid(query: str) -> list[Resource]:
    try:
        key = UUID(query)
    except ValueError:
        return []
    return list(Resource.objects.filter(uuid=key).select_related("tenant", "holder", "current"))


def _below(tenant: Tenant, sites: list[Tenant]) -> list[Tenant]:
    """As ``select_targets`` lets a site push: what has it above itself, and what is of a lower level."""
    by_key = {site.pk: site for site in sites}
    rank = RANKS.get(tenant.level, 0)
    return [
        site
        for site in sites
        if site.pk != tenant.pk and (RANKS.get(site.level, 0) < rank or tenant.pk in ancestors_of(site, by_key))
    ]
