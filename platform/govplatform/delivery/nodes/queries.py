"""How far the front nodes are behind the centre."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from ..models import FrontNode, NodeRelease, SiteDelivery, SiteRelease

#: What goes before everything else, as citizens must not see it any more.
_URGENT = (SiteRelease.Cause.TAKEN_DOWN.value, SiteRelease.Cause.CLOSED.value)
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
    """``sites``: how many sites citizens get an older release of from this node; ``oldest``: since when."""

    node: FrontNode
    sites: int
    oldest: datetime | None
    hosts: int
    accepted_at: datetime | None

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
    rows = []
    for node in FrontNode.objects.prefetch_related("releases"):
        kept = list(node.releases.all())
        newest = max((one.accepted_at for one in kept), default=None)
        held = sum(1 for one in kept if one.files)
        rows.append(NodeBehind(node, *lag.get(node.pk, (0, None)), held, newest))
    return rows


def describe_node(row: NodeBehind) -> dict[str, Any]:
    """As the verb ``delivery_status`` prints it. ``releases``: host -> number that the node accepted last."""
    return {
        "node": row.node.name,
        "behind": row.sites,
        "lag_seconds": row.lag_seconds,
        "releases": {one.host: one.sequence for one in row.node.releases.all() if one.files},
        "accepted_at": _coded(row.accepted_at),
        "reached_at": _coded(row.node.reached_at),
        "error": row.node.error,
    }


def _coded(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
