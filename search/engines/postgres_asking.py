"""A question as statements over the table of PostgresEntry.

Counting reads every hit once and keeps none: a row has a number for each part of it that is counted (migrations 0008
and 0011), and what these stand for is read from one row of each. Two of them go together where few pairs differ; with
one number for all, nearly every document does. Hits are found beside it, the best kind first: where
those that were met by number and title fill what was asked for, the others are not put in order at all.
"""

from types import MappingProxyType
from typing import Any

from govplatform.ways_of_writing import literally

from ..engine import COLUMN, Hit, Order, Query, Tier
from . import tsquery
from .postgres_writing import TABLE, TITLE

_NEWEST = "published DESC, id DESC"
#: With more hits than are counted, the newest are met within so many documents.
_WALKED_AT_MOST = 20_000
#: One title in so many begins with what was typed.
_OFTEN = 20
#: What one title in so many holds is met among so many of the newest, where anything is.
_MANY, _LOOKED_AT = 10, 1_000


def counting(query: Query, most: int) -> tuple[str, list[Any]]:
    """Return the statement of a question and its parameters: rows of (part, value, number).

    Parts are ``total``, ``hit`` (in their order; number is the tier) and the names of facets. With more hits than
    ``most``, those that were met by their text alone are not among them.
    """
    where, params = _matched(query)
    hits, hits_params = _hits(query, most)
    by = _counted_by(query)
    counted = f"SELECT id, {', '.join(by or ('form',))} FROM {TABLE} WHERE {where} LIMIT {most + 1}"
    if by:
        # Two numbers in one go, of which not many pairs are different: each go is a look into a table for every hit.
        together = ["form, subject", "places, office", *(["stands"] if "stands" in by else [])]
        counted = (
            f"SELECT {', '.join(by)}, min(id) AS id, count(*) AS number FROM ({counted}) AS met"
            f" GROUP BY GROUPING SETS (({'), ('.join(together)}))"
        )
    else:
        counted = f"SELECT 0 AS form, count(*) AS number FROM ({counted}) AS met"
    parts = [
        "SELECT 'total' AS part, '' AS value, number FROM total",
        "SELECT 'hit', id::text, tier::bigint FROM hits",
        *(_FACETS[number] for number in by),
    ]
    of_columns = [f"{query.columns_of}:"] if "stands" in by else []
    return (
        f"WITH counted AS MATERIALIZED ({counted}), total AS MATERIALIZED (SELECT coalesce(sum(number), 0)::bigint AS"
        f" number FROM counted WHERE form IS NOT NULL), {hits} {' UNION ALL '.join(parts)}",
        [*params, *hits_params, *of_columns],
    )


def walk(cursor: Any, query: Query) -> tuple[Hit, ...]:
    """Return hits of a question that has more of them than are counted: the newest are soon met by their date.

    Where they are not, as those of one bygone year are, all hits are put in order after all.
    """
    where, params = _matched(query)
    offset, wanted, found = query.offset, query.limit, list[Hit]()
    if query.order == Order.RELEVANCE and query.groups:
        titled = _titled(query)
        cursor.execute(
            f"WITH titled AS MATERIALIZED (SELECT id, published FROM {TABLE} WHERE lexemes @@ %s::tsquery)"
            f" SELECT id, (SELECT count(*) FROM titled) FROM titled ORDER BY {_NEWEST} OFFSET %s LIMIT %s",
            [titled, offset, wanted],
        )
        rows = cursor.fetchall()
        found = [Hit(row[0], Tier.TITLE) for row in rows]
        if not rows:
            cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE lexemes @@ %s::tsquery", [titled])
            offset -= cursor.fetchone()[0]
        else:
            offset = 0
        if len(found) == wanted:
            return tuple(found)
        where, params = f"{where} AND NOT lexemes @@ %s::tsquery", [*params, titled]
    wanted -= len(found)
    newest = f"({_by_date()}) AS newest WHERE {where}"
    every_one = f"(SELECT id, published FROM {TABLE} WHERE {where} OFFSET 0) AS met"
    for those in (newest, every_one):
        cursor.execute(f"SELECT id FROM {those} ORDER BY {_NEWEST} OFFSET %s LIMIT %s", [*params, offset, wanted])
        rows = cursor.fetchall()
        if len(rows) == wanted:
            break
    return (*found, *(Hit(row[0], Tier.TEXT) for row in rows))


