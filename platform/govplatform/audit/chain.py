"""How a row is hashed and how a chain is verified."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from .models import PLATFORM_CHAIN, Entry
from .sm3 import sm3_hex

GENESIS = "0" * 64
ANCHOR_ACT = "audit.anchor"


def canonical(entry: Entry) -> bytes:
    """The bytes that are hashed: every column but the hash itself, UTC microseconds, sorted keys."""
    row: dict[str, Any] = {
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
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_entry(entry: Entry) -> str:
    return sm3_hex(canonical(entry))


@dataclass(frozen=True)
class ChainHead:
    """Number and hash of a chain's last row; number 0 for an empty one."""

    number: int
    hash: str


def head_of(chain: str) -> ChainHead:
    last = Entry.objects.filter(chain=chain).order_by("-number").values_list("number", "hash").first()
    return ChainHead(*last) if last else ChainHead(0, GENESIS)


def heads() -> dict[str, ChainHead]:
    """The head of every site's chain (the platform's own is left out)."""
    last = Entry.objects.exclude(chain=PLATFORM_CHAIN).values("chain").annotate(last=Max("number"))
    found = {}
    for row in last:
        entry = Entry.objects.get(chain=row["chain"], number=row["last"])
        found[row["chain"]] = ChainHead(entry.number, entry.hash)
    return found


def find_chain_faults() -> tuple[int, list[str]]:
    """(rows checked, sentences naming each fault) over all chains and their anchors."""
    checked = 0
    faults: list[str] = []
    known: dict[str, ChainHead] = {}
    for chain in Entry.objects.order_by("chain").values_list("chain", flat=True).distinct():
        count, chain_faults = _verify_chain(chain)
        checked += count
        faults += chain_faults
        known[chain] = head_of(chain)
    faults += list(_anchor_faults(known))
    return checked, faults


def _verify_chain(chain: str) -> tuple[int, list[str]]:
    faults = []
    previous, number = GENESIS, 0
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
        previous = entry.hash
    return number, faults


def _anchor_faults(known: dict[str, ChainHead]) -> Iterator[str]:
    # The last anchor is enough for "cut off or missing"; earlier ones are covered by the
    # platform's own chain and by the chains' inner links.
    anchor = Entry.objects.filter(chain=PLATFORM_CHAIN, act=ANCHOR_ACT).order_by("-number").first()
    if anchor is None:
        return
    for chain, (number, hash_) in anchor.detail["heads"].items():
        names = {"chain": chain, "number": number, "at": anchor.at.isoformat(timespec="seconds")}
        if chain not in known:
            yield _("链 %(chain)s 整条不见了，%(at)s 的锚记有 %(number)s 条。") % names
        elif known[chain].number < number:
            yield _("链 %(chain)s 的末尾被截去，%(at)s 的锚记有 %(number)s 条。") % names
        elif not Entry.objects.filter(chain=chain, number=number, hash=hash_).exists():
            yield _("链 %(chain)s 第 %(number)s 号与 %(at)s 的锚记不符。") % names
