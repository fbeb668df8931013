"""Digests of the migrations and rights of every schema, kept so that they need not be computed each time.

Computing them means opening eight tables of each schema, five milliseconds a site. They are kept in ``SchemaState``;
triggers on those tables remove them whenever one changes, whoever changes it. A kept digest counts only while the
schema is the one that was read and all its triggers are there and enabled; otherwise it is computed anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import connection, transaction
from psycopg import sql

from govplatform.refusals import Refused

from .database_roles import as_owner
from .frame import frames
from .models import SchemaState
from .over_sites import ask_sites

#: The tables that the digests are made of, each with a trigger of the name below.
WATCHED = (
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "wagtailcore_groupcollectionpermission",
    "wagtailcore_grouppagepermission",
)
TRIGGER = "gov_note_state"

_DIGEST = sql.SQL("md5(string_agg(app || '.' || name, ',' ORDER BY app, name))")
_EVIDENCE = """
WITH watched AS (
  SELECT k.relnamespace AS schema, count(*) AS triggers FROM pg_class k
    JOIN pg_trigger t ON t.tgrelid = k.oid AND t.tgname = %s AND t.tgenabled IN ('O', 'A')
  WHERE k.relname = ANY(%s) GROUP BY k.relnamespace
)
SELECT n.nspname, c.oid::bigint, s.changes, s.table_oid = c.oid::bigint AND w.triggers = %s, s.migrations, s.rights
FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'django_migrations'
  LEFT JOIN watched w ON w.schema = n.oid
  LEFT JOIN public.tenancy_schemastate s ON s.schema_name = n.nspname
WHERE n.nspname = ANY(%s)
"""


@dataclass(frozen=True)
class Digests:
    """The state of one schema as two MD5 digests, 32 hexadecimal digits each.

    ``migrations``: of the names of its applied migrations; ``rights``: of the rights of its groups, by natural keys.
    """

    migrations: str
    rights: str
    #: How often the schema had changed when it was looked at; None where nobody counts.
    changes: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class _Seen:
    oid: int
    changes: int | None
    migrations: str | None
    rights: str | None

    def digests(self) -> Digests:
        return Digests(self.migrations or "", self.rights or "", self.changes)


def read_states(schemas: Sequence[str]) -> dict[str, Digests]:
    """Return schema -> its digests, kept or computed; a schema that is missing or cannot be read is left out.

    What had to be computed is kept, if this process may work as owner.
    """
    if not _is_kept():
        # A database of an earlier version, which is only now to be migrated.
        return _read(schemas)
    seen = _look_at(schemas)
    stale = [name for name, one in seen.items() if one.migrations is None or one.rights is None]
    read: dict[str, Digests] = {}
    if stale:
        try:
            with as_owner():
                read = _read_and_keep(stale, seen)
        except Refused:
            # The application's login may read the schemas, but not change SchemaState.
            read = _read(stale)
    known = {name: one.digests() for name, one in seen.items() if name not in stale}
    return {**known, **read}


def note_new_schema(schema: str, digests: Digests) -> None:
    """Keep ``digests`` for a schema that has just been built from the template.

    Call as owner, in the same transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.tenancy_schemastate (schema_name, table_oid, migrations, rights, changes)"
            " SELECT %(schema)s, c.oid::bigint, %(migrations)s, %(rights)s, 0 FROM pg_class c"
            " WHERE c.relname = 'django_migrations' AND c.relnamespace = to_regnamespace(quote_ident(%(schema)s))"
            " ON CONFLICT (schema_name) DO UPDATE SET table_oid = EXCLUDED.table_oid, rights = EXCLUDED.rights,"
            " migrations = EXCLUDED.migrations, changes = tenancy_schemastate.changes + 1",
            {"schema": schema, "migrations": digests.migrations, "rights": digests.rights},
        )


