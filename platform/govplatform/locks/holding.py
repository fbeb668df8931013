"""The one place where locks are taken: chain, page, then rows further down (``order.py``).

An act begins with ``with holding(pages=[page.pk]) as held:``; inside, rows further down are read through ``locking``.
Nothing else in the platform sends ``FOR UPDATE`` (tests/structure).
"""

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.conf import settings
from django.db import OperationalError, connection, models, transaction

from govplatform.database_errors import LOST, Fault, describe_fault, fault_of
from govplatform.refusals import Busy
from govplatform.tenancy.current import current_schema

from .order import PLATFORM_CHAIN

logger = logging.getLogger("govplatform.locks")
Row = TypeVar("Row", bound=models.Model)

#: A wait ends after this time unless the transaction has a limit of its own; one statement with the lock itself.
_LIMIT = (
    "set_config('lock_timeout',"
    " CASE current_setting('lock_timeout') WHEN '0' THEN %s ELSE current_setting('lock_timeout') END, true)"
)
_CHAIN_LOCK = "pg_advisory_xact_lock(hashtext(%s), 7)"
#: The recorder of the suite knows by this word that the wait makes no circle (tests/lock_order.py).
GIVES_WAY = "/* gives way */"
_GIVING_WAY = f"SELECT set_config('lock_timeout', %s, true), {_CHAIN_LOCK} {GIVES_WAY}"
#: Below ``deadlock_timeout`` (one second by default): whoever begins to wait for us meanwhile never finds a circle.
_SHORT_WAIT = "200ms"
#: Whether those who hold a chain wait for this session, through however many others.
_IS_WAITED_FOR = """
WITH RECURSIVE waits(pid) AS (
 SELECT l.pid FROM pg_locks l
 WHERE l.pid <> pg_backend_pid() AND l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.objid = 7
  AND l.classid = (hashtext(%s)::bigint & 4294967295)::oid
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
 UNION
 SELECT b.pid FROM waits, unnest(pg_blocking_pids(waits.pid)) AS b(pid)
)
SELECT EXISTS (SELECT 1 FROM waits WHERE pid = pg_backend_pid()), current_setting('lock_timeout')
"""


class Held:
    """The pages that an act has locked. ``pages``: id -> the page as it is now and stays until the transaction ends."""

    def __init__(self, pages: dict[int, Any]) -> None:
        self.pages = pages

    def page(self, page_id: int) -> Any:
        """The locked page with that id. Raises ``Page.DoesNotExist`` when it was gone before it could be locked."""
        if page_id not in self.pages:
            raise _page_model().DoesNotExist(f"page {page_id} is gone")
        return self.pages[page_id]


@contextmanager
def holding(*chains: str, pages: Iterable[int] = ()) -> Iterator[Held]:
    """Open the transaction of one act and take the locks it needs, in the order of ``order.py``.

    ``chains``: names of audit chains (a site's schema, or ``PLATFORM_CHAIN``); without any, that of the current schema.
    ``pages``: ids of pages of the current site. Raises Busy when somebody else holds a lock for longer than
    ``settings.LOCK_WAIT_SECONDS``, here or later in the act: nothing of the act is done then.
    """
    try:
        with transaction.atomic():
            hold_chain(*chains)
            yield Held(_hold_pages(pages))
    except OperationalError as error:
        fault = fault_of(error)
        if fault is Fault.DEADLOCK:
            # The order is meant to leave none: whoever reads this has found a way past it.
            logger.exception("a deadlock in spite of the order of locks")
        if fault in LOST:
            raise Busy(describe_fault(error)) from error
        raise


def hold_chain(*chains: str) -> None:
    """Lock these audit chains for writing until the transaction ends; without a name, the chain of the current schema.

    Other sites have chains of their own and do not wait. Sends nothing for chains that the transaction holds already.
    Raises RuntimeError outside a transaction, OperationalError when the wait takes too long (``holding`` makes it
    Busy).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock is held until the transaction ends: there is none")
    held: set[str] = connection.held_chains  # type: ignore[attr-defined]
    wanted = sorted(set(chains or (chain_of_schema(),)) - held, key=chain_key)
    if not wanted:
        return
    locks = ", ".join([_LIMIT, *[_CHAIN_LOCK] * len(wanted)])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {locks}", [f"{settings.LOCK_WAIT_SECONDS}s", *[f"audit:{chain}" for chain in wanted]])
    held.update(wanted)


def hold_chain_giving_way(chain: str) -> bool:
    """Lock one more chain behind rows that this transaction holds, out of the order; False when that cannot be.

    For a long act that writes what few wait for before it takes the chain that many wait for. It waits in short
    stretches, and not at all where whoever holds the chain waits for this transaction: then the answer is False, and
    the caller lets go of what it holds (a savepoint) and begins again in the order. Raises Busy when others hold the
    chain for longer than ``settings.LOCK_WAIT_SECONDS``.
    """
    name, deadline = f"audit:{chain}", time.monotonic() + settings.LOCK_WAIT_SECONDS
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_IS_WAITED_FOR, [name])
            is_waited_for, limit = cursor.fetchone()
        if is_waited_for:
            return False
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_GIVING_WAY, [_SHORT_WAIT, name])
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [limit])
        except OperationalError as error:
            if fault_of(error) not in LOST:
                raise
            if time.monotonic() > deadline:
                raise Busy(describe_fault(error)) from error
            continue
        connection.held_chains.add(chain)  # type: ignore[attr-defined]
        return True


def chain_key(chain: str) -> tuple[bool, str]:
    """Sort key of a chain's name in the order in which chains are locked: sites by name, then the platform's."""
    return (chain == PLATFORM_CHAIN, chain)


def locking(rows: "models.QuerySet[Row] | models.Manager[Row]", *, wait: bool = True) -> "models.QuerySet[Row]":
    """``rows`` as a query that locks them when it is read, in the order of their keys.

    ``wait`` False leaves out rows that others hold. Rows that refer to the locked ones may still be added by others
    (``FOR NO KEY UPDATE``): recording who did something does not wait for a change of that person's account.
    """
    return rows.order_by("pk").select_for_update(of=("self",), no_key=True, skip_locked=not wait)


def hold_shared(table: str, row_id: int, *columns: str) -> tuple[Any, ...] | None:
    """Keep one row of ``public.table`` unchanged until the transaction ends; others may hold it in the same way.

    Returns the values of ``columns`` (``id`` without any), or None when there is no such row.
    """
    return _shared(f"public.{table}", "id", row_id, columns or ("id",))


def hold_shared_here(table: str, key: str, value: int, *columns: str) -> tuple[Any, ...] | None:
    """As ``hold_shared``, of a row of the current site's ``table`` whose column ``key`` is ``value``."""
    return _shared(connection.ops.quote_name(table), key, value, columns or (key,))


def _shared(table: str, key: str, value: int, columns: tuple[str, ...]) -> tuple[Any, ...] | None:
    names, key = ", ".join(map(connection.ops.quote_name, columns)), connection.ops.quote_name(key)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {table} WHERE {key} = %s FOR SHARE", [value])
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def chain_of_schema() -> str:
    """Name of the audit chain of the current schema."""
    schema = current_schema()
    return PLATFORM_CHAIN if schema == "public" else schema


# --- inside ------------------------------------------------------------------------------


def _hold_pages(page_ids: Iterable[int]) -> dict[int, Any]:
    wanted = sorted(set(page_ids))
    if not wanted:
        return {}
    return {page.pk: page for page in locking(_page_model().objects.filter(pk__in=wanted))}


def _page_model() -> Any:
    # Wagtail's models load after this module.
    from wagtail.models import Page

    return Page
