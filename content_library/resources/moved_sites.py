"""Resources of a site that has another host: their addresses lead to the present one."""

from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat, Length, Substr

from govplatform.events.sheet import follow
from govplatform.locks.holding import holding, locking
from govplatform.tenancy.models import Tenant

from ..models import Resource
from .events import SourceMoved


def addresses_to_move(tenant: Tenant, before: str, after: str) -> dict[str, Any] | None:
    """Return the arguments of ``move_addresses``; None when the address stays as it was."""
    return {"tenant_id": tenant.pk, "before": before, "after": after} if before != after else None


def move_addresses(tenant_id: int, before: str, after: str) -> int:
    """Have the addresses of the site's resources begin with ``after``; return how many did with ``before``.

    May be called again. Index numbers, versions and UUIDs stay.
    """
    with holding(Tenant.objects.values_list("schema_name", flat=True).get(pk=tenant_id)):
        found = Resource.objects.filter(tenant_id=tenant_id, url__startswith=f"{before}/")
        keys = list(locking(found).values_list("pk", flat=True))
        rest = Substr(F("url"), Length(Value(before)) + 1)
        moved = Resource.objects.filter(pk__in=keys).update(url=Concat(Value(after), rest))
        follow(SourceMoved(tenant=Tenant.objects.get(pk=tenant_id)))
        return moved
