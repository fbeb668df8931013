"""What a schema consists of, out of PostgreSQL's catalogue: tables, sequences, and its structure as a digest."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from psycopg import sql

from govplatform.tenancy.current import forget_search_path

#: Stands for the schema's name in a dump, so that it may be built under any name.
PLACEHOLDER = "@site@"

_TABLES = """
SELECT c.relname,
  (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
  (SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i
    CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
    WHERE i.indrelid = c.oid AND i.indisprimary),
  (SELECT array_agg(a.attname::text) FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attcollation <> 0)
FROM pg_class c WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname
"""
_STRUCTURE = """
WITH mine AS (SELECT c.* FROM pg_class c WHERE c.relnamespace = %(schema)s::regnamespace)
SELECT line FROM (
  SELECT concat_ws(' ', 'relation', relkind, relname) AS line FROM mine
  UNION ALL SELECT concat_ws(' ', 'column', m.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
      a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
    FROM mine m JOIN pg_attribute a ON a.attrelid = m.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = m.oid AND d.adnum = a.attnum WHERE m.relkind IN ('r', 'p')
  UNION ALL SELECT concat_ws(' ', 'constraint', m.relname, k.conname, pg_get_constraintdef(k.oid), k.convalidated)
    FROM mine m JOIN pg_constraint k ON k.conrelid = m.oid
  UNION ALL SELECT concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid), i.indisvalid)
    FROM mine m JOIN pg_index i ON i.indrelid = m.oid
  UNION ALL SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), t.tgenabled)
    FROM mine m JOIN pg_trigger t ON t.tgrelid = m.oid WHERE NOT t.tgisinternal
  UNION ALL SELECT concat_ws(' ', 'sequence', m.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement,
      s.seqmax, s.seqmin, s.seqcache, s.seqcycle, o.relname, a.attname, p.deptype)
    FROM mine m JOIN pg_sequence s ON s.seqrelid = m.oid
    LEFT JOIN pg_depend p ON p.objid = m.oid AND p.classid = 'pg_class'::regclass
      AND p.refclassid = 'pg_class'::regclass AND p.deptype IN ('a', 'i')
    LEFT JOIN pg_class o ON o.oid = p.refobjid
    LEFT JOIN pg_attribute a ON a.attrelid = p.refobjid AND a.attnum = p.refobjsubid
  UNION ALL SELECT concat_ws(' ', 'function', pg_get_functiondef(f.oid))
    FROM pg_proc f WHERE f.pronamespace = %(schema)s::regnamespace AND f.prokind <> 'a'
) AS lines
"""
_WEIGHT = """
SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('r', 'p')
"""


@dataclass(frozen=True)
class Table:
    """One table. ``columns``: those that have values of their own, in their order; ``order``: what its rows are sorted
    by, so that equal rows give equal bytes (its key; without one, the whole row as text).
    """

    name: str
    columns: tuple[str, ...]
    order: sql.Composable


@contextmanager
def plain_session() -> Iterator[None]:
    """A transaction in which names are written in full and values in one form, whatever the server's settings."""
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in (
            "search_path = pg_catalog", "timezone = 'UTC'", "datestyle = 'ISO, YMD'", "intervalstyle = 'postgres'",
            "bytea_output = 'hex'", "extra_float_digits = 1", "check_function_bodies = off",
        ):  # fmt: skip
            cursor.execute(f"SET LOCAL {setting}")
        try:
            yield
        finally:
            forget_search_path()


def exists(schema: str) -> bool:
    """Whether there is a schema of that name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(quote_ident(%s)) IS NOT NULL", [schema])
        return bool(cursor.fetchone()[0])


def tables_of(schema: str) -> list[Table]:
    """The tables of ``schema``, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, {"schema": schema})
        rows = cursor.fetchall()
    return [Table(name, tuple(columns), _order(key, set(words or ()))) for name, columns, key, words in rows]


def _order(key: list[str] | None, words: set[str]) -> sql.Composable:
    if not key:
        return sql.SQL('found::text COLLATE "C"')
    # Words in the order of their bytes: that of a language differs from server to server.
    one, word = sql.SQL("{}"), sql.SQL('{} COLLATE "C"')
    return sql.SQL(", ").join((word if name in words else one).format(sql.Identifier(name)) for name in key)


def sequences_of(schema: str) -> dict[str, tuple[int, bool]]:
    """Name -> (last value, whether it was given out)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'S'"
            " ORDER BY relname",
            [schema],
        )
        names = [name for (name,) in cursor.fetchall()]
        if not names:
            return {}
        one = sql.SQL("SELECT {}, last_value, is_called FROM {}")
        cursor.execute(
            sql.SQL(" UNION ALL ").join(one.format(sql.Literal(name), sql.Identifier(schema, name)) for name in names)
        )
        return {name: (value, called) for name, value, called in cursor.fetchall()}


def set_sequences(schema: str, values: dict[str, tuple[int, bool]]) -> None:
    """Give the sequences of ``schema`` these values."""
    if not values:
        return
    one = sql.SQL("SELECT setval(format('%I.%I', {s}::text, {n}::text)::regclass, {v}, {c})")
    statements = [
        one.format(s=sql.Literal(schema), n=sql.Literal(name), v=sql.Literal(value), c=sql.Literal(called))
        for name, (value, called) in sorted(values.items())
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(statements))


def structure_digest(schema: str) -> str:
    """SHA-256 over tables, columns, constraints, indexes, triggers and sequences, without the schema's own name.

    Call in a ``plain_session``.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STRUCTURE, {"schema": schema})
        lines = sorted(without_name(line, schema) for (line,) in cursor.fetchall())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def migrations_of(schema: str) -> list[list[str]]:
    """``[app, name]`` of the migrations that ``schema`` has, in the order in which it got them."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT app, name FROM {}.django_migrations ORDER BY id").format(sql.Identifier(schema)))
        return [[app, name] for app, name in cursor.fetchall()]


def weight_of(schema: str) -> int:
    """Bytes that the tables of ``schema`` take in the database, with indexes."""
    with connection.cursor() as cursor:
        cursor.execute(_WEIGHT, [schema])
        return int(cursor.fetchone()[0])


def without_name(text: str, schema: str) -> str:
    """``text`` of PostgreSQL with ``PLACEHOLDER`` wherever the schema is named before a point."""
    return re.sub(rf"(?<![A-Za-z0-9_$.]){re.escape(schema)}(?=\.)", PLACEHOLDER, text)