def suggested(cursor: Any, query: Query, typed: str, most: int) -> list[int]:
    """Return ids of titles that hold the question, those that begin with ``typed`` first, each part newest first.

    Up to ``most`` of them are put in order; where more hold it, walking along the dates meets the newest sooner. What
    every tenth title holds, as the planner expects, is not counted before.
    """
    begins = literally(typed[:TITLE]) + "%"
    lexemes = _together(tsquery.in_title(query), tsquery.filters(query))
    begin, hold, every = _expected(cursor, begins, lexemes)
    if hold > most and hold * _MANY >= every:
        found = _of_many(cursor, begins, lexemes, query.limit, most, many_begin=begin * _MANY >= every)
        if found is not None:
            return found
    return _counted_first(cursor, begins, lexemes, query.limit, most)


# --- inside -------------------------------------------------------------------------------


def _of_one(number: str) -> str:
    """Return what each number was counted, and with it a row that has it, which is read for what it stands for."""
    return (
        f"(SELECT min(id) AS id, sum(number)::bigint AS number FROM counted WHERE {number} IS NOT NULL"
        f" GROUP BY {number}) AS c CROSS JOIN LATERAL (SELECT kind, year, topic, organisation, validity, sites, columns"
        f" FROM {TABLE} AS e WHERE e.id = c.id OFFSET 0) AS one"
    )


#: Number by which hits are counted -> what the numbers stand for, in words.
_FACETS = MappingProxyType({
    "form": (
        "SELECT CASE GROUPING(kind, year, validity) WHEN 3 THEN 'kind' WHEN 5 THEN 'year' ELSE 'validity' END,"
        f" coalesce(kind, year::text, validity), sum(number)::bigint FROM {_of_one('form')}"
        " GROUP BY GROUPING SETS ((kind), (year), (validity))"
    ),
    "subject": f"SELECT 'topic', topic, sum(number)::bigint FROM {_of_one('subject')} GROUP BY topic",
    "office": (
        f"SELECT 'organisation', organisation, sum(number)::bigint FROM {_of_one('office')} GROUP BY organisation"
    ),
    "places": (
        f"SELECT 'site', site::text, sum(number)::bigint FROM {_of_one('places')}, unnest(one.sites) AS site"
        " GROUP BY site"
    ),
    "stands": (
        f"SELECT '{COLUMN}', substr(place, strpos(place, ':') + 1), sum(number)::bigint FROM {_of_one('stands')},"
        " string_to_table(one.columns, ' ') AS place WHERE starts_with(place, %s) GROUP BY place"
    ),
})  # fmt: skip


def _hits(query: Query, most: int) -> tuple[str, list[Any]]:
    """Return CTEs of which the last one, ``hits``, has the hits that are asked for, and their parameters."""
    where, params = _matched(query)
    reached = query.offset + query.limit
    better: list[tuple[int, str]] = []
    if query.order == Order.RELEVANCE and query.groups:
        if query.numbers:
            better.append((int(Tier.NUMBER), _together(tsquery.matching(query), tsquery.with_number(query))))
        better.append((int(Tier.TITLE), _titled(query)))
    # The rows first and then their order: or the index of dates is walked for a handful of hits.
    met = f"(SELECT id, published FROM {TABLE} WHERE {{where}} OFFSET 0) AS met"
    first = f"(SELECT id, published, {{tier}} AS tier FROM {met}"
    last = f" ORDER BY {_NEWEST} LIMIT {reached})"
    tiers = " UNION ALL ".join(first.format(tier=tier, where="lexemes @@ %s::tsquery") + last for tier, _q in better)
    none = "SELECT 0::bigint AS id, now() AS published, 0 AS tier WHERE FALSE"
    texts = first.format(tier=int(Tier.TEXT), where=where) + (
        f" WHERE (SELECT count(*) FROM better) < {reached} AND (SELECT number FROM total) <= {most}"
        f" AND id NOT IN (SELECT id FROM better){last}"
    )
    ctes = (
        f"better AS MATERIALIZED (SELECT id, published, max(tier) AS tier FROM ({tiers or none}) AS met"
        f" GROUP BY id, published), hits AS MATERIALIZED (SELECT id, tier FROM (SELECT * FROM better UNION ALL {texts})"
        f" AS met ORDER BY tier DESC, {_NEWEST} OFFSET %s LIMIT %s)"
    )
    return ctes, [*(written for _tier, written in better), *params, query.offset, query.limit]


def _counted_by(query: Query) -> tuple[str, ...]:
    if not query.facets:
        return ()
    by = ("form", "subject", "office", "places")
    return by if query.columns_of is None else (*by, "stands")


def _matched(query: Query) -> tuple[str, list[Any]]:
    written = tsquery.matching(query)
    return ("lexemes @@ %s::tsquery", [written]) if written else ("removed_at IS NULL", [])


