"""Which resources the outside may read: published by a site that is open, proactive, and may be shown now.

What came from another platform is not ours to give out, and what is gone has a uuid and nothing else.
"""

from collections.abc import Iterable

from django.db.models import Q

from govplatform.tenancy.models import Tenant

from ..metadata import Disclosure
from ..models import Resource, ResourceVersion
from ..resources.showing import is_shown, may_be_shown, shown_sql

_HIDDEN = (Resource.Status.WITHDRAWN, Resource.Status.IMPORTED)
#: Statuses that a resource has which the outside may read.
PUBLIC_STATUSES = tuple(str(value) for value in Resource.Status.values if value not in _HIDDEN)

#: The same as SQL over ``content_library_resource r``.
EXPOSED_SQL = (
    "r.disclosure = 'proactive' AND r.status NOT IN ('withdrawn', 'imported') AND r.tenant_id IS NOT NULL"
    " AND r.tenant_id NOT IN (SELECT id FROM public.tenancy_tenant WHERE status = 'preparing')"
    f" AND {shown_sql('r')}"
)


def exposed() -> Q:
    """Condition on Resource."""
    return (
        Q(disclosure=Disclosure.PROACTIVE, tenant__isnull=False)
        & ~Q(status__in=_HIDDEN)
        & ~Q(tenant__status=Tenant.Status.PREPARING)
        & may_be_shown()
    )


def is_exposed(resource: Resource) -> bool:
    """The same for one resource; its site should be loaded."""
    return (
        resource.disclosure == Disclosure.PROACTIVE
        and resource.status not in _HIDDEN
        and resource.tenant is not None
        and resource.tenant.status != Tenant.Status.PREPARING
        and is_shown(resource)
    )


def exposed_ids(ids: Iterable[int]) -> set[int]:
    """The same for many, in one statement: those of ``ids`` that the outside may read."""
    return set(Resource.objects.filter(exposed(), pk__in=set(ids)).values_list("pk", flat=True))


def once_exposed(resources: Iterable[Resource]) -> set[int]:
    """Ids of those that some version showed to everybody: that they are gone may be said."""
    ours = [r.pk for r in resources if r.tenant is not None and r.tenant.status != Tenant.Status.PREPARING]
    shown = ResourceVersion.objects.filter(resource_id__in=ours).filter(
        Q(metadata__disclosure=str(Disclosure.PROACTIVE)) | ~Q(metadata__has_key="disclosure")
    )
    return set(shown.order_by().values_list("resource_id", flat=True))
