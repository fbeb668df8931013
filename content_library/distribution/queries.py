"""Reading pushes and recalls: who has done it, who is late, who sent it back, who still serves it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content_library.distribution.reposting import origin_of
from content_library.models import Repost, Resource
from govplatform.tenancy.models import Tenant

from .models import Push, PushTarget, Recall, RecallReceipt

LIVE = str(Repost.State.LIVE)
#: Words of a repost's state, and of the states before there is one.
LABELS = {
    "waiting": _("等待生成"),
    "postponed": _("站点未运行"),
    "refused": _("不能生成"),
    "draft": _("草稿"),
    "in_review": _("审核中"),
    "live": _("已发布"),
    "rejected": _("已退回"),
    "withdrawn": _("已撤下"),
}


@dataclass(frozen=True)
class Duty:
    """One site's part of a push, as far as it has come. ``done_at``: when it went live."""

    target: PushTarget
    state: str
    due_at: datetime
    done_at: datetime | None

    @property
    def done(self) -> bool:
        return self.done_at is not None

    @property
    def late(self) -> bool:
        """Not done in time: later than its deadline, or not yet although the deadline is over."""
        if self.state == "withdrawn" and not self.done:
            return False
        return (self.done_at or timezone.now()) > self.due_at

    @property
    def state_label(self) -> str:
        return str(LABELS.get(self.state, self.state))


def with_reposts(targets: QuerySet[PushTarget]) -> Iterator[tuple[PushTarget, Repost | None]]:
    """Each target with the library's record of its page, in two statements."""
    found = list(targets)
    tenants, pages = {t.tenant_id for t in found}, {t.page_id for t in found if t.page_id is not None}
    reposts = {
        (repost.tenant_id, repost.page_id): repost
        for repost in Repost.objects.filter(tenant_id__in=tenants, page_id__in=pages)
    }
    for target in found:
        yield target, reposts.get((target.tenant_id, target.page_id or 0))


def duties(targets: QuerySet[PushTarget]) -> list[Duty]:
    """The targets as duties. A draft that its site deleted counts as waiting for the site's own."""
    result = []
    for target, repost in with_reposts(targets):
        state = str(target.state)
        if target.state == PushTarget.State.DELIVERED:
            state = str(repost.state) if repost is not None else "withdrawn"
        done_at = repost.published_at if repost is not None else None
        result.append(Duty(target, state, target.due_at, done_at))
    return result


def pushes_of(resource: Resource) -> QuerySet[Push]:
    return Push.objects.filter(resource=origin_of(resource))


def push_status(resource: Resource) -> dict[str, Any]:
    """What the verb ``push_status`` prints: every duty of every push of the resource, the newest push first."""
    targets = (
        PushTarget.objects.filter(push__in=pushes_of(resource))
        .select_related("tenant", "push")
        .order_by("-push_id", "tenant__code")
    )
    rows = []
    for duty in duties(targets):
        row: dict[str, Any] = {
            "site": duty.target.tenant.code,
            "state": duty.state,
            "page": duty.target.page_id,
            "due": timezone.localtime(duty.due_at).isoformat(timespec="seconds"),
            "late": duty.late,
            "push": duty.target.push_id,
        }
        if duty.target.reason:
            row["reason"] = duty.target.reason
        if duty.target.rejection:
            row["rejection"] = duty.target.rejection
        rows.append(row)
    return {"targets": rows}


def push_progress(push: Push) -> dict[str, Any]:
    """How far the drafts have come: ``{"total", "done", "postponed", "refused", "running"}``."""
    counts = dict(push.targets.values_list("state").annotate(n=Count("pk")).order_by())
    waiting = counts.get(PushTarget.State.WAITING, 0)
    return {
        "total": push.total,
        "done": push.total - waiting,
        "postponed": counts.get(PushTarget.State.POSTPONED, 0),
        "refused": counts.get(PushTarget.State.REFUSED, 0),
        "running": waiting > 0,
    }


def deadlines_of(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], datetime]:
    """(tenant id, page id) -> the earliest deadline of the pushes that the page answers."""
    wanted = set(pairs)
    found: dict[tuple[int, int], datetime] = {}
    rows = PushTarget.objects.filter(
        tenant_id__in={tenant for tenant, _page in wanted}, page_id__in={page for _tenant, page in wanted}
    )
    for tenant, page, due in rows.values_list("tenant_id", "page_id", "due_at"):
        key = (tenant, int(page or 0))
        if key in wanted and (key not in found or due < found[key]):
            found[key] = due
    return found


def open_duties(tenant: Tenant) -> list[Duty]:
    """What ``tenant`` still has to do, the first due first."""
    targets = PushTarget.objects.filter(tenant=tenant).exclude(state=PushTarget.State.REFUSED)
    found = duties(targets.select_related("push__resource__tenant", "tenant", "notice").order_by("due_at"))
    return [duty for duty in found if not duty.done and duty.state != "withdrawn"]


def recall_status(resource: Resource) -> dict[str, Any]:
    """What the verb ``recall_status`` prints: the last recall. Without one: complete is False, no receipts."""
    recall = Recall.objects.filter(resource=origin_of(resource)).order_by("-pk").first()
    if recall is None:
        return {"complete": False, "receipts": []}
    return describe_recall(recall)


def describe_recall(recall: Recall) -> dict[str, Any]:
    receipts = recall.receipts.select_related("tenant").order_by("-is_source", "tenant__code", "page_id")
    rows = []
    for receipt in receipts:
        at = receipt.confirmed_at or receipt.taken_down_at
        row: dict[str, Any] = {
            "site": receipt.tenant.code,
            "state": receipt.state,
            "addresses": receipt.addresses,
            "at": timezone.localtime(at).isoformat(timespec="seconds") if at else None,
        }
        if receipt.problem:
            row["problem"] = receipt.problem
        rows.append(row)
    complete = all(row["state"] == RecallReceipt.State.CONFIRMED for row in rows) and not recall.restored
    return {"recall": recall.pk, "complete": complete, "receipts": rows}


def recall_counts(recall: Recall) -> dict[str, int]:
    """``{"total", "confirmed", "failed", "offline"}``."""
    states = RecallReceipt.State
    return recall.receipts.aggregate(
        total=Count("pk"),
        confirmed=Count("pk", filter=Q(state=states.CONFIRMED)),
        failed=Count("pk", filter=Q(state=states.FAILED)),
        offline=Count("pk", filter=Q(state=states.OFFLINE)),
    )
