"""What a reading costs: statements, and the rows and index entries that the database went through for them.

Counted, not timed: a list that reads its whole history is as quick as any other on a fresh platform.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from govplatform.tenancy.current import forget_search_path
from govplatform.tenancy.database_roles import as_owner
from tests.statements import Statements

#: Of tables what sequential and index scans met, of indexes the entries; all since the transaction began. What the
#: planner looks up of its own (catalogues, and long statistics in their toast) is no part of it.
_READ = """
SELECT coalesce(sum(pg_stat_get_xact_tuples_returned(oid)
                    + CASE WHEN relkind = 'r' THEN pg_stat_get_xact_tuples_fetched(oid) ELSE 0 END), 0)
FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
"""


@dataclass
class Cost:
    """Of one reading; filled in when it is over."""

    statements: int = 0
    rows: int = 0


@contextmanager
def counted() -> Iterator[Cost]:
    """Inside a test's transaction: what the block costs."""
    cost = Cost()
    before = _rows_read()
    with Statements() as captured:
        yield cost
    cost.statements, cost.rows = len(captured), _rows_read() - before


def cost_of(act: Callable[[], object]) -> Cost:
    with counted() as cost:
        act()
    return cost


def _rows_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        return int(cursor.fetchone()[0])


def build(*statements: str, analyse: str = "", past_triggers: str = "") -> None:
    """Rows by the thousand, past what looks at them one by one. ``past_triggers``: a table without its own for once."""
    with as_owner(), connection.cursor() as cursor:
        if past_triggers:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {past_triggers} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        if past_triggers:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {past_triggers} ENABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        if analyse:
            # The planner is told, as it would be by itself on a platform at work.
            cursor.execute(f"ANALYZE {analyse}")
    forget_search_path()
