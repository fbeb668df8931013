"""Queries about pushes and recalls: who has done it, who is late, who sent it back, who still serves it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content_library.distribution.reposting import origin_of
from content_library.models import Repost, Resource
from govplatform.tenancy.models import Tenant

from .models import Push, PushTarget, Recall, RecallReceipt
from .still_served import still_serving

LIVE = str(Repost.State.LIVE)
#: Words of a repost's states, and of a target's states before there is a repost.
LABELS = {
    "waiting": _("等待生成"),
    "postponed": _("站点未运行"),
    "refused": _("不能生成"),
    "draft": _("草稿"),
    "in_review": _("审核中"),
    "live": _("已发布"),
    "rejected": _("已退回"),
    "withdrawn": _("已撤回"),
    "deleted": _("草稿已删除，待本站另行转载"),
}


#: Digits as people write a telephone number, seven at least.
_TELEPHONE = re.compile(r"\+?\d(?:[-\u2010-\u2015 ]?\d){6,}")


@dataclass(frozen=True)
class Duty:
    """One site's part of a push, as far as it has come. ``done_at``: when its page went live, None before."""

    target: PushTarget
    state: str
    due_at: datetime
    done_at: datetime | None

    @property
    def done(self) -> bool:
        return self.done_at is not None

    @property
    def late(self) -> bool:
        """Whether it was done after its deadline, or is not done although the deadline is over."""
        if self.state == "withdrawn" and not self.done:
            return False
        return (self.done_at or timezone.now()) > self.due_at

    @property
    def telephone(self) -> str:
        """The first telephone number in what the site says of reaching it; '' where there is none."""
        found = _TELEPHONE.search(self.target.tenant.contact)
        return found[0] if found else ""

    @property
    def state_label(self) -> str:
        return str(LABELS.get(self.state, self.state))


def with_reposts(targets: Iterable[PushTarget]) -> Iterator[tuple[PushTarget, Repost | None]]:
    """Yield each target with the library's record of its page (None: there is none), in two statements."""
    found = list(targets)
    pairs = [(target.tenant_id, target.page_id) for target in found if target.page_id is not None]
    reposts = {}
    if pairs:
        # Joined by pairs: two separate conditions would look for every page on every site.
        rows = Repost.objects.raw(f"SELECT r.* FROM content_library_repost r JOIN {_PAIRS}", _unzip(pairs))
        reposts = {(repost.tenant_id, repost.page_id): repost for repost in rows}
    for target in found:
        yield target, reposts.get((target.tenant_id, target.page_id or 0))


_PAIRS = "unnest(%s::bigint[], %s::bigint[]) AS w(tenant_id, page_id) USING (tenant_id, page_id)"


def _unzip(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    tenants, pages = zip(*sorted(pairs), strict=True)
    return [list(tenants), list(pages)]


def duties(targets: Iterable[PushTarget]) -> list[Duty]:
    """Turn targets into duties.

    One whose draft its site deleted stays open, until the site reposts the resource itself; where the source has
    withdrawn the resource meanwhile, nothing is left to be done.
    """
    result = []
    for target, repost in with_reposts(targets):
        state = str(target.state)
        if target.state == PushTarget.State.DELIVERED:
            state = str(repost.state) if repost is not None else _state_without_draft(target)
        done_at = repost.published_at if repost is not None else None
        result.append(Duty(target, state, target.due_at, done_at))
    return result


def _state_without_draft(target: PushTarget) -> str:
    return "withdrawn" if target.push.resource.is_withdrawn else "deleted"


def pushes_of(resource: Resource) -> QuerySet[Push]:
    return Push.objects.filter(resource=origin_of(resource))


def push_status(resource: Resource) -> dict[str, Any]:
    """Return what the verb ``push_status`` prints: every duty of every push of the resource, newest push first."""
    targets = (
        PushTarget.objects.filter(push__in=pushes_of(resource))
        .select_related("tenant", "push__resource")
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
    """Count how far the drafts of a push are: ``{"total", "done", "postponed", "refused", "running"}``.

    ``done``: all that do not wait any more, the postponed and the refused included; ``running``: whether any waits.
    """
    counts = dict(push.targets.values_list("state").annotate(n=Count("pk")).order_by())
    waiting = counts.get(PushTarget.State.WAITING, 0)
    return {
        "total": push.total,
        "done": push.total - waiting,
        "postponed": counts.get(PushTarget.State.POSTPONED, 0),
        "refused": counts.get(PushTarget.State.REFUSED, 0),
        "running": waiting > 0,
    }


def push_counts(pushes: Iterable[Push]) -> dict[int, dict[str, int]]:
    """Return ``{push id: {"done", "undone", "late", "rejected"}}``, numbers of sites, in one statement.

    Only the targets not done yet are read; ``done`` is the rest of the total.
    """
    found = {push.pk: {"done": push.total, "undone": 0, "late": 0, "rejected": 0} for push in pushes}
    if not found:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"pushes": list(found), "now": timezone.now()})
        for push_id, undone, late, rejected in cursor.fetchall():
            counts = found[push_id]
            counts |= {"done": counts["done"] - undone, "undone": undone, "late": late, "rejected": rejected}
    return found


