"""How documents get into the table of PostgresEntry: many in one statement, their lexemes as the server keeps them.

Lexemes in words would be quoted here, parsed there, sorted and cut to what is different; they are all of that already,
so they go in the binary form of ``tsvector``, in which the server takes them as they come.
"""

import struct
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
from django.db import DatabaseError, connection
from psycopg.adapt import Dumper
from psycopg.pq import Format

from ..engine import Document, EngineUnavailable

TABLE = "public.search_postgresentry"
#: Characters of a title by which it is found while somebody types.
TITLE = 30
#: ``pg_type.oid`` of ``tsvector``, the same on every server.
_OID = 3614
#: So many documents are gathered before a second connection enters them, and while it is still at the ones before.
_WORTH_ENTERING, _AHEAD_AT_MOST = 2_000, 10_000
_UPSERT = f"""
INSERT INTO {TABLE} AS e (id, version, published, year, kind, sites, title_key, topic, organisation, validity, columns,
  lexemes, removed_at)
SELECT n.id, n.version, n.published, n.year, n.kind, n.sites::bigint[], n.title_key, n.topic, n.organisation,
  n.validity, n.columns, n.lexemes, NULL
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::smallint[], %s::text[], %s::text[], %s::text[],
  %s::text[], %s::text[], %s::text[], %s::text[], %b::tsvector[])
  AS n(id, version, published, year, kind, sites, title_key, topic, organisation, validity, columns, lexemes)
ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, published = EXCLUDED.published, year = EXCLUDED.year,
  kind = EXCLUDED.kind, sites = EXCLUDED.sites, title_key = EXCLUDED.title_key, lexemes = EXCLUDED.lexemes,
  topic = EXCLUDED.topic, organisation = EXCLUDED.organisation, validity = EXCLUDED.validity,
  columns = EXCLUDED.columns, removed_at = NULL
WHERE e.version <= EXCLUDED.version
"""


class _Tsvector(bytes):
    """Lexemes in the binary form of the type."""


class _TsvectorDumper(Dumper):
    oid, format = _OID, Format.BINARY

    def dump(self, obj: _Tsvector) -> bytes:
        return obj


def insert(cursor: Any, documents: Sequence[Document]) -> None:
    """Put the documents in, or in place of older versions. ``cursor``: Django's, inside of a transaction."""
    newest = {d.id: d for d in sorted(documents, key=lambda one: (one.id, one.version))}
    rows = [
        (
            d.id, d.version, d.published, d.year, d.kind, f"{{{','.join(map(str, d.sites))}}}", d.title_key[:TITLE],
            d.topic, d.organisation, d.validity, " ".join(d.columns), _tsvector(d.lexemes),
        )
        for d in newest.values()
    ]  # fmt: skip
    # Django's own cursor writes parameters into the statement, which only text can be.
    with connection.wrap_database_errors, psycopg.Cursor(cursor.connection) as plain:
        plain.adapters.register_dumper(_Tsvector, _TsvectorDumper)
        plain.execute(_UPSERT, [list(column) for column in zip(*rows, strict=True)])


def _tsvector(lexemes: Sequence[str]) -> _Tsvector:
    """Return sorted lexemes as ``tsvector_recv`` reads them: their number, then each with its end and no positions."""
    written = "\0\0\0".join([*lexemes, ""])
    return _Tsvector(struct.pack("!i", len(lexemes)) + written.encode())


class Entering:
    """Enters, over a second connection, what is gathered while an index is made anew (migration 0003).

    Whoever gathers would do it in between, at nine tenths of the time that a document takes; so both are at work at
    once, the server on two processors.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gathered = 0
        self._at_work: Future[None] | None = None

    def gathered(self, documents: int) -> None:
        """Take note of so many more documents, and have them entered when they are worth it."""
        with self._lock:
            self._gathered += documents
            if self._gathered < _WORTH_ENTERING:
                return
            if self._at_work is not None and not self._at_work.done() and self._gathered < _AHEAD_AT_MOST:
                return
            self._wait()
            worker = ThreadPoolExecutor(max_workers=1)
            self._at_work, self._gathered = worker.submit(_enter), 0
            worker.shutdown(wait=False)

    def finish(self) -> None:
        """Return when nobody is at work any more. Raises EngineUnavailable for what it met."""
        with self._lock:
            self._wait()
            self._gathered = 0

    def _wait(self) -> None:
        at_work, self._at_work = self._at_work, None
        if at_work is not None:
            try:
                at_work.result()
            except DatabaseError as problem:
                raise EngineUnavailable(str(problem)) from problem


def _enter() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT public.search_enter()")
    finally:
        connection.close()