def _titled(query: Query) -> str:
    """Return the ``tsquery`` of hits by their title: who holds a group there holds it anywhere (``engine.Group``)."""
    return _together(tsquery.in_title(query), tsquery.filters(query), tsquery.exclusions(query))


def _together(*parts: str) -> str:
    return " & ".join(part for part in parts if part)


def _by_date(within: int = _WALKED_AT_MOST) -> str:
    return (
        f"SELECT id, published, title_key, lexemes, removed_at FROM {TABLE} WHERE removed_at IS NULL"
        f" ORDER BY {_NEWEST} LIMIT {within}"
    )


def _expected(cursor: Any, begins: str, lexemes: str) -> tuple[int, int, int]:
    """Return how many titles begin so, how many hold it and how many there are, as the planner expects."""
    cursor.execute(
        f"EXPLAIN (FORMAT JSON) SELECT id FROM {TABLE} WHERE title_key LIKE %s"
        f" UNION ALL SELECT id FROM {TABLE} WHERE lexemes @@ %s::tsquery"
        f" UNION ALL SELECT id FROM {TABLE} WHERE removed_at IS NULL",
        [begins, lexemes],
    )
    plan = cursor.fetchone()[0]
    begin, hold, every = (part["Plan Rows"] for part in plan[0]["Plan"]["Plans"])
    return begin, hold, every


def _of_many(cursor: Any, begins: str, lexemes: str, limit: int, most: int, *, many_begin: bool) -> list[int] | None:
    """Return the ids where very many titles hold the question, by their dates alone; None where these are too few."""
    if many_begin:
        found = _walked(cursor, "title_key LIKE %s AND lexemes @@ %s::tsquery", [begins, lexemes], limit, _LOOKED_AT)
        if len(found) == limit:
            return found
    first = _beginning(cursor, begins, lexemes, limit, most)
    found = _walked(cursor, "lexemes @@ %s::tsquery", [lexemes], limit, _LOOKED_AT)
    return None if first is None or len(found) < limit else list(dict.fromkeys([*first, *found]))[:limit]


def _counted_first(cursor: Any, begins: str, lexemes: str, limit: int, most: int) -> list[int]:
    cursor.execute(
        f"WITH met AS MATERIALIZED (SELECT id, published, title_key LIKE %s AS begins FROM {TABLE}"
        f" WHERE lexemes @@ %s::tsquery LIMIT {most + 1})"
        " SELECT id, (SELECT count(*) FROM met), (SELECT count(*) FROM met WHERE begins)"
        f" FROM met ORDER BY begins DESC, {_NEWEST} LIMIT %s",
        [begins, lexemes, limit],
    )
    rows = cursor.fetchall()
    if not rows or rows[0][1] <= most:
        return [row[0] for row in rows]
    # Where many of those that were met begin so, the newest of them are soon met by their date as well.
    found: list[int] = []
    if rows[0][2] * _OFTEN >= most:
        found = _walked(cursor, "title_key LIKE %s AND lexemes @@ %s::tsquery", [begins, lexemes], limit)
    if len(found) < limit:
        found = _beginning(cursor, begins, lexemes, limit, most) or found
    if len(found) < limit:
        found += _walked(cursor, "lexemes @@ %s::tsquery", [lexemes], limit)
    return list(dict.fromkeys(found))[:limit]


def _walked(cursor: Any, where: str, params: list[Any], limit: int, within: int = _WALKED_AT_MOST) -> list[int]:
    """Return ids of the newest rows that are so, met by their date."""
    cursor.execute(f"SELECT id FROM ({_by_date(within)}) AS newest WHERE {where} LIMIT %s", [*params, limit])
    return [row[0] for row in cursor.fetchall()]


def _beginning(cursor: Any, begins: str, lexemes: str, limit: int, most: int) -> list[int] | None:
    """Return ids of the newest titles that begin so and hold the question; None where too many begin so."""
    cursor.execute(
        f"WITH met AS MATERIALIZED (SELECT id, published, lexemes FROM {TABLE} WHERE title_key LIKE %s"
        f" AND removed_at IS NULL LIMIT {most + 1}) SELECT id, (SELECT count(*) FROM met)"
        f" FROM (SELECT * FROM met ORDER BY {_NEWEST}) AS ordered WHERE lexemes @@ %s::tsquery LIMIT %s",
        [begins, lexemes, limit],
    )
    rows = cursor.fetchall()
    return [row[0] for row in rows] if not rows or rows[0][1] <= most else None
