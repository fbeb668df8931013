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

from ..engine import (
    COLUMN,
    Answer,
    Document,
    EngineUnavailable,
    Health,
    Hit,
    Order,
    Query,
    Removal,
    Tier,
    facets_of,
)
from . import tsquery

NAME = "postgres"
#: So many hits are counted; with more the answer says that there are at least as many.
COUNTED_AT_MOST = 100_000
#: With more hits than are counted, the newest are met within so many documents.
_WALKED_AT_MOST = 20_000
#: How long it is remembered that a document was taken out, of which older news may still be on their way.
_REMEMBERED = timedelta(days=1)
#: Characters of a title by which it is found while somebody types.
_TITLE = 30
#: A question that takes longer than this is given up, in milliseconds.
_LONGEST_QUESTION = 10_000
_TABLE = "public.search_postgresentry"
_UPSERT = f"""
INSERT INTO {_TABLE} AS e (id, version, published, year, kind, sites, title_key, lexemes, removed_at,
  topic, organisation, validity, columns)
VALUES (%s, %s, %s, %s, %s, %s, %s, array_to_tsvector(%s::text[]), NULL, %s, %s, %s, %s)
ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, published = EXCLUDED.published, year = EXCLUDED.year,
  kind = EXCLUDED.kind, sites = EXCLUDED.sites, title_key = EXCLUDED.title_key, lexemes = EXCLUDED.lexemes,
  removed_at = NULL, topic = EXCLUDED.topic, organisation = EXCLUDED.organisation, validity = EXCLUDED.validity,
  columns = EXCLUDED.columns
WHERE e.version <= EXCLUDED.version
"""
_REMOVE = f"""
INSERT INTO {_TABLE} AS e (id, version, published, year, kind, sites, title_key, lexemes, removed_at,
  topic, organisation, validity, columns)
VALUES (%s, %s, %s, 0, '', '{{}}', '', NULL, %s, '', '', '', '')
ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, lexemes = NULL, sites = '{{}}', title_key = '',
  removed_at = EXCLUDED.removed_at
WHERE e.version <= EXCLUDED.version
"""
_NEWEST = "published DESC, id DESC"
#: Hits that are alike in all of this are put together first, for there are few ways to be: one walk over the hits
#: gives five facets.
_TOGETHER = """, alike AS MATERIALIZED (
  SELECT kind, year, topic, organisation, validity, count(*) AS hits FROM hit
  GROUP BY kind, year, topic, organisation, validity
)"""
_APART = """
SELECT CASE GROUPING(kind, year, topic, organisation, validity) WHEN 15 THEN 'kind' WHEN 23 THEN 'year'
  WHEN 27 THEN 'topic' WHEN 29 THEN 'organisation' ELSE 'validity' END,
  coalesce(kind, year::text, topic, organisation, validity), sum(hits)::bigint
FROM alike GROUP BY GROUPING SETS ((kind), (year), (topic), (organisation), (validity))
"""
_SITES = """
SELECT 'site', site::text, sum(hits)::bigint
FROM (SELECT sites, count(*) AS hits FROM hit GROUP BY sites) AS shown_on, unnest(sites) AS site GROUP BY site
"""
_PLANNED = {"enable_seqscan": "off", "jit": "off", "work_mem": "'64MB'", "statement_timeout": _LONGEST_QUESTION}


