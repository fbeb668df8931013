"""Is the database at this code's state? Asked before anything is served."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql


def platform_is_current() -> bool:
    """Have ``public`` and the template every migration that the code knows?

    False for an empty database. Two statements, no introspection.
    """
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    try:
        return all(known <= _applied(schema) for schema in ("public", settings.TEMPLATE_SCHEMA))
    except DatabaseError:
        return False


def _applied(schema: str) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT app, name FROM {}.django_migrations").format(sql.Identifier(schema)))
        return {(app, name) for app, name in cursor.fetchall()}
