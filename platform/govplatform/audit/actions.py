"""Writing the record: every act of the platform passes through ``record_act``."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib.auth.models import AnonymousUser
from django.db import connection, models, transaction
from django.utils import timezone

from govplatform.tenancy.current import current_schema

from .chain import ANCHOR_ACT, ChainHead, hash_entry, head_of, heads
from .models import PLATFORM_CHAIN, Entry


class Recorded(Protocol):
    """What an act was done to: a model instance, or what is left of one."""

    pk: Any

    @property
    def _meta(self) -> Any: ...


@dataclass(frozen=True)
class Act:
    """One row to be: what was done, to what, and what is to be known of it."""

    act: str
    obj: Recorded | None = None
    detail: dict[str, Any] | None = None


def record_act(
    act: str,
    *,
    acting_user: models.Model | None,
    obj: Recorded | None = None,
    detail: dict[str, Any] | None = None,
    chain: str | None = None,
) -> Entry:
    """Append one row to the chain of the current site (or of ``chain``).

    Must run inside the transaction of the act itself, so that both are there or neither.
    ``acting_user`` None means the shell: the operating system's user is recorded.
    """
    return record_acts([Act(act, obj, detail)], acting_user=acting_user, chain=chain)[0]


def record_acts(acts: Sequence[Act], *, acting_user: models.Model | None, chain: str | None = None) -> list[Entry]:
    """Append one row for each of ``acts``, in their order, in as many statements as ``record_act`` takes for one."""
    if not connection.in_atomic_block:
        raise RuntimeError("an act is recorded in the transaction that does it")
    chain = chain or _chain_of_schema()
    actor_id, actor_name = _actor(acting_user)
    hold_chain(chain)
    head = head_of(chain)
    entries: list[Entry] = []
    for one in acts:
        entry = Entry(
            chain=chain,
            number=head.number + 1,
            at=timezone.now(),
            act=one.act,
            actor_id=actor_id,
            actor_name=actor_name,
            object_type=one.obj._meta.label_lower if one.obj is not None else "",
            object_id=str(one.obj.pk) if one.obj is not None else "",
            object_title=str(one.obj)[:255] if one.obj is not None else "",
            detail=one.detail or {},
            previous_hash=head.hash,
        )
        entry.hash = hash_entry(entry)
        head = ChainHead(entry.number, entry.hash)
        entries.append(entry)
    return Entry.objects.bulk_create(entries)


def hold_chain(chain: str | None = None) -> None:
    """Be the chain's one writer until the transaction ends; other sites' chains do not wait (decision 10).

    Whoever locks anything else that belongs to the whole site takes this first, as recording does.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), 7)", [f"audit:{chain or _chain_of_schema()}"])


def anchor_chains() -> Entry | None:
    """Write the heads of all chains into the platform's own chain; None when nothing moved."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), 7)", ["audit:anchor"])
        current = {chain: [head.number, head.hash] for chain, head in heads().items()}
        last = Entry.objects.filter(chain=PLATFORM_CHAIN, act=ANCHOR_ACT).order_by("-number").first()
        if last is not None:
            # A chain that has disappeared stays in the anchor, or its loss would be forgotten.
            current = {**last.detail["heads"], **current}
            for chain, (number, hash_) in last.detail["heads"].items():
                if current[chain][0] < number:
                    current[chain] = [number, hash_]
            if current == last.detail["heads"]:
                return None
        if not current:
            return None
        return record_act(ANCHOR_ACT, acting_user=None, detail={"heads": current}, chain=PLATFORM_CHAIN)


def _chain_of_schema() -> str:
    schema = current_schema()
    return PLATFORM_CHAIN if schema == "public" else schema


def _actor(user: models.Model | AnonymousUser | None) -> tuple[int | None, str]:
    if user is None or user.pk is None:
        return None, f"shell:{_os_user()}"
    return int(user.pk), str(user)


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
