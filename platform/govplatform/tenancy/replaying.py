"""Migrating one site: the recorded SQL of the template's migrations is replayed in it, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from govplatform.refusals import Refused

from .current import forget_search_path
from .database_roles import grant_schema
from .models import FleetMigration
from .schema_states import Digests, read_migration_digest, renewed_digest, settled_digest
from .template_schema import drop_foreign_keys_to_public, migrate_schema

if TYPE_CHECKING:
    from typing import LiteralString

Key = tuple[str, str]
#: First line of a recording after which neither permissions nor grants change.
FIELDS_ONLY = "-- fields only"


@dataclass
class Replay:
    """The recorded migrations of one fleet migration, to be replayed in sites.

    ``recorded``: (app, name) -> SQL or None. What a site lacks is worked out once for all sites in the same state: they
    lack the same and end in the same state.
    """

    recorded: dict[Key, str | None]
    _missing: dict[str, list[Key]] = field(default_factory=dict)
    _reached: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_the_template(cls) -> "Replay":
        """Load everything that was recorded on the template and that some site may lack."""
        return cls({(m.app, m.name): m.sql for m in FleetMigration.objects.all()})

    def migrate_site(self, schema: str, state: Digests) -> None:
        """Bring ``schema`` from ``state`` to the template's migrations. Call as owner, outside of a transaction.

        Raises DatabaseError when the database refuses, and Refused when the site has migrations that this code does not
        know; nothing of the site is changed then.
        """
        if state.migrations not in self._missing:
            self._missing[state.migrations] = _missing(schema)
        missing = self._missing[state.migrations]
        if not missing:
            raise Refused(_surplus(schema))
        statements = [self.recorded.get(key) for key in missing]
        if None in statements:
            # A migration that runs Python (or one whose recording is gone): Django's own executor.
            _migrate_by_django(schema)
        elif all(text.startswith(FIELDS_ONLY) for text in statements if text):
            self._replay_fields(schema, state, missing)
        else:
            self._replay_all(schema, missing)

    def _replay_fields(self, schema: str, state: Digests, missing: list[Key]) -> None:
        """Nothing follows the statements themselves, so they go in one round trip with their transaction."""
        reached = self._reached.get(state.migrations)
        note = renewed_digest(schema) if reached is None else settled_digest(schema, state, len(missing), reached)
        _run_at_once(_script(schema, missing, self.recorded, note))
        if reached is None:
            self._reached[state.migrations] = read_migration_digest(schema)

    def _replay_all(self, schema: str, missing: list[Key]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            # Django's cursor is bypassed, so its exceptions are made here: callers expect DatabaseError.
            with connection.wrap_database_errors:
                cursor.cursor.execute(_script(schema, missing, self.recorded, renewed_digest(schema)))
            # In the same transaction: a run killed in between would leave tables that nobody may read.
            _copy_permissions(cursor, schema)
            if _has_ungranted(cursor, schema):
                grant_schema(schema)
        forget_search_path()


def _migrate_by_django(schema: str) -> None:
    try:
        migrate_schema(schema)
        drop_foreign_keys_to_public(schema)
        grant_schema(schema)
    finally:
        forget_search_path()


def _run_at_once(script: str) -> None:
    """``script`` as one transaction in one round trip; the search path is as before it."""
    if connection.in_atomic_block:
        with transaction.atomic(), connection.cursor() as cursor, connection.wrap_database_errors:
            cursor.cursor.execute(script)
        forget_search_path()
        return
    with connection.cursor() as cursor:
        try:
            with connection.wrap_database_errors:
                cursor.cursor.execute(f"BEGIN;\n{script};\nCOMMIT")
        except DatabaseError:
            # Django does not know of the BEGIN in the script, so the rollback is sent past it as well.
            connection.connection.rollback()
            raise


def _missing(schema: str) -> list[Key]:
    return _only_in(settings.TEMPLATE_SCHEMA, schema)


def _surplus(schema: str) -> str:
    names = "、".join(f"{app}.{name}" for app, name in _only_in(schema, settings.TEMPLATE_SCHEMA))
    return _("站点记录了这个版本的程序没有的迁移：%(names)s。请用装有这些迁移的版本，或从备份恢复。") % {"names": names}


def _only_in(schema: str, other: str) -> list[Key]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT t.app, t.name FROM {t}.django_migrations t"
                " LEFT JOIN {s}.django_migrations s USING (app, name)"
                " WHERE s.id IS NULL ORDER BY t.id"
            ).format(t=sql.Identifier(schema), s=sql.Identifier(other))
        )
        return [(app, name) for app, name in cursor.fetchall()]


def replay_script(schema: str, statements: Iterable[tuple[str, str, str | None]]) -> str:
    """Return the SQL that applies ``statements``, (app, name, SQL) each, to ``schema`` and records them as migrated.

    It sets the search path for its transaction, so call ``forget_search_path`` after running it.
    """
    parts: list[sql.Composable] = [sql.SQL("SET LOCAL search_path = {}, public").format(sql.Identifier(schema))]
    for app, name, text in statements:
        if text:
            parts.append(sql.SQL(cast("LiteralString", text)))
        parts.append(
            sql.SQL("INSERT INTO django_migrations (app, name, applied) VALUES ({}, {}, now())").format(app, name)
        )
    return sql.SQL("\n;\n").join(parts).as_string(None)


def _script(schema: str, missing: Sequence[Key], recorded: dict[Key, str | None], note: sql.Composable) -> str:
    """All statements of one site as one string."""
    # A crash may lose the last sites' commits; the next run does those sites again.
    head = "SET LOCAL lock_timeout = '5s'; SET LOCAL synchronous_commit = off"
    body = replay_script(schema, [(app, name, recorded[app, name]) for app, name in missing])
    return "\n;\n".join([head, body, note.as_string(None)])


def _has_ungranted(cursor: Any, schema: str) -> bool:
    """Granting writes every relation's row in the catalogue, so it is done only where one is new."""
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(%(schema)s))"
        " AND CASE WHEN relkind IN ('r', 'p') THEN NOT has_table_privilege(%(role)s, oid, 'SELECT')"
        " WHEN relkind = 'S' THEN NOT has_sequence_privilege(%(role)s, oid, 'USAGE') ELSE false END)",
        {"schema": schema, "role": settings.APP_DATABASE_ROLE},
    )
    return bool(cursor.fetchone()[0])


