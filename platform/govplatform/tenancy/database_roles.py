"""The two database roles of decision 004: the owner, and the application that owns nothing."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext as _
from psycopg import sql

from govplatform.refusals import Refused

#: Tables that only migrations and the template fill: what a page is, what a role may do.
#: The gate asks them, so whoever could rename a content type could rename the gate away.
_MIGRATIONS_ONLY = frozenset(
    {
        "django_migrations", "django_content_type", "auth_group", "auth_permission", "auth_group_permissions",
        "tenancy_schemastate",
    }
)  # fmt: skip

#: Hold no content and are written while somebody only looks: who has which page open, who is told of its comments (a
#: row for whoever opens its editor first), and what a person has chosen for the look of the console.
WRITTEN_WHILE_READING = frozenset(
    {"wagtailadmin_editingsession", "wagtailcore_pagesubscription", "wagtailusers_userprofile"}
)


@contextmanager
def as_owner() -> Iterator[None]:
    """Work with the rights of the login that owns the tables, and with the application's again afterwards.

    Raises Refused in a process that logged in as the application: web servers and the ordinary worker can neither make
    schemas nor migrate.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        login, current = cursor.fetchone()
        if login == settings.APP_DATABASE_ROLE:
            raise Refused(_("这个进程以应用角色登录数据库，无权建站或迁移；请交给有所有者权限的后台进程执行。"))
        if login == current:
            yield
            return
        cursor.execute("RESET ROLE")
    try:
        yield
    finally:
        _back_to_app_role()


def work_as_owner() -> None:
    """Take the owner's rights again inside ``as_owner``, after the connection was made anew."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def _back_to_app_role() -> None:
    statement = sql.SQL("SET ROLE {}").format(sql.Identifier(settings.APP_DATABASE_ROLE))
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        # An aborted transaction takes no statement; its rollback restores the role by itself.
        if not connection.in_atomic_block:
            connection.close()
            raise
    except TransactionManagementError:
        pass


def ensure_app_role() -> None:
    """Create the application's role when it is missing, and make the login a member of it. Call as owner.

    Raises Refused with the statement for the database's administrator when the login may not create roles.
    """
    role = settings.APP_DATABASE_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
            if not cursor.fetchone()[0]:
                raise Refused(
                    _(
                        "数据库登录用户不能创建角色。请让数据库管理员执行："
                        "CREATE ROLE %(role)s LOGIN; GRANT %(role)s TO 登录用户;"
                    )
                    % {"role": role}
                )
            # Two platforms may come up on one cluster at the same moment.
            cursor.execute(
                sql.SQL(
                    "DO $$ BEGIN CREATE ROLE {} LOGIN;"
                    " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
                ).format(sql.Identifier(role))
            )
        cursor.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [role])
        if not cursor.fetchone()[0]:
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))


def grant_schema(schema: str) -> None:
    """Grant the application's role what it needs in ``schema`` and no more. Call as owner.

    Append-only tables can be added to, tables that only migrations fill can only be read. In the schema of a frozen
    site (``freezing.py``) everything can only be read, but for WRITTEN_WHILE_READING.
    """
    with connection.cursor() as cursor:
        frozen = _is_frozen(cursor, schema)
        _on(cursor, schema, "GRANT USAGE ON SCHEMA {s} TO {r}")
        _on(cursor, schema, "GRANT SELECT ON ALL TABLES IN SCHEMA {s} TO {r}")
        _on(cursor, schema, "GRANT SELECT ON ALL SEQUENCES IN SCHEMA {s} TO {r}")
        if frozen:
            _on(cursor, schema, "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA {s} FROM {r}")
            _on(cursor, schema, "REVOKE USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA {s} FROM {r}")
            for table in _present(cursor, schema, WRITTEN_WHILE_READING):
                _on(cursor, schema, "GRANT INSERT, UPDATE, DELETE ON {s}.{t} TO {r}", table)
                _on(cursor, schema, "GRANT USAGE ON SEQUENCE {s}.{t} TO {r}", f"{table}_id_seq")
            return
        _on(cursor, schema, "GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {s} TO {r}")
        _on(cursor, schema, "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {s} TO {r}")
        for table in _present(cursor, schema, {*settings.APPEND_ONLY_TABLES, *_MIGRATIONS_ONLY}):
            withheld = "INSERT, UPDATE, DELETE, TRUNCATE" if table in _MIGRATIONS_ONLY else "UPDATE, DELETE, TRUNCATE"
            _on(cursor, schema, f"REVOKE {withheld} ON {{s}}.{{t}} FROM {{r}}", table)


def tables_of(cursor: Any, schema: str) -> list[str]:
    """The names of all tables of ``schema``, in their order."""
    # Not information_schema: its views look at every table of every site.
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(%s))"
        " AND relkind IN ('r', 'p') ORDER BY relname",
        [schema],
    )
    return [str(name) for (name,) in cursor.fetchall()]


def _present(cursor: Any, schema: str, wanted: Iterable[str]) -> list[str]:
    names = set(wanted)
    return [table for table in tables_of(cursor, schema) if table in names]


def _is_frozen(cursor: Any, schema: str) -> bool:
    if not schema.startswith(settings.SITE_SCHEMA_PREFIX):
        # public, the template: they belong to no site, and their rights are set before there is a table of sites.
        return False
    cursor.execute("SELECT frozen FROM public.tenancy_tenant WHERE schema_name = %s", [schema])
    row = cursor.fetchone()
    return bool(row and row[0])


def _on(cursor: Any, schema: str, statement: LiteralString, table: str = "") -> None:
    role = sql.Identifier(settings.APP_DATABASE_ROLE)
    cursor.execute(sql.SQL(statement).format(s=sql.Identifier(schema), t=sql.Identifier(table), r=role))