class PostgresEngine:
    """``search.engine.Engine`` over the table of PostgresEntry."""

    name = NAME

    def __init__(self, *, counted_at_most: int = COUNTED_AT_MOST) -> None:
        self._counted_at_most = counted_at_most

    # --- writing -------------------------------------------------------------------------

    def index(self, documents: Sequence[Document], *, rebuild: str = "") -> None:
        """Put the documents in, in place; a rebuild replaces row by row, so old rows answer until then."""
        rows = [
            (
                d.id, d.version, d.published, d.year, d.kind, list(d.sites), d.title_key[:_TITLE], list(d.lexemes),
                d.topic, d.organisation, d.validity, " ".join(d.columns),
            )
            for d in documents
        ]  # fmt: skip
        if rows:
            with _asking() as cursor:
                cursor.executemany(_UPSERT, rows)

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
        return _TABLE

    def finish_rebuild(self, rebuild: str) -> None:
        """Enter what was gathered, and forget removals of which no older news can be on their way any more."""
        with _asking() as cursor:
            cursor.execute("SELECT public.search_gather(false)")
            cursor.execute(f"DELETE FROM {_TABLE} WHERE removed_at < %s", [timezone.now() - _REMEMBERED])

    # --- asking --------------------------------------------------------------------------

    def query(self, query: Query) -> Answer:
        """Answer a question: total, facets and hits in one statement, a second one where there are too many hits."""
        with _asking(reading=True) as cursor:
            cursor.execute(*_counting(query, self._counted_at_most))
            rows = cursor.fetchall()
            total = next(number for part, _value, number in rows if part == "total")
            capped = total > self._counted_at_most
            if capped:
                total = self._counted_at_most
                hits = _walk(cursor, query)
            else:
                hits = tuple(Hit(int(value), Tier(number)) for part, value, number in rows if part == "hit")
        facets: dict[str, dict[str, int]] = {name: {} for name in facets_of(query)}
        for part, value, number in rows:
            if part in facets and value:
                facets[part][value] = number
        return Answer(hits, total, capped, facets, self.name)

    def suggest(self, query: Query, typed: str) -> tuple[int, ...]:
        """Return ids of titles that begin with ``typed``, then of those that hold the question."""
        pattern = typed[:_TITLE].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        lexemes = [tsquery.in_title(query), *([tsquery.filters(query)] if query.filters else [])]
        sql = f"""
        WITH begins AS MATERIALIZED (
          SELECT id, published, 2 AS rank FROM {_TABLE} WHERE title_key LIKE %s AND removed_at IS NULL LIMIT 2000
        ), holds AS MATERIALIZED (
          SELECT id, published, 1 AS rank FROM {_TABLE} WHERE lexemes @@ %s::tsquery LIMIT 2000
        ) SELECT h.id FROM holds h LEFT JOIN begins b USING (id)
        ORDER BY (b.id IS NOT NULL) DESC, h.published DESC, h.id DESC LIMIT %s
        """
        with _asking(reading=True) as cursor:
            cursor.execute(sql, [pattern, " & ".join(lexemes), query.limit])
            return tuple(row[0] for row in cursor.fetchall())

    def count(self) -> int:
        """Return the number of rows with lexemes."""
        with _asking() as cursor:
            cursor.execute(f"SELECT count(*) FROM {_TABLE} WHERE removed_at IS NULL")
            return int(cursor.fetchone()[0])

    def versions(self, *, after: int, limit: int) -> list[tuple[int, int]]:
        """Return (id, version), by id."""
        with _asking() as cursor:
            cursor.execute(
                f"SELECT id, version FROM {_TABLE} WHERE id > %s AND removed_at IS NULL ORDER BY id LIMIT %s",
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
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if reading:
                cursor.execute("; ".join(f"SET LOCAL {name} = {value}" for name, value in _PLANNED.items()))
            yield cursor
            if reading and connection.in_atomic_block:
                # An act that asks in the course of its own transaction goes on as it was.
                cursor.execute("; ".join(f"RESET {name}" for name in _PLANNED))
    except DatabaseError as problem:
        raise EngineUnavailable(str(problem)) from problem


def _matched(query: Query) -> tuple[str, list[Any]]:
    written = tsquery.matching(query)
    return ("lexemes @@ %s::tsquery", [written]) if written else ("removed_at IS NULL", [])


def _tiers(query: Query) -> tuple[str, str, list[Any]]:
    """Return (further CTEs, the tier of a row ``h`` as SQL, parameters)."""
    if query.order == Order.NEWEST or not query.groups:
        return "", "1", []
    narrowed = [tsquery.filters(query)] if query.filters else []
    ctes = f", titled AS MATERIALIZED (SELECT id FROM {_TABLE} WHERE lexemes @@ %s::tsquery)"
    params = [" & ".join([tsquery.in_title(query), *narrowed])]
    tier = "CASE WHEN h.id IN (SELECT id FROM titled) THEN 2 ELSE 1 END"
    if query.numbers:
        ctes += f", numbered AS MATERIALIZED (SELECT id FROM {_TABLE} WHERE lexemes @@ %s::tsquery)"
        params.append(" & ".join([tsquery.with_number(query), *narrowed]))
        tier = f"CASE WHEN h.id IN (SELECT id FROM numbered) THEN 3 ELSE {tier} END"
    return ctes, tier, params


def _counting(query: Query, most: int) -> tuple[str, list[Any]]:
    where, params = _matched(query)
    ctes, tier, tier_params = _tiers(query)
    first = "tier DESC, " if query.order == Order.RELEVANCE else ""
    parts = [
        "SELECT 'total' AS part, '' AS value, count(*) AS number FROM hit",
        f"SELECT 'hit', id::text, tier FROM (SELECT h.id, h.published, {tier} AS tier FROM hit h"
        f" WHERE (SELECT count(*) FROM hit) <= {most} ORDER BY {first}{_NEWEST} OFFSET %s LIMIT %s) AS ordered",
    ]
    counted, of_columns = "", []
    if query.facets:
        counted = ", topic, organisation, validity"
        ctes += _TOGETHER
        parts += [_APART, _SITES]
    if query.facets and query.columns_of is not None:
        counted += ", columns"
        parts.append(
            f"SELECT '{COLUMN}', split_part(place, ':', 2), count(*) FROM hit, string_to_table(columns, ' ') AS place"
            " WHERE starts_with(place, %s) GROUP BY place"
        )
        of_columns = [f"{query.columns_of}:"]
    sql = (
        f"WITH hit AS MATERIALIZED (SELECT id, published, year, kind, sites{counted} FROM {_TABLE} WHERE {where}"
        f" LIMIT {most + 1}){ctes} {' UNION ALL '.join(parts)}"
    )
    return sql, [*params, *tier_params, query.offset, query.limit, *of_columns]


def _walk(cursor: Any, query: Query) -> tuple[Hit, ...]:
    """Return hits of a question that has more of them than are counted: the newest are soon met by their date."""
    where, params = _matched(query)
    offset, wanted, found = query.offset, query.limit, list[Hit]()
    if query.order == Order.RELEVANCE and query.groups:
        narrowed = [tsquery.filters(query)] if query.filters else []
        without = [tsquery.exclusions(query)] if query.without else []
        titled = " & ".join([tsquery.in_title(query), *narrowed, *without])
        cursor.execute(
            f"WITH titled AS MATERIALIZED (SELECT id, published FROM {_TABLE} WHERE lexemes @@ %s::tsquery)"
            f" SELECT id, (SELECT count(*) FROM titled) FROM titled ORDER BY {_NEWEST} OFFSET %s LIMIT %s",
            [titled, offset, wanted],
        )
        rows = cursor.fetchall()
        found = [Hit(row[0], Tier.TITLE) for row in rows]
        if not rows:
            cursor.execute(f"SELECT count(*) FROM {_TABLE} WHERE lexemes @@ %s::tsquery", [titled])
            offset -= cursor.fetchone()[0]
        else:
            offset = 0
        if len(found) == wanted:
            return tuple(found)
        where, params = f"{where} AND NOT lexemes @@ %s::tsquery", [*params, titled]
    cursor.execute(
        f"SELECT id FROM (SELECT id, published, lexemes, removed_at FROM {_TABLE} WHERE removed_at IS NULL"
        f" ORDER BY {_NEWEST} LIMIT {_WALKED_AT_MOST}) AS newest WHERE {where} ORDER BY {_NEWEST} OFFSET %s LIMIT %s",
        [*params, offset, wanted - len(found)],
    )
    return (*found, *(Hit(row[0], Tier.TEXT) for row in cursor.fetchall()))
