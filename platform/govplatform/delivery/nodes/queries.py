"""How far the front nodes are behind the centre."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from govplatform.rule_packs.time_words import span_words

from ..findings import unsettled
from ..models import FrontNode, NodeRelease, SiteDelivery, SiteRelease
from ..verifying.state import EVERY, MISSED_TURNS

#: What goes before everything else, as citizens must not see it any more.
_URGENT = (SiteRelease.Cause.TAKEN_DOWN.value, SiteRelease.Cause.CLOSED.value)
#: Seconds: between two questions (``hearing.py``), of which some may fail, and what its state may be old anyway.
_GONE_AFTER = 300
#: Seconds: what a clock may be off before it is said.
_CLOCK_MAY_BE_OFF = 30
_BEHIND = """
SELECT d.host, d.tenant_id, coalesce(n.sequence, 0), coalesce((
 SELECT max(r.sequence) FROM public.delivery_siterelease r
 WHERE r.tenant_id = d.tenant_id AND r.sequence > n.sequence AND r.cause = ANY(%(urgent)s)), 0)
FROM public.delivery_sitedelivery d
LEFT JOIN public.delivery_noderelease n ON n.host = d.host AND n.node_id = %(node)s
WHERE d.host <> '' AND d.sequence > coalesce(n.sequence, 0)
ORDER BY d.signed_at
"""
_LAG = """
SELECT f.id, count(DISTINCT d.tenant_id), min(r.signed_at)
FROM public.delivery_frontnode f
CROSS JOIN public.delivery_sitedelivery d
LEFT JOIN public.delivery_noderelease n ON n.host = d.host AND n.node_id = f.id
JOIN public.delivery_siterelease r ON r.tenant_id = d.tenant_id AND r.sequence > coalesce(n.sequence, d.sequence - 1)
WHERE d.host <> '' GROUP BY f.id
"""


@dataclass(frozen=True)
class HostBehind:
    """``accepted``: number that the node has, 0 for none; ``tenant``: id of the site, None for a host that nobody has
    any more; ``down``: number of the newest release since with which something came down, 0 for none.
    """

    host: str
    tenant: int | None
    accepted: int
    down: int


@dataclass(frozen=True)
class NodeBehind:
    """``sites``: how many sites citizens get an older release of from this node; ``oldest``: since when.

    ``found``: findings of its verifier that nobody has settled.
    """

    node: FrontNode
    sites: int
    oldest: datetime | None
    hosts: int
    accepted_at: datetime | None
    found: int = 0

    @property
    def verifier(self) -> str:
        """``runs``, ``gone``, or '' where nobody knows: it was never heard of, or the node was not for a while."""
        at, heard = self.node.verifier_at, self.node.heard_at
        if at is None or heard is None or (timezone.now() - heard).total_seconds() > _GONE_AFTER:
            return ""
        # both when it said so
        return "gone" if (heard - at).total_seconds() > EVERY * MISSED_TURNS else "runs"

    @property
    def clock_off(self) -> int:
        """Seconds that its clock is ahead, 0 where that is nothing to speak of."""
        return self.node.clock_off if abs(self.node.clock_off) > _CLOCK_MAY_BE_OFF else 0

    @property
    def clock_behind(self) -> int:
        return -self.clock_off

    @property
    def waited(self) -> str:
        """Since when, in words; '' when it has the newest of everything."""
        return span_words(self.oldest, timezone.now()) if self.oldest else ""

    @property
    def lag_seconds(self) -> int:
        return int((timezone.now() - self.oldest).total_seconds()) if self.oldest else 0


def hosts_behind(node: FrontNode) -> list[HostBehind]:
    """Hosts of which the node has not accepted the newest release; those that wait longest first."""
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND, {"node": node.pk, "urgent": list(_URGENT)})
        rows = [HostBehind(*row) for row in cursor.fetchall()]
    present = SiteDelivery.objects.exclude(host="").values("host")
    left = NodeRelease.objects.filter(node=node, files__gt=0).exclude(host__in=present)
    return [HostBehind(one.host, None, one.sequence, one.sequence + 1) for one in left] + rows


def nodes_behind() -> list[NodeBehind]:
    """Every node, with what it still lacks."""
    with connection.cursor() as cursor:
        cursor.execute(_LAG)
        lag = {node: (sites, oldest) for node, sites, oldest in cursor.fetchall()}
    found = dict(unsettled().order_by().values_list("node").annotate(Count("pk")))
    rows = []
    for node in FrontNode.objects.prefetch_related("releases"):
        kept = list(node.releases.all())
        newest = max((one.accepted_at for one in kept), default=None)
        held = sum(1 for one in kept if one.files)
        rows.append(NodeBehind(node, *lag.get(node.pk, (0, None)), held, newest, found.get(node.name, 0)))
    return rows


def describe_node(row: NodeBehind) -> dict[str, Any]:
    """As the verb ``delivery_status`` prints it. ``releases``: host -> number that the node accepted last.
    ``findings``: of its verifier, not settled yet.
    """
    return {
        "node": row.node.name,
        "behind": row.sites,
        "lag_seconds": row.lag_seconds,
        "releases": {one.host: one.sequence for one in row.node.releases.all() if one.files},
        "accepted_at": _coded(row.accepted_at),
        "reached_at": _coded(row.node.reached_at),
        "error": row.node.error,
        "findings": row.found,
        "verifier": row.verifier,
        "swept_at": _coded(row.node.swept_at),
        "heard_at": _coded(row.node.heard_at),
        "unheard": row.node.unheard,
        "clock_off_seconds": row.node.clock_off,
    }


def _coded(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
