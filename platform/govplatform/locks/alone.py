"""Long work that one process does at a time: a lock of its connection, gone with the process however that ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def alone_at(name: str) -> Iterator[bool]:
    """Whether nobody else is at the work of that ``name``; nobody begins with it while the block runs.

    Waits for nobody. Inside a transaction of the caller that is lost, the lock ends with the connection.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        is_open = connection.connection is not None and not connection.connection.closed
        if held and is_open and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
