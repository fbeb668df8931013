"""The upkeep of pushes: every minute what was left lying is taken up again, every hour the late are reminded."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from content_library.models import Repost
from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding
from govplatform.tenancy.each_site import SiteRun, each_site
from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.models import Tenant

from ..models import PushNotice, PushTarget, RecallReceipt
from ..queries import open_targets, with_reposts
from ..recalls.actions import TAKE_DOWN
from .actions import BATCH, DELIVER, FOLLOW_UP

#: A batch younger than this is taken to be at work, not lost.
SETTLED = timedelta(minutes=2)
#: The time before a deadline at which reminding begins, and that between reminders: our own numbers, no regulation
#: names any. The deadline itself comes from the site's rule pack.
SOON, AGAIN = timedelta(hours=4), timedelta(hours=12)
_MOST = 5000


def take_up_again(now: datetime) -> int:
    """Enqueue what is still open and return how many.

    That is: targets whose site runs now, drafts not followed up, receipts that are due.
    """
    older = PushTarget.objects.filter(push__requested_at__lt=now - SETTLED, tenant__status=Tenant.Status.LIVE)
    waiting = older.filter(state__in=(PushTarget.State.WAITING, PushTarget.State.POSTPONED))
    count = _enqueue(DELIVER, "target_ids", waiting.values_list("pk", flat=True))
    unready = older.filter(
        state=PushTarget.State.DELIVERED, followed_up=False, delivered_at__lt=now - SETTLED
    ).values_list("pk", flat=True)
    count += _enqueue(FOLLOW_UP, "target_ids", unready)
    receipts = (
        RecallReceipt.objects.filter(next_at__lte=now, recall__restored=False)
        .exclude(state=RecallReceipt.State.CONFIRMED)
        .exclude(state=RecallReceipt.State.WAITING, recall__requested_at__gte=now - SETTLED)
        .exclude(state=RecallReceipt.State.OFFLINE, tenant__status__in=(Tenant.Status.OFFLINE, Tenant.Status.PREPARING))
    )
    return count + _enqueue(TAKE_DOWN, "receipt_ids", receipts.values_list("pk", flat=True))


def _enqueue(job: str, name: str, ids: object) -> int:
    found = list(ids.order_by("pk")[:_MOST])  # type: ignore[attr-defined]
    with transaction.atomic():
        for start in range(0, len(found), BATCH):
            batch: dict[str, Any] = {name: found[start : start + BATCH]}
            # Every minute until it is done: one that waits already is enough.
            first, last = batch[name][0], batch[name][-1]
            enqueue(job, once=f"{job}:{first}-{last}", **batch)
    return len(found)


def remind(now: datetime) -> int:
    """Put a notice for each duty that is late or soon due on the site's start page, and a line in its audit chain.

    Only open duties are looked at; one found to be over is marked and never looked at again. A site that fails does not
    keep the others from being reminded. Returns how many duties were reminded of.
    """
    due = open_targets().filter(state=PushTarget.State.DELIVERED, due_at__lt=now + SOON)
    due = due.exclude(reminded_at__gt=now - AGAIN)
    sites = Tenant.objects.filter(status=Tenant.Status.LIVE, pk__in=due.values("tenant")).order_by("pk")

    def remind_site(run: SiteRun) -> int:
        mine = due.filter(tenant=run.tenant).select_related("push__resource").order_by("due_at", "pk")
        waiting = [target for target, repost in with_reposts(mine) if not _ended(target, repost, now)]
        done = run.each(waiting, partial(_remind_of, now=now), subject=lambda target: f"target:{target.pk}")
        return len(done)

    return sum(count for _tenant, count in each_site(remind_site, job="remind_of_pushes", tenants=sites).done)


def _ended(target: PushTarget, repost: Repost | None, now: datetime) -> bool:
    """Tell whether nothing is left to be done; mark the duty so, if its page went live or down unnoticed."""
    if repost is None:
        # The draft was deleted; when what it showed was taken back as well, the duty is over.
        over, done_at = target.push.resource.is_withdrawn, None
    else:
        over, done_at = repost.state in (Repost.State.LIVE, Repost.State.WITHDRAWN), repost.published_at
    if over and target.page_id is not None:
        end_duties(target.tenant_id, target.page_id, done_at=done_at, ended_at=now)
    return over


def end_duties(tenant_id: int, page_id: int, *, done_at: datetime | None, ended_at: datetime | None = None) -> None:
    """Mark every duty that this page fulfils as ended: done, or come to nothing (``done_at`` None)."""
    targets = PushTarget.objects.filter(tenant_id=tenant_id, page_id=page_id)
    if done_at is not None:
        targets.filter(done_at=None).update(done_at=done_at)
    targets.filter(ended_at=None).update(ended_at=ended_at or done_at)
    PushNotice.objects.filter(target__in=targets).delete()


def _remind_of(target: PushTarget, *, now: datetime) -> None:
    late = target.due_at < now
    with holding():
        # The duty before its notice, as whoever ends a duty takes them.
        PushTarget.objects.filter(pk=target.pk).update(reminded_at=now)
        PushNotice.objects.update_or_create(target=target, defaults={"late": late, "made_at": now})
        record_act(
            "push.remind",
            acting_user=None,
            obj=target.push.resource,
            detail={"push": target.push_id, "page": target.page_id, "late": late},
        )