def renewed_digest(schema: str) -> sql.Composed:
    """Return the statement that computes and keeps the digest of ``schema``'s migrations after they have changed.

    For use in the transaction that changed them: that holds the row of ``SchemaState``, so nobody else can have kept
    the digest of another state meanwhile.
    """
    return sql.SQL(
        "UPDATE public.tenancy_schemastate SET migrations = (SELECT {digest} FROM {schema}.django_migrations)"
        " WHERE schema_name = {name}"
    ).format(digest=_DIGEST, schema=sql.Identifier(schema), name=sql.Literal(schema))


def settled_digest(schema: str, before: Digests, statements: int, after: str) -> sql.Composed:
    """Return the statement that keeps ``after``, a digest known beforehand, as that of ``schema``'s migrations.

    For use after ``statements`` changes of its record of migrations. It takes effect only if nobody else has changed
    the schema since ``before`` was read; otherwise no digest is kept, and it is computed at the next reading.
    """
    return sql.SQL(
        "UPDATE public.tenancy_schemastate SET migrations = {after} WHERE schema_name = {name} AND changes = {changes}"
    ).format(
        after=sql.Literal(after),
        name=sql.Literal(schema),
        changes=sql.Literal((before.changes or 0) + statements),
    )


def read_migration_digest(schema: str) -> str:
    """Compute the digest of one schema's applied migrations. Raises KeyError for a schema that cannot be read."""
    return migration_digests([schema])[schema]


def migration_digests(schemas: Sequence[str]) -> dict[str, str]:
    """Compute schema -> digest of its applied migrations ('' for none) for all ``schemas`` in one statement.

    A schema that is missing or cannot be read is left out.
    """
    one = sql.SQL("SELECT {label}, {digest} FROM {schema}.django_migrations")
    found = ask_sites(
        lambda name: one.format(label=sql.Literal(name), digest=_DIGEST, schema=sql.Identifier(name)), schemas
    )
    # A table without rows has no digest.
    return {schema: digest or "" for schema, digest in found}


def _is_kept() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.tenancy_schemastate') IS NOT NULL")
        return bool(cursor.fetchone()[0])


def _look_at(schemas: Sequence[str]) -> dict[str, _Seen]:
    with connection.cursor() as cursor:
        cursor.execute(_EVIDENCE, [TRIGGER, list(WATCHED), len(WATCHED), list(schemas)])
        return {
            name: _Seen(oid, changes, migrations if holds else None, rights if holds else None)
            for name, oid, changes, holds, migrations, rights in cursor.fetchall()
        }


def _read(schemas: Sequence[str]) -> dict[str, Digests]:
    applied, rights = migration_digests(schemas), frames(list(schemas))
    return {name: Digests(applied[name], rights[name] or "") for name in schemas if name in applied and name in rights}


def _read_and_keep(stale: Sequence[str], seen: dict[str, _Seen]) -> dict[str, Digests]:
    if unknown := [name for name in stale if seen[name].changes is None]:
        # Rows are made before the schemas are read, so that the triggers count changes from now on.
        SchemaState.objects.bulk_create([SchemaState(schema_name=name) for name in unknown], ignore_conflicts=True)
        seen = {**seen, **_look_at(unknown)}
    read = {name: replace(digests, changes=seen[name].changes) for name, digests in _read(stale).items()}
    _keep(read, seen)
    return read


def _keep(read: dict[str, Digests], seen: dict[str, _Seen]) -> None:
    """Write down what was read, unless the schema has changed since ``seen``."""
    rows = [(name, seen[name].oid, d.migrations, d.rights, d.changes) for name, d in read.items()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE public.tenancy_schemastate s SET table_oid = r.oid, migrations = r.migrations, rights = r.rights"
            " FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::bigint[])"
            " AS r (schema_name, oid, migrations, rights, changes)"
            " WHERE s.schema_name = r.schema_name AND s.changes = r.changes",
            [list(column) for column in zip(*rows, strict=True)],
        )
