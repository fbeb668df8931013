"""An installation into which a backup may go: a database without a table, or with what a killed restoring left."""

from typing import Any

from django.db import connection
from psycopg import sql

#: Is there from before the first table until everything is in its place: whoever finds it has half a platform.
MARK = "restoring_platform"
_OWN = "nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public', %(mark)s)"
_OTHERS = f"SELECT nspname FROM pg_catalog.pg_namespace WHERE {_OWN} ORDER BY 1"
_IN_PUBLIC = "SELECT count(*) FROM pg_catalog.pg_class WHERE relnamespace = 'public'::regnamespace"


def is_marked() -> bool:
    """Whether a restoring of the whole platform began here and has not ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [MARK])
        return bool(cursor.fetchone()[0])


def is_empty() -> bool:
    """Whether the database holds nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_PUBLIC)
        tables = cursor.fetchone()[0]
        return not tables and not _others(cursor)


def mark() -> None:
    """Say that a restoring begins. Call as owner."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(MARK)))


def unmark() -> None:
    """Say that it has ended, with the caller's transaction. Call as owner."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(MARK)))


def clear() -> None:
    """Drop what a killed restoring has left, schema after schema. Only of a database that is marked; call as owner."""
    if not is_marked():
        raise RuntimeError("only what a restoring has left is dropped")
    with connection.cursor() as cursor:
        for name in _others(cursor):
            cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
        cursor.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


def _others(cursor: Any) -> list[str]:
    cursor.execute(_OTHERS, {"mark": MARK})
    return [str(name) for (name,) in cursor.fetchall()]
