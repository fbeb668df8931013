"""The findings in waiting pages, for a page of the queue: one statement for all sites."""

from collections.abc import Iterable
from dataclasses import dataclass

from psycopg import sql

from govplatform.confidentiality.models import Scan, Severity
from govplatform.tenancy.over_sites import ask_sites

from ..submission.queue import WaitingReview


@dataclass(frozen=True)
class ScanSummary:
    """The newest scan of a waiting page: its state (``Scan.State``, '' for none) and findings by severity."""

    state: str = ""
    block: int = 0
    warn: int = 0

    @property
    def is_done(self) -> bool:
        return self.state == Scan.State.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == Scan.State.FAILED


# A scan that looks back at what is public says nothing about the version that waits.
_NEWEST = """
SELECT {tenant}::bigint, p.id, scan.state,
       count(f.id) FILTER (WHERE f.severity = {block}), count(f.id) FILTER (WHERE f.severity = {warn})
FROM unnest({ids}::bigint[]) AS p(id)
JOIN LATERAL (SELECT n.id, n.state FROM {s}.confidentiality_scan n WHERE n.page_id = p.id AND n.purpose <> {rescan}
  ORDER BY n.id DESC LIMIT 1) scan ON true
LEFT JOIN {s}.confidentiality_finding f ON f.scan_id = scan.id
GROUP BY p.id, scan.state
"""


def scans_of(items: Iterable[WaitingReview]) -> dict[tuple[int, int], ScanSummary]:
    """Return ``{(tenant id, page id): what was found}``; what was never scanned is missing."""
    wanted: dict[str, tuple[int, list[int]]] = {}
    for item in items:
        wanted.setdefault(item.tenant.schema_name, (item.tenant.pk, []))[1].append(item.page_id)

    def newest_in(schema: str) -> sql.Composable:
        tenant, ids = wanted[schema]
        return sql.SQL(_NEWEST).format(
            tenant=sql.Literal(tenant),
            s=sql.Identifier(schema),
            ids=sql.Literal(ids),
            block=sql.Literal(Severity.BLOCK.value),
            warn=sql.Literal(Severity.WARN.value),
            rescan=sql.Literal(Scan.Purpose.RESCAN.value),
        )

    return {(tenant, page): ScanSummary(*found) for tenant, page, *found in ask_sites(newest_in, wanted)}
