"""What people signed of a clearance: here, or on the site that its page came from with a merge (decision 045).

Decisions, scan, record and audit chain of a transferred clearance name the numbers of the first site; whoever compares
them with the clearance asks here.
"""

from dataclasses import dataclass
from typing import Any

from govplatform.tenancy.current import current_schema

from ..models import Clearance, TransferredClearance


@dataclass(frozen=True)
class Signed:
    """Where a clearance was given: the audit chain that vouches for it, the number of the page there, the digest."""

    chain: str
    page_id: int
    digest: str


def transfers_of(clearance: Clearance) -> list[TransferredClearance]:
    """The merges that the clearance came through, the first one first; empty for one that was given here."""
    return list(clearance.transfers.order_by("made_at", "merge_id"))


def signed_as(clearance: Clearance) -> Signed:
    """What the people who gave the clearance had before them; call inside its site."""
    transfers = transfers_of(clearance)
    if not transfers:
        return Signed(current_schema(), clearance.page_id, clearance.digest)
    return Signed(transfers[0].source_schema, transfers[0].source_page_id, transfers[0].source_digest)


def digest_decided_on(clearance: Clearance) -> str:
    """The digest that the decisions and the scan of the clearance name."""
    return signed_as(clearance).digest


def scanned_files(clearance: Clearance) -> list[dict[str, Any]]:
    """The files in the clearance's record (``findings.dispositions.clearance_record``), by their numbers here."""
    files = clearance.record.get("scan", {}).get("files", [])
    if not files:
        return []
    transfers = transfers_of(clearance)
    return [{**file, "id": _number_here(file["kind"], file["id"], transfers)} for file in files]


def _number_here(kind: str, number: int, transfers: list[TransferredClearance]) -> int:
    return number + sum(transfer.file_shifts.get(kind, 0) for transfer in transfers)
