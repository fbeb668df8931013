"""The work of a bulk change of classes (ordered in ``reclassification.py``), and of undoing it."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from govplatform.events.sheet import follow
from govplatform.locks.holding import locking

from ..models import Change, Resource
from ..vocabularies.models import Reclassification, ReclassifiedResource
from .entering import save_changed
from .events import ResourcesReclassified
from .reclassification import RESOURCE_COLUMNS, resources_of

#: Number of resources changed in one transaction.
_AT_ONCE = 200


def run_reclassification(order: Reclassification) -> None:
    """Carry the change out, some hundred resources to a transaction; may be run again after a kill."""
    states = Reclassification.State
    if order.state not in (states.WAITING, states.RUNNING):
        return
    _advance(order, state=states.RUNNING)
    column = RESOURCE_COLUMNS[order.source.vocabulary]
    while True:
        with transaction.atomic():
            found = resources_of(order.source, order.tenant).filter(published_at__lte=order.requested_at)
            # Another name of the source may be the code of the target: what has it is where it should be.
            found = found.exclude(**{column: order.target.code})
            batch = list(locking(found.select_related("current"))[:_AT_ONCE])
            if not batch:
                break
            ReclassifiedResource.objects.bulk_create(
                [
                    ReclassifiedResource(reclassification=order, resource_id=r.pk, before=getattr(r, column)[:120])
                    for r in batch
                ],
                ignore_conflicts=True,
            )
            for resource in batch:
                _reclass(resource, column, order.target.code, order)
            follow(ResourcesReclassified(order=order, resource_ids=tuple(resource.pk for resource in batch)))
            Reclassification.objects.filter(pk=order.pk).update(done=F("done") + len(batch))
    order.refresh_from_db()
    _advance(order, state=states.DONE, total=order.done, finished_at=timezone.now())


def undo_reclassification(order: Reclassification) -> None:
    """Give the resources their former class back; may be run again after a kill."""
    if order.state != Reclassification.State.UNDOING:
        return
    column = RESOURCE_COLUMNS[order.source.vocabulary]
    while True:
        with transaction.atomic():
            items = list(order.items.order_by("pk")[:_AT_ONCE])
            if not items:
                break
            before = {item.resource_id: item.before for item in items}
            held = Resource.objects.filter(pk__in=before, **{column: order.target.code})
            for resource in locking(held.select_related("current")):
                _reclass(resource, column, before[resource.pk], order)
            follow(ResourcesReclassified(order=order, resource_ids=tuple(before)))
            ReclassifiedResource.objects.filter(pk__in=[item.pk for item in items]).delete()
            Reclassification.objects.filter(pk=order.pk).update(done=F("done") + len(items))
    order.refresh_from_db()
    _advance(order, state=Reclassification.State.UNDONE, finished_at=timezone.now())


def _reclass(resource: Resource, column: str, code: str, order: Reclassification) -> None:
    setattr(resource, column, code)
    resource.updated_at = timezone.now()
    save_changed(resource, Change.Act.RECLASSIFIED, reason=order.reason)


def _advance(order: Reclassification, **values: Any) -> None:
    for name, value in values.items():
        setattr(order, name, value)
    order.save(update_fields=list(values))
