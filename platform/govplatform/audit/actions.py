"""Writing the record: every act of the platform passes through ``record_act``."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib.auth.models import AnonymousUser
from django.db import connection, models, transaction
from django.utils import timezone

from govplatform.locks.holding import chain_of_schema, hold_chain
from govplatform.verbs import acts_in_somebody_s_name

from .chain import ANCHOR_ACT, ChainHead, hash_entry, head_of, moved_heads
from .models import IDENTITY_ACTS, PLATFORM_CHAIN, AnchoredHead, Entry

#: Who did it where nobody is signed in: a failed sign-in is no act of the shell.
ANONYMOUS = "anonymous"


class Recorded(Protocol):
    """What an act was done to: a model instance, or what is left of one."""

    pk: Any

    @property
    def _meta(self) -> Any: ...


@dataclass(frozen=True)
class Act:
    """An act that is to be recorded: its name in code (``console.edit``), its object, and JSON-able details."""

    act: str
    obj: Recorded | None = None
    detail: dict[str, Any] | None = None


def record_act(
    act: str,
    *,
    acting_user: models.Model | AnonymousUser | None,
    obj: Recorded | None = None,
    detail: dict[str, Any] | None = None,
    chain: str | None = None,
) -> Entry:
    """Append one entry to the chain of the current site (or to ``chain``) and return it.

    Must run inside the transaction of the act itself, so that both are there or neither; raises RuntimeError outside
    one. ``acting_user`` None means the shell: the operating system's user is recorded. So it is, as ``shell`` in the
    detail, where a verb did an act on identities in somebody's name (``--as``), which proves nobody. An act that locks
    anything takes the chain first (``govplatform.locks.holding``); here it is taken for those that lock nothing else.
    """
    return record_acts([Act(act, obj, detail)], acting_user=acting_user, chain=chain)[0]


def record_acts(
    acts: Sequence[Act], *, acting_user: models.Model | AnonymousUser | None, chain: str | None = None
) -> list[Entry]:
    """Append one entry for each of ``acts``, in their order, and return them.

    As ``record_act``, with no more statements for many acts than for one. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an act is recorded in the transaction that does it")
    chain = chain or chain_of_schema()
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
            object_title=_signed(one.obj)[:255] if one.obj is not None else "",
            detail=_detail(one, acting_user),
            previous_hash=head.hash,
        )
        entry.hash = hash_entry(entry)
        head = ChainHead(entry.number, entry.hash)
        entries.append(entry)
    return Entry.objects.bulk_create(entries)


def anchor_chains() -> Entry | None:
    """Write the heads of all chains that moved since the last anchor into the platform's own chain.

    Returns the new anchor, None when no chain moved. What each chain's last anchor says is kept in ``AnchoredHead`` as
    well, so that an anchor holds only what is new and not every head of the platform again.
    """
    with transaction.atomic():
        # A lock before those of the chains: of two processes that anchor at once, one waits for the other.
        hold_chain("anchor")
        moved = moved_heads()
        if not moved:
            return None
        detail = {"heads": {chain: [head.number, head.hash] for chain, head in moved.items()}}
        anchor = record_act(ANCHOR_ACT, acting_user=None, detail=detail, chain=PLATFORM_CHAIN)
        AnchoredHead.objects.bulk_create(
            [AnchoredHead(chain=name, number=top.number, hash=top.hash, at=anchor.at) for name, top in moved.items()],
            update_conflicts=True,
            unique_fields=["chain"],
            update_fields=["number", "hash", "at"],
        )
        return anchor


def _detail(one: Act, acting_user: models.Model | AnonymousUser | None) -> dict[str, Any]:
    if acting_user is not None and one.act in IDENTITY_ACTS and acts_in_somebody_s_name():
        return {**(one.detail or {}), "shell": _os_user()}
    return one.detail or {}


def _signed(thing: object) -> str:
    """Return what a thing is called in the record: a person with the sign-in name, which is nobody else's."""
    return str(getattr(thing, "signed_name", thing))


def _actor(user: models.Model | AnonymousUser | None) -> tuple[int | None, str]:
    if isinstance(user, AnonymousUser):
        return None, ANONYMOUS
    if user is None or user.pk is None:
        return None, f"shell:{_os_user()}"
    return int(user.pk), _signed(user)


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