def _copy_permissions(cursor: Any, schema: str) -> None:
    """New models' content types and permissions, and who holds them, by natural key (trap T1)."""
    names = {"t": sql.Identifier(settings.TEMPLATE_SCHEMA), "s": sql.Identifier(schema)}
    for statement in (
        "INSERT INTO {s}.django_content_type (app_label, model)"
        " SELECT app_label, model FROM {t}.django_content_type"
        " EXCEPT SELECT app_label, model FROM {s}.django_content_type",
        "INSERT INTO {s}.auth_permission (name, codename, content_type_id)"
        " SELECT p.name, p.codename, c.id FROM {t}.auth_permission p"
        " JOIN {t}.django_content_type d ON d.id = p.content_type_id"
        " JOIN {s}.django_content_type c USING (app_label, model)"
        " WHERE NOT EXISTS (SELECT 1 FROM {s}.auth_permission q"
        "  WHERE q.content_type_id = c.id AND q.codename = p.codename)",
        "INSERT INTO {s}.auth_group_permissions (group_id, permission_id)"
        " SELECT h.id, q.id FROM {t}.auth_group_permissions x"
        " JOIN {t}.auth_group g ON g.id = x.group_id JOIN {s}.auth_group h ON h.name = g.name"
        " JOIN {t}.auth_permission p ON p.id = x.permission_id"
        " JOIN {t}.django_content_type d ON d.id = p.content_type_id"
        " JOIN {s}.django_content_type c ON c.app_label = d.app_label AND c.model = d.model"
        " JOIN {s}.auth_permission q ON q.content_type_id = c.id AND q.codename = p.codename"
        " ON CONFLICT DO NOTHING",
    ):
        cursor.execute(sql.SQL(statement).format(**names))
