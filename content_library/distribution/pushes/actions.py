"""Pushing: the act itself. What follows on each site is in ``delivery.py``."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from content_library.distribution.reposting import origin_of, reasons_against_reposting
from content_library.models import Resource
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.review.rules import rule_pack_of
from govplatform.tenancy.models import Tenant

from ..models import Push, PushTarget
from ..permissions import reasons_against_pushing
from .selectors import select_targets

#: Sites of one job: long enough to be worth it, short enough to be shared between workers.
BATCH = 50
LIMIT = "repost_important_policy"
_UNITS = {"hours": 1, "days": 24}


def push_resource(resource: Resource, *, selector: str, acting_user: User) -> Push:
    """Have the sites that ``selector`` names repost ``resource`` within the limit of their rule packs.

    By a content reviewer of the source or a supervisor. The drafts are made by jobs; a repost or a copy is
    traced to its origin. Raises Refused with the reasons.
    """
    from .. import tasks

    with schema_context("public"), transaction.atomic():
        resource = origin_of(resource)
        reasons = [*reasons_against_pushing(acting_user, resource), *reasons_against_reposting(resource)]
        if reasons:
            raise Refused(reasons)
        tenants = select_targets(selector, resource, acting_user)
        now = timezone.now()
        push = Push.objects.create(
            resource=resource, selector=selector[:2000], total=len(tenants), requested_by=acting_user, requested_at=now
        )
        PushTarget.objects.bulk_create(
            PushTarget(push=push, tenant=tenant, due_at=now + limit_of(tenant)) for tenant in tenants
        )
        ids = list(push.targets.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), BATCH):
            tasks.deliver_batch.enqueue(target_ids=ids[start : start + BATCH])
        detail = {"resource": str(resource.uuid), "selector": selector, "sites": len(tenants)}
        _record_at_source("push.push", resource, acting_user, detail | {"push": push.pk})
    return push


def limit_of(tenant: Tenant) -> timedelta:
    """How long a site has for an important policy, by its own rule pack."""
    limit = rule_pack_of(tenant).limits[LIMIT]
    return timedelta(hours=int(limit["value"]) * _UNITS[limit["unit"]])


def _record_at_source(act: str, resource: Resource, acting_user: User | None, detail: dict[str, object]) -> None:
    """In the chain of the site whose resource it is, or the platform's for what came from elsewhere."""
    source = resource.tenant or resource.holder
    if source is None:
        record_act(act, acting_user=acting_user, obj=resource, detail=detail)
        return
    with tenant_context(source):
        record_act(act, acting_user=acting_user, obj=resource, detail=detail)
