"""Writing the record: every act of the platform passes through ``record_act``."""

import getpass
from typing import Any, Protocol

from django.contrib.auth.models import AnonymousUser
from django.db import connection, models, transaction
from django.utils import timezone

from govplatform.locks.holding import chain_of_schema, hold_chain

from .chain import ANCHOR_ACT, hash_entry, head_of, heads
from .models import PLATFORM_CHAIN, Entry


class Recorded(Protocol):
    """What an act was done to: a model instance, or what is left of one."""

    pk: Any

    @property
    def _meta(self) -> Any: ...


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
    ``acting_user`` None means the shell: the operating system's user is recorded. An act that locks anything
    takes the chain first (``govplatform.locks.holding``); here it is taken for those that lock nothing else.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an act is recorded in the transaction that does it")
    chain = chain or chain_of_schema()
    actor_id, actor_name = _actor(acting_user)
    hold_chain(chain)
    head = head_of(chain)
    entry = Entry(
        chain=chain,
        number=head.number + 1,
        at=timezone.now(),
        act=act,
        actor_id=actor_id,
        actor_name=actor_name,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        object_title=str(obj)[:255] if obj is not None else "",
        detail=detail or {},
        previous_hash=head.hash,
    )
    entry.hash = hash_entry(entry)
    entry.save(force_insert=True)
    return entry


def anchor_chains() -> Entry | None:
    """Write the heads of all chains into the platform's own chain; None when nothing moved."""
    with transaction.atomic():
        # Before every chain in the order of names: two anchors at once come one after the other.
        hold_chain("anchor")
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


def _actor(user: models.Model | AnonymousUser | None) -> tuple[int | None, str]:
    if user is None or user.pk is None:
        return None, f"shell:{_os_user()}"
    return int(user.pk), str(user)


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