#: The same rule as in ``Duty.late``: a duty whose resource was withdrawn is never late.
_COUNTS = """
SELECT t.push_id, count(*),
       count(*) FILTER (WHERE t.due_at < %(now)s
                        AND (t.state <> 'delivered' OR coalesce(r.state, s.status) <> 'withdrawn')),
       count(*) FILTER (WHERE t.state = 'delivered' AND r.state = 'rejected')
FROM pushes_pushtarget t
JOIN pushes_push p ON p.id = t.push_id
JOIN content_library_resource s ON s.id = p.resource_id
LEFT JOIN content_library_repost r ON r.tenant_id = t.tenant_id AND r.page_id = t.page_id
WHERE t.push_id = ANY(%(pushes)s) AND t.done_at IS NULL GROUP BY t.push_id
"""


def targets_shown(push: Push, which: str) -> QuerySet[PushTarget]:
    """Return the targets of a push, the first due first: ``late``, ``rejected``, ``open``, ``done``, else all."""
    found = push.targets.select_related("tenant", "push__resource", "notice").order_by("due_at", "tenant__code")
    targets = _with_repost_state(found)
    wanted = {
        "late": Q(done_at=None, due_at__lt=timezone.now()) & _STANDING,
        "rejected": Q(state=PushTarget.State.DELIVERED, done_at=None, repost_state=Repost.State.REJECTED),
        "open": Q(done_at=None),
        "done": Q(done_at__isnull=False),
    }
    return targets.filter(wanted[which]) if which in wanted else targets


#: Condition on a target with ``repost_state``: neither its page nor, where that is gone, its resource was withdrawn.
_STANDING = (
    ~Q(state=PushTarget.State.DELIVERED)
    | (Q(repost_state__isnull=False) & ~Q(repost_state=Repost.State.WITHDRAWN))
    | (Q(repost_state__isnull=True) & ~Q(push__resource__status=Resource.Status.WITHDRAWN))
)


def _with_repost_state(targets: QuerySet[PushTarget]) -> QuerySet[PushTarget]:
    records = Repost.objects.filter(tenant=OuterRef("tenant"), page_id=OuterRef("page_id"))
    return targets.annotate(repost_state=Subquery(records.values("state")[:1]))


def deadlines_of(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], datetime]:
    """Return for each (tenant id, page id) the earliest deadline of the open duties that the page fulfils.

    Pages without one are missing.
    """
    wanted = set(pairs)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT tenant_id, page_id, min(due_at) FROM pushes_pushtarget JOIN {_PAIRS}"
            " WHERE ended_at IS NULL GROUP BY tenant_id, page_id",
            _unzip(wanted),
        )
        return {(tenant, page): due for tenant, page, due in cursor.fetchall()}


def open_targets() -> QuerySet[PushTarget]:
    """Return the targets of all sites on which something is left to be done."""
    return PushTarget.objects.filter(ended_at=None)


def open_duties(tenant: Tenant) -> QuerySet[PushTarget]:
    """Return the targets that ``tenant`` still has to do, the first due first; see ``duties`` for showing them."""
    targets = _with_repost_state(open_targets().filter(tenant=tenant, done_at=None))
    found = targets.filter(_STANDING).select_related("push__resource__tenant", "tenant", "notice")
    return found.order_by("due_at", "pk")


def duty_counts(targets: QuerySet[PushTarget]) -> dict[str, int]:
    """Count open duties: ``{"total", "late"}``."""
    late = Count("pk", filter=Q(due_at__lt=timezone.now()))
    return targets.order_by().aggregate(total=Count("pk"), late=late)


def recall_status(resource: Resource) -> dict[str, Any]:
    """Return what the verb ``recall_status`` prints about the last recall of the resource.

    Without a recall: complete is False, no receipts.
    """
    recall = Recall.objects.filter(resource=origin_of(resource)).order_by("-pk").first()
    if recall is None:
        return {"complete": False, "receipts": [], "elsewhere": []}
    return describe_recall(recall)


def describe_recall(recall: Recall) -> dict[str, Any]:
    """Return the receipts of a recall and the other resources that serve equal files.

    ``complete``: every receipt is confirmed, and each of those others was cleared by itself.
    """
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
    confirmed = all(row["state"] == RecallReceipt.State.CONFIRMED for row in rows) and not recall.restored
    elsewhere = still_serving(recall.resource)
    complete = confirmed and all(place.cleared_by for place in elsewhere)
    told = [place.as_row() for place in elsewhere]
    return {"recall": recall.pk, "complete": complete, "receipts": rows, "elsewhere": told}


def recall_counts(recalls: Iterable[Recall]) -> dict[int, dict[str, int]]:
    """Return ``{recall id: {"total", "confirmed", "failed", "offline"}}``, numbers of receipts, in one statement."""
    found = {
        recall.pk: {"total": recall.total, "confirmed": recall.total, "failed": 0, "offline": 0} for recall in recalls
    }
    states = RecallReceipt.State
    unconfirmed = RecallReceipt.objects.filter(recall__in=list(found)).exclude(state=states.CONFIRMED)
    for recall_id, state, count in unconfirmed.values_list("recall_id", "state").annotate(n=Count("pk")).order_by():
        counts = found[recall_id]
        counts["confirmed"] -= count
        if state in (states.FAILED, states.OFFLINE):
            counts[str(state)] += count
    return found
