"""The plan of a merge: what will be moved where, what meets what, and what stays. A plan changes nothing."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..applications.checking import reasons_against_descending
from ..models import Merge
from .mapping import MapFault, Move, moves, reasons_against_moves, reasons_against_wishes
from .parts import Collision, Concern, Intended, Left, columns_of, parts

#: Seconds of whatever size, seconds for each page, revision and file as measured (tests/bench/RESULTS.md), and how many
#: merges of how many things tell of a platform's own pace. The product's own numbers.
_AT_LEAST, _USUAL_PACE = 2, 0.0018
_LOOKED_AT, _TELLING = 5, 500
#: Named one by one; the rest is a number.
MOST_NAMED = 500


@dataclass
class MergePlan:
    """What a merge will do. ``counts``: "pages", "revisions", "files", ... -> rows that are moved.

    ``faults``: of the map that was given; a plan with faults foresees nothing. ``unnamed``: collisions beyond those
    that are named.
    """

    source: Tenant
    destination: Tenant
    moves: list[Move]
    counts: dict[str, int] = field(default_factory=dict)
    collisions: list[Collision] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    concerns: list[Concern] = field(default_factory=list)
    faults: list[MapFault] = field(default_factory=list)
    unnamed: int = 0
    #: How long the work will take, in seconds, by what earlier merges took.
    seconds: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the plan as the verb prints it."""
        return {
            "source": self.source.code,
            "destination": self.destination.code,
            **{name: self.counts.get(name, 0) for name in ("pages", "revisions", "files", "addresses")},
            "columns": [
                {
                    "from": move.column.path,
                    "to": move.to or None,
                    "title": move.column.title,
                    "pages": move.column.pages,
                    "new": move.is_new,
                    "by": move.by,
                }
                for move in self.moves
            ],
            "collisions": [asdict(one) for one in self.collisions],
            "more_collisions": self.unnamed,
            "estimated_seconds": self.seconds,
            "not_moved": [asdict(one) for one in self.left],
            "concerned": [asdict(one) for one in self.concerns],
            "faults": [asdict(one) for one in self.faults],
        }


def reasons_against_planning(source: Tenant, destination: Tenant) -> list[str]:
    """Say why the one site cannot be merged into the other, whatever stands in them."""
    reasons = []
    if source == destination:
        reasons.append(_("站点不能并入自己。"))
    for tenant in (source, destination):
        if tenant.is_console:
            reasons.append(_("“%(site)s”是监管控制台，没有可迁移的内容。") % {"site": tenant.full_name})
    if source.status == Tenant.Status.RETIRED:
        reasons.append(_("“%(site)s”已关停。") % {"site": source.full_name})
    if destination.status != Tenant.Status.LIVE:
        reasons.append(
            _("“%(site)s”%(status)s，只能并入运行中的站点。")
            % {"site": destination.full_name, "status": destination.get_status_display()}
        )
    return reasons + reasons_against_descending(source, destination)


def estimated_seconds(counts: Mapping[str, int]) -> int:
    """Return how many seconds a merge of so many pages, revisions and files takes, by what the newest ones took."""
    pace = [
        merge.seconds / things
        for merge in Merge.objects.filter(seconds__isnull=False).order_by("-switched_at", "-pk")[:_LOOKED_AT]
        if merge.seconds is not None and (things := _things(merge.counts)) >= _TELLING
    ]
    each = sum(pace) / len(pace) if pace else _USUAL_PACE
    return math.ceil(_AT_LEAST + each * _things(counts))


def _things(counts: Mapping[str, int]) -> int:
    return sum(counts.get(name, 0) for name in ("pages", "revisions", "files"))


def plan_merge(
    source: Tenant,
    destination: Tenant,
    wishes: Mapping[str, str] | None = None,
    *,
    drafts: bool = False,
    scheduled: bool = True,
) -> MergePlan:
    """Foresee the merge of a site into another; ``wishes``: path of a column -> its path there, or ``STAYS``.

    ``drafts``: pages that were never public are moved too; ``scheduled``: so are those that are cleared for a later day
    (with ``drafts`` they always are). Raises Refused with all reasons against merging the two at
    all; a wish that cannot be carried out becomes a fault of the plan.
    """
    if reasons := reasons_against_planning(source, destination):
        raise Refused(reasons)
    wishes = wishes or {}
    columns = columns_of(source)
    there = columns_of(destination)
    found = moves(columns, there, wishes, channel=source.code)
    plan = MergePlan(source, destination, found)
    rows = {origin: number for number, origin in enumerate(wishes, 2)}
    plan.faults = [
        MapFault(rows[origin], heading, reason)
        for origin, heading, reason in reasons_against_wishes(wishes, columns, source.code)
    ]
    plan.faults += [
        MapFault(rows.get(origin, 0), "to", reason)
        for origin, reason in reasons_against_moves(found, there, source.code)
        if not plan.faults
    ]
    if plan.faults:
        return plan
    columns_moved = {move.column.path: move.to for move in found if move.to}
    intended = Intended(source, destination, columns_moved, drafts, scheduled)
    counts: Counter[str] = Counter()
    for part in parts():
        foreseen = part.foresee(intended)
        counts.update(foreseen.counts)
        plan.collisions += foreseen.collisions
        plan.left += [left for left in foreseen.left if left.count]
        plan.concerns += [concern for concern in foreseen.concerns if concern.count]
    plan.counts = dict(counts)
    plan.seconds = estimated_seconds(plan.counts)
    plan.unnamed = max(0, len(plan.collisions) - MOST_NAMED)
    plan.collisions = plan.collisions[:MOST_NAMED]
    return plan
