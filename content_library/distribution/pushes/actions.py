"""The act of pushing itself; what follows on each site is in ``delivery.py``."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from content_library.distribution.reposting import origin_of, reasons_against_reposting
from content_library.models import Resource
from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.refusals import Refused
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queues import DELIVERIES, require_room

from ..models import Push, PushTarget
from ..permissions import reasons_against_pushing
from .selectors import select_targets

#: Jobs of a push, by name: their module imports this one.
DELIVER = "content_library.distribution.tasks.deliver_batch"
FOLLOW_UP = "content_library.distribution.tasks.follow_up_batch"
#: Sites of one job: enough to be worth a job, few enough to share a push between workers.
BATCH = 50
#: As many characters as the record of a push keeps of its range.
_LONGEST_SELECTOR = 2000


def push_resource(resource: Resource, *, selector: str, acting_user: User) -> Push:
    """Have the sites that ``selector`` names repost ``resource`` within the limit of their rule packs.

    By a content reviewer of the source or a supervisor. The drafts are made by jobs; a repost or a copy is
    traced to its origin. Raises Refused with the reasons.
    """
    resource = origin_of(resource)
    source = resource.tenant or resource.holder
    with schema_context("public"), acting(acting_user, chain_of(source), on=source, frozen_too=False):
        reasons = [*reasons_against_pushing(acting_user, resource), *reasons_against_reposting(resource)]
        if reasons:
            raise Refused(reasons)
        tenants = select_targets(selector, resource, acting_user)
        if len(selector) > _LONGEST_SELECTOR:
            raise Refused(_("逐个选择的站点太多，请改按层级、类别或上级站点选择。"))
        asker = source.schema_name if source is not None else "public"
        require_room(DELIVERIES, asker, -(-len(tenants) // BATCH))
        now = timezone.now()
        push = Push.objects.create(
            resource=resource, selector=selector, total=len(tenants), requested_by=acting_user, requested_at=now
        )
        PushTarget.objects.bulk_create(
            PushTarget(push=push, tenant=tenant, due_at=due_at_of(tenant, now)) for tenant in tenants
        )
        ids = list(push.targets.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), BATCH):
            enqueue(DELIVER, on_behalf_of=asker, target_ids=ids[start : start + BATCH])
        detail = {"resource": str(resource.uuid), "selector": selector, "sites": len(tenants)}
        record_act(
            "push.push",
            acting_user=acting_user,
            obj=resource,
            detail=detail | {"push": push.pk},
            chain=chain_of(source),
        )
    return push


def due_at_of(tenant: Tenant, pushed_at: datetime) -> datetime:
    """Return until when ``tenant`` has to repost what was pushed at ``pushed_at``, by its own rule pack."""
    return rule_pack_of(tenant).limit("repost_important_policy").after(pushed_at)


def chain_of(source: Tenant | None) -> str:
    """Return the name of the audit chain of ``source``; for None (not from a site) the platform's."""
    return PLATFORM_CHAIN if source is None else str(source.schema_name)
