"""How an audit entry is hashed, and how a chain of entries is verified against itself and its anchors.

Each entry holds the SM3 of itself together with the hash of the one before it. Every few minutes the last hash of each
site's chain is written into the platform's own chain (an anchor), so that a chain cannot be rewritten as a whole.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from .models import PLATFORM_CHAIN, AnchoredHead, Entry
from .sm3 import sm3_hex

GENESIS = "0" * 64
ANCHOR_ACT = "audit.anchor"


def canonical(entry: Entry) -> bytes:
    """The bytes of ``entry`` that are hashed: ``row_of(entry)`` in its one written form."""
    return written(row_of(entry))


def row_of(entry: Entry) -> dict[str, Any]:
    """Every column but ``hash``, by name; the time in UTC with microseconds."""
    return {
        "chain": entry.chain,
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "act": entry.act,
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "object_title": entry.object_title,
        "detail": entry.detail,
        "previous_hash": entry.previous_hash,
    }


def written(row: dict[str, Any]) -> bytes:
    """The one form in which facts are written to be hashed or signed: JSON in UTF-8, keys sorted, no blanks.

    Half a character, which no entry of ours has and a forged file may, is written as it is.
    """
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def hash_entry(entry: Entry) -> str:
    """The SM3 of ``canonical(entry)`` as 64 hexadecimal digits; ``entry.previous_hash`` must be set."""
    return sm3_hex(canonical(entry))


@dataclass(frozen=True)
class ChainHead:
    """Number and hash of the last entry of a chain; number 0 and GENESIS for a chain without entries."""

    number: int
    hash: str


def head_of(chain: str) -> ChainHead:
    """Read the head of ``chain``; whoever appends to it holds the chain's lock (``hold_chain``)."""
    last = Entry.objects.filter(chain=chain).order_by("-number").values_list("number", "hash").first()
    return ChainHead(*last) if last else ChainHead(0, GENESIS)


#: From chain to chain along the index of (chain, number), and in each to its last row: two index rows for a chain,
#: however long it is.
_MOVED = """
WITH RECURSIVE chains AS (
  (SELECT chain FROM public.audit_entry ORDER BY chain LIMIT 1)
  UNION ALL
  SELECT (SELECT e.chain FROM public.audit_entry e WHERE e.chain > c.chain ORDER BY e.chain LIMIT 1)
  FROM chains c WHERE c.chain IS NOT NULL
)
SELECT c.chain, head.number, head.hash
FROM chains c
CROSS JOIN LATERAL (SELECT e.number, e.hash FROM public.audit_entry e WHERE e.chain = c.chain
                    ORDER BY e.number DESC LIMIT 1) head
LEFT JOIN public.audit_anchoredhead a ON a.chain = c.chain
WHERE c.chain <> %s AND (a.chain IS NULL OR a.number < head.number OR (a.number = head.number AND a.hash <> head.hash))
ORDER BY c.chain
"""


def moved_heads() -> dict[str, ChainHead]:
    """Name of each site's chain -> its head, for the chains that moved since their last anchor; one statement.

    A chain that has become shorter is left out: its longer state stays anchored, or its loss would be forgotten.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [PLATFORM_CHAIN])
        return {chain: ChainHead(number, hash_) for chain, number, hash_ in cursor.fetchall()}


@dataclass(frozen=True)
class Anchored:
    """What one anchor says about a chain: the hash of a row, and when it was written down."""

    hash: str
    at: datetime


def find_chain_faults() -> tuple[int, list[str]]:
    """Verify all chains and their anchors; return (number of entries checked, a sentence for each fault)."""
    checked = 0
    faults: list[str] = []
    anchored = _anchored()
    lengths: dict[str, int] = {}
    for chain in Entry.objects.order_by("chain").values_list("chain", flat=True).distinct():
        lengths[chain], chain_faults = _verify_chain(chain, anchored.get(chain, {}))
        checked += lengths[chain]
        faults += chain_faults
    faults += _shortened(anchored, lengths)
    faults += _ahead(anchored)
    return checked, faults


def _anchored() -> dict[str, dict[int, Anchored]]:
    """Every row that an anchor ever named, by chain and number.

    All anchors count, not the last alone: a tail that was cut off and has grown again would be
    forgotten with the next anchor.
    """
    found: dict[str, dict[int, Anchored]] = {}
    anchors = Entry.objects.filter(chain=PLATFORM_CHAIN, act=ANCHOR_ACT).order_by("number")
    for at, detail in anchors.values_list("at", "detail").iterator(chunk_size=500):
        for chain, (number, hash_) in detail["heads"].items():
            found.setdefault(chain, {}).setdefault(number, Anchored(hash_, at))
    return found


def _verify_chain(chain: str, anchored: dict[int, Anchored]) -> tuple[int, list[str]]:
    """(number of the last row, faults)."""
    faults = []
    previous, number = GENESIS, 0
    differs = False
    for entry in Entry.objects.filter(chain=chain).order_by("number").iterator(chunk_size=2000):
        number += 1
        name = {"chain": chain, "number": entry.number}
        if entry.number != number:
            faults.append(_("链 %(chain)s 在第 %(number)s 号之前缺少记录。") % name)
            number = entry.number
        elif entry.previous_hash != previous:
            faults.append(_("链 %(chain)s 第 %(number)s 号与前一条不相连。") % name)
        if hash_entry(entry) != entry.hash:
            faults.append(_("链 %(chain)s 第 %(number)s 号的内容被改动过。") % name)
        anchor = anchored.get(entry.number)
        if anchor is not None and anchor.hash != entry.hash and not differs:
            # Only the first difference is named: all entries behind it were written anew as well.
            differs = True
            faults.append(_("链 %(chain)s 第 %(number)s 号与 %(at)s 的锚记不符。") % {**name, "at": _moment(anchor)})
        previous = entry.hash
    return number, faults


def _shortened(anchored: dict[str, dict[int, Anchored]], lengths: dict[str, int]) -> Iterator[str]:
    for chain, rows in anchored.items():
        number = max(rows)
        names = {"chain": chain, "number": number, "at": _moment(rows[number])}
        if chain not in lengths:
            yield _("链 %(chain)s 整条不见了，%(at)s 的锚记有 %(number)s 条。") % names
        elif lengths[chain] < number:
            yield _("链 %(chain)s 的末尾被截去，%(at)s 的锚记有 %(number)s 条。") % names


def _ahead(anchored: dict[str, dict[int, Anchored]]) -> Iterator[str]:
    """Notes of anchoring that no anchor bears out: they would keep a chain from being anchored."""
    for note in AnchoredHead.objects.order_by("chain"):
        said = anchored.get(note.chain, {})
        if note.number > max(said, default=0):
            yield _("链 %(chain)s 记为已锚定到第 %(number)s 号，锚记里却没有。") % {
                "chain": note.chain,
                "number": note.number,
            }


def _moment(anchor: Anchored) -> str:
    return anchor.at.isoformat(timespec="seconds")
