"""Every minute: what was left lying is taken up again. Every hour: who has not done their duty is reminded."""

from datetime import datetime, timedelta

from django.db import transaction
from django_tenants.utils import tenant_context

from content_library.models import Repost
from govplatform.audit.actions import record_act
from govplatform.tenancy.models import Tenant

from .. import tasks
from ..models import PushNotice, PushTarget, RecallReceipt
from ..queries import with_reposts
from .actions import BATCH

#: A batch that is younger is at work, not lost.
SETTLED = timedelta(minutes=2)
#: Reminded from so long before the deadline on, and again after so long.
SOON, AGAIN = timedelta(hours=4), timedelta(hours=12)
_MOST = 5000


def take_up_again(now: datetime) -> int:
    """Enqueue what is still open: targets whose site runs now, drafts not followed up, receipts that are due."""
    older = PushTarget.objects.filter(push__requested_at__lt=now - SETTLED, tenant__status=Tenant.Status.LIVE)
    waiting = older.filter(state__in=(PushTarget.State.WAITING, PushTarget.State.POSTPONED))
    count = _enqueue(tasks.deliver_batch, "target_ids", waiting.values_list("pk", flat=True))
    unready = older.filter(
        state=PushTarget.State.DELIVERED, followed_up=False, delivered_at__lt=now - SETTLED
    ).values_list("pk", flat=True)
    count += _enqueue(tasks.follow_up_batch, "target_ids", unready)
    receipts = (
        RecallReceipt.objects.filter(next_at__lte=now, recall__restored=False)
        .exclude(state=RecallReceipt.State.CONFIRMED)
        .exclude(state=RecallReceipt.State.WAITING, recall__requested_at__gte=now - SETTLED)
        .exclude(state=RecallReceipt.State.OFFLINE, tenant__status__in=(Tenant.Status.OFFLINE, Tenant.Status.PREPARING))
    )
    return count + _enqueue(tasks.take_down_batch, "receipt_ids", receipts.values_list("pk", flat=True))


def _enqueue(job: object, name: str, ids: object) -> int:
    found = list(ids.order_by("pk")[:_MOST])  # type: ignore[attr-defined]
    with transaction.atomic():
        for start in range(0, len(found), BATCH):
            job.enqueue(**{name: found[start : start + BATCH]})  # type: ignore[attr-defined]
    return len(found)


def remind(now: datetime) -> int:
    """A notice on the start page of the site's reviewers and administrators, and a line in its audit chain."""
    open_targets = (
        PushTarget.objects.filter(state=PushTarget.State.DELIVERED, due_at__lt=now + SOON)
        .filter(tenant__status=Tenant.Status.LIVE)
        .exclude(reminded_at__gt=now - AGAIN)
        .select_related("push__resource", "tenant")
    )
    reminded = 0
    for target, repost in with_reposts(open_targets):
        if repost is not None and repost.state in (Repost.State.LIVE, Repost.State.WITHDRAWN):
            continue
        late = target.due_at < now
        with tenant_context(target.tenant), transaction.atomic():
            PushNotice.objects.update_or_create(target=target, defaults={"late": late, "made_at": now})
            PushTarget.objects.filter(pk=target.pk).update(reminded_at=now)
            record_act(
                "push.remind",
                acting_user=None,
                obj=target.push.resource,
                detail={"push": target.push_id, "page": target.page_id, "late": late},
            )
        reminded += 1
    return reminded
