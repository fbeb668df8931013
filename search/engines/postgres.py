"""The engine that needs nothing: a GIN index over the lexemes of every document, in PostgreSQL itself.

What was measured (deploy/decisions/048-search.md): the lexemes of filters stand in the same index as those of the text,
so whatever is asked is one intersection; the row is small and its lexemes lie beside it, so counting a hundred thousand
hits reads a few megabytes. The planner would rather read all lexemes of the table, which takes twenty times as long:
hence ``enable_seqscan``; and it would walk the whole index of dates for a handful of hits: hence MATERIALIZED.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ..engine import Answer, Document, EngineUnavailable, Health, Hit, Query, Removal, Tier, facets_of
from .postgres_asking import counting, suggested, walk
from .postgres_writing import TABLE, Entering, insert

NAME = "postgres"
#: So many hits are counted; with more the answer says that there are at least as many.
COUNTED_AT_MOST = 100_000
#: So many titles are put in order for suggestions; with more, the newest are met by their date.
_ORDERED_AT_MOST = 20_000
#: How long it is remembered that a document was taken out, of which older news may still be on their way.
_REMEMBERED = timedelta(days=1)
#: A question that takes longer than this is given up, in milliseconds.
_LONGEST_QUESTION = 10_000
_REMOVE = f"""
INSERT INTO {TABLE} AS e (id, version, published, year, kind, sites, title_key, lexemes, removed_at,
  topic, organisation, validity, columns)
VALUES (%s, %s, %s, 0, '', '{{}}', '', NULL, %s, '', '', '', '')
ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, lexemes = NULL, sites = '{{}}', title_key = '',
  removed_at = EXCLUDED.removed_at
WHERE e.version <= EXCLUDED.version
"""
_PLANNED = {"enable_seqscan": "off", "jit": "off", "work_mem": "'64MB'", "statement_timeout": _LONGEST_QUESTION}


class PostgresEngine:
    """``search.engine.Engine`` over the table of PostgresEntry."""

    name = NAME

    def __init__(self, *, counted_at_most: int = COUNTED_AT_MOST, ordered_at_most: int = _ORDERED_AT_MOST) -> None:
        self._counted_at_most = counted_at_most
        self._ordered_at_most = ordered_at_most
        self._entering = Entering()

    # --- writing -------------------------------------------------------------------------

    def index(self, documents: Sequence[Document], *, rebuild: str = "") -> None:
        """Put the documents in, in place; a rebuild replaces row by row, so old rows answer until then."""
        if documents:
            with _asking() as cursor:
                insert(cursor, documents)
            if rebuild:
                self._entering.gathered(len(documents))

    def delete(self, removals: Sequence[Removal]) -> None:
        """Take documents out; a row without lexemes keeps the version for a day."""
        now = timezone.now()
        rows = [(removal.id, removal.version, now, now) for removal in removals]
        if rows:
            with _asking() as cursor:
                cursor.executemany(_REMOVE, rows)

    def begin_rebuild(self) -> str:
        """Return the name of the table: it is made anew in place, with new lexemes entered many at once."""
        with _asking() as cursor:
            cursor.execute("SELECT public.search_gather(true)")
        return TABLE

    def finish_rebuild(self, rebuild: str) -> None:
        """Enter what was gathered, and forget removals of which no older news can be on their way any more."""
        self._entering.finish()
        with _asking() as cursor:
            cursor.execute("SELECT public.search_gather(false)")
            cursor.execute(f"DELETE FROM {TABLE} WHERE removed_at < %s", [timezone.now() - _REMEMBERED])

    # --- asking --------------------------------------------------------------------------

    def query(self, query: Query) -> Answer:
        """Answer a question: total, facets and hits in one statement, further ones where there are too many hits."""
        with _asking(reading=True) as cursor:
            cursor.execute(*counting(query, self._counted_at_most))
            rows = cursor.fetchall()
            total = next(number for part, _value, number in rows if part == "total")
            hits = tuple(Hit(int(value), Tier(number)) for part, value, number in rows if part == "hit")
            capped = total > self._counted_at_most
            if capped:
                total = self._counted_at_most
                if len(hits) < query.limit:
                    hits = walk(cursor, query)
        facets: dict[str, dict[str, int]] = {name: {} for name in facets_of(query)}
        for part, value, number in rows:
            if part in facets and value:
                facets[part][value] = number
        return Answer(hits, total, capped, facets, self.name)

    def suggest(self, query: Query, typed: str) -> tuple[int, ...]:
        """Return ids of titles that begin with ``typed``, then of those that hold the question."""
        with _asking(reading=True) as cursor:
            return tuple(suggested(cursor, query, typed, self._ordered_at_most))

    def count(self) -> int:
        """Return the number of rows with lexemes."""
        with _asking() as cursor:
            cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE removed_at IS NULL")
            return int(cursor.fetchone()[0])

    def versions(self, *, after: int, limit: int) -> list[tuple[int, int]]:
        """Return (id, version), by id."""
        with _asking() as cursor:
            cursor.execute(
                f"SELECT id, version FROM {TABLE} WHERE id > %s AND removed_at IS NULL ORDER BY id LIMIT %s",
                [after, limit],
            )
            return [(row[0], row[1]) for row in cursor.fetchall()]

    def health(self) -> Health:
        """Tell whether the table can be read."""
        try:
            return Health(self.name, True, self.count())
        except EngineUnavailable as problem:
            return Health(self.name, False, None, str(problem))


# --- inside -------------------------------------------------------------------------------


@contextmanager
def _asking(*, reading: bool = False) -> Iterator[Any]:
    """A cursor in a transaction; ``reading``: planned as this table has to be read."""
    within = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if reading:
                cursor.execute("; ".join(f"SET LOCAL {name} = {value}" for name, value in _PLANNED.items()))
            yield cursor
            if reading and within:
                # An act that asks in the course of its own transaction goes on as it was.
                cursor.execute("; ".join(f"RESET {name}" for name in _PLANNED))
    except DatabaseError as problem:
        raise EngineUnavailable(str(problem)) from problem
