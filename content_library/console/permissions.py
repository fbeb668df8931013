"""Who sees what of the library in which console: nobody reads what another site has not made public.

* The supervisor's console sees every resource and every place that uses it.
* A site sees what is open to all and everything of its own; of others' reposts those that are public.
* Earlier versions are for the source and the supervisor; a site that reposts one sees that one too.
* The text of what was withdrawn is shown to nobody; title and state to its source and the supervisor.
"""

from collections.abc import Iterable
from typing import Any

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import SITE_ADMIN
from govplatform.review.permissions import ADD, may_on_content
from govplatform.tenancy.models import Tenant

from ..models import Repost, Resource, ResourceVersion
from ..resources.showing import is_shown


def is_source(resource: Resource, tenant: Tenant) -> bool:
    """Tell whether the resource is the site's own: published by it, or imported by it."""
    return tenant.pk in (resource.tenant_id, resource.holder_id)


def sees_whole_history(resource: Resource, tenant: Tenant) -> bool:
    return tenant.is_console or is_source(resource, tenant)


def visible_uses(uses: Iterable[Repost], tenant: Tenant) -> list[Repost]:
    """Return those of ``uses`` that ``tenant`` may see: its own and, of other sites, the live ones.

    The supervisor's console sees all of them.
    """
    if tenant.is_console:
        return list(uses)
    return [use for use in uses if use.tenant_id == tenant.pk or use.state == Repost.State.LIVE]


def readable_numbers(resource: Resource, tenant: Tenant) -> set[int]:
    """Numbers of the versions whose text those in ``tenant``'s console may read."""
    if not is_shown(resource):
        return set()
    if sees_whole_history(resource, tenant):
        return set(resource.versions.values_list("number", flat=True))
    shown = Repost.objects.filter(resource=resource, tenant=tenant).exclude(state=Repost.State.WITHDRAWN)
    return {resource.current.number, *shown.values_list("version", flat=True)}


def readable_versions(resource: Resource, tenant: Tenant) -> list[ResourceVersion]:
    """Return the versions of ``readable_numbers``, newest first, without loading their texts."""
    numbers = readable_numbers(resource, tenant)
    found = resource.versions.filter(number__in=numbers).defer("html", "text", "link_marks", "metadata")
    return list(found.order_by("-number"))


def may_repost_here(user: Any, tenant: Tenant) -> bool:
    """Tell whether the user may repost into ``tenant``: an editor in a site's own console."""
    return not tenant.is_console and may_on_content(user, ADD)


def may_set_pattern(user: Any, tenant: Tenant) -> bool:
    """Tell whether the user may set the index number pattern: the site's administrator."""
    return not tenant.is_console and SITE_ADMIN.code in current_roles(user)
