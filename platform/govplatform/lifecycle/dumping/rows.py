"""Rows of a table as PostgreSQL's COPY writes and reads them: always in the same order and in the same form."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from psycopg import sql

from .catalogue import Table


@dataclass
class Count:
    """Rows as they go by. ``rows``: how many; ``digest``: SHA-256 of their text."""

    rows: int = 0
    _sum: Any = field(default_factory=hashlib.sha256)

    def add(self, block: bytes) -> None:
        # A line break inside of a value is written as two characters.
        self.rows += block.count(b"\n")
        self._sum.update(block)

    @property
    def digest(self) -> str:
        return str(self._sum.hexdigest())


def read_rows(schema: str, table: Table, count: Count) -> Iterator[bytes]:
    """Yield the rows of a table, sorted by its key, and count them. Call in a ``catalogue.plain_session``."""
    names = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    statement = sql.SQL("COPY (SELECT {c} FROM {t} AS found ORDER BY {o}) TO STDOUT").format(
        c=names, t=sql.Identifier(schema, table.name), o=table.order
    )
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
        for block in copy:
            data = bytes(block)
            count.add(data)
            yield data


def count_rows(schema: str, table: Table) -> Count:
    """The number and the digest of a table's rows. Call in a ``catalogue.plain_session``."""
    count = Count()
    for _block in read_rows(schema, table, count):
        pass
    return count


def write_rows(schema: str, name: str, columns: Iterable[str], blocks: Iterable[bytes]) -> None:
    """Put the rows that ``blocks`` hold into a table. Raises DatabaseError for what PostgreSQL does not take."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(schema, name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
        for block in blocks:
            copy.write(block)
