"""Tells which resources the outside may read: proactively disclosed by a site that is open, and not hidden now.

What came from another platform is not passed on. Of what is gone only the uuid, the state and the time are told.
"""

from collections.abc import Iterable

from django.db.models import Q

from govplatform.tenancy.models import Tenant

from ..metadata import Disclosure
from ..models import Resource, ResourceVersion
from ..resources.showing import is_shown, may_be_shown, shown_sql

_HIDDEN = (Resource.Status.WITHDRAWN, Resource.Status.IMPORTED)
#: Statuses of the resources that the API may show.
PUBLIC_STATUSES = tuple(str(value) for value in Resource.Status.values if value not in _HIDDEN)

#: The condition of ``exposed`` as SQL over ``content_library_resource r``.
EXPOSED_SQL = (
    "r.disclosure = 'proactive' AND r.status NOT IN ('withdrawn', 'imported') AND r.tenant_id IS NOT NULL"
    " AND r.tenant_id NOT IN (SELECT id FROM public.tenancy_tenant WHERE status = 'preparing')"
    f" AND {shown_sql('r')}"
)


def exposed() -> Q:
    """Return the condition on Resource for what the API may show."""
    return (
        Q(disclosure=Disclosure.PROACTIVE, tenant__isnull=False)
        & ~Q(status__in=_HIDDEN)
        & ~Q(tenant__status=Tenant.Status.PREPARING)
        & may_be_shown()
    )


def is_exposed(resource: Resource) -> bool:
    """Tell whether the API may show this resource; its ``tenant`` should be loaded."""
    return (
        resource.disclosure == Disclosure.PROACTIVE
        and resource.status not in _HIDDEN
        and resource.tenant is not None
        and resource.tenant.status != Tenant.Status.PREPARING
        and is_shown(resource)
    )


def exposed_ids(ids: Iterable[int]) -> set[int]:
    """Return those of ``ids`` (of resources) that the outside may read; one statement."""
    return set(Resource.objects.filter(exposed(), pk__in=set(ids)).values_list("pk", flat=True))


def once_exposed(resources: Iterable[Resource]) -> set[int]:
    """Return the ids of those of our ``resources`` of which some version was open to everybody.

    That such a resource is gone may be told.
    """
    ours = [r.pk for r in resources if r.tenant is not None and r.tenant.status != Tenant.Status.PREPARING]
    shown = ResourceVersion.objects.filter(resource_id__in=ours).filter(
        Q(metadata__disclosure=str(Disclosure.PROACTIVE)) | ~Q(metadata__has_key="disclosure")
    )
    return set(shown.order_by().values_list("resource_id", flat=True))
