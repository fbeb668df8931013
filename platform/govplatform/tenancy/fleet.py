"""One migration for the whole fleet: run once on the template, replayed everywhere (decision 003).

Each site is one transaction; a site that fails is reported and the rest go on; what was done
stays done, so a killed run is simply started again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations import Migration, RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
    SeparateDatabaseAndState,
)
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context
from psycopg import sql

from govplatform.refusals import Refused

from .current import forget_search_path
from .database_roles import as_owner, grant_schema
from .each_site import recover_connection
from .frame import bring_rights_in_line, schemas_with_other_rights
from .models import FleetMigration, TemplateDump, Tenant
from .over_sites import ask_sites
from .template_schema import (
    drop_foreign_keys_to_public,
    fill_template,
    migrate_schema,
    rights_are_known,
    start_dump,
    template_fingerprint,
)

if TYPE_CHECKING:
    from typing import LiteralString

Key = tuple[str, str]
#: First line of a recording after which neither permissions nor grants change.
_FIELDS_ONLY = "-- fields only"
#: Stands for the state of a schema that is not there or cannot be read.
_UNREADABLE = ""
_FIELD_OPERATIONS = (AddField, AlterField, RemoveField, AddIndex, RemoveIndex, AddConstraint, RemoveConstraint)
Progress = Callable[[int, int, str], None]


@dataclass
class FleetReport:
    """``sites``: how many; ``current``: up to date (after the run); ``migrated``: changed by it."""

    sites: int = 0
    current: int = 0
    migrated: int = 0
    pending: int = 0
    failed: list[dict[str, str]] = field(default_factory=list)


def schemas_behind() -> tuple[list[str], int]:
    """Schemas whose applied migrations differ from the template's, and the number of sites.

    One statement whatever the number of sites (0.3 s for 200). A schema that cannot be read is behind as well.
    """
    behind, sites = _behind()
    return list(behind), sites


def _behind() -> tuple[dict[str, str], int]:
    """The same, with the digest of each schema's applied migrations; '' for one that cannot be read."""
    schemas = list(Tenant.objects.order_by("schema_name").values_list("schema_name", flat=True))
    if not schemas:
        return {}, 0
    states = _states([*schemas, settings.TEMPLATE_SCHEMA])
    wanted = states[settings.TEMPLATE_SCHEMA]
    return {s: states.get(s, _UNREADABLE) for s in schemas if states.get(s) != wanted}, len(schemas)


def _states(schemas: list[str]) -> dict[str, str]:
    one = sql.SQL(
        "SELECT {label}, md5(string_agg(app || '.' || name, ',' ORDER BY app, name)) FROM {schema}.django_migrations"
    )
    return dict(ask_sites(lambda name: one.format(label=sql.Literal(name), schema=sql.Identifier(name)), schemas))


def check_fleet() -> FleetReport:
    """Who is behind, without changing anything; ``pending`` counts migrations the code has and the template lacks."""
    behind, sites = _behind()
    others = list(Tenant.objects.exclude(schema_name__in=behind).values_list("schema_name", flat=True))
    differing = schemas_with_other_rights(others)
    return FleetReport(
        sites=sites,
        current=sites - len(behind) - len(differing),
        pending=len(_pending(settings.TEMPLATE_SCHEMA)),
        failed=[{"site": schema, "reason": _unreadable()} for schema, state in behind.items() if state == _UNREADABLE],
    )


def _unreadable() -> str:
    return _("站点的模式不存在，或读不到它的迁移记录。")


def migrate_fleet(progress: Progress | None = None) -> FleetReport:
    """Bring ``public``, the template and every site to the code's migrations.

    Raises Refused where there is no template: its tables would all be made in ``public``.
    """
    with as_owner():
        _require_template()
        _migrate_public()
        grant_schema("public")
        # An earlier run was killed, or a site failed in it: nothing is known of the rights then.
        resumed = FleetMigration.objects.exists()
        finish_dump = _migrate_template()
        behind, sites = _behind()
        recorded = {(m.app, m.name): m.sql for m in FleetMigration.objects.all()}
        missing: dict[str, list[Key]] = {}
        report = FleetReport(sites=sites)
        for number, (schema, state) in enumerate(behind.items(), 1):
            try:
                if state == _UNREADABLE:
                    raise Refused(_unreadable())
                if state not in missing:
                    # Sites in one state lack the same migrations: asked once, not three hundred times.
                    missing[state] = _missing(schema)
                # Nothing but a look while the connection is the same; a new one works as the owner as well.
                with as_owner():
                    _migrate_site(schema, missing[state], recorded)
                report.migrated += 1
            except Exception as error:
                # Whatever it is, a trigger or a migration's own Python: the sites after it are migrated.
                report.failed.append({"site": schema, "reason": str(error).strip()})
                recover_connection()
            finally:
                forget_search_path()
            if progress:
                progress(number, len(behind), schema)
        if resumed or set(behind.values()) <= {_UNREADABLE} or not rights_are_known():
            # New rights, or a run with nothing else to do, which looks at every site's rights as well.
            with as_owner():
                _bring_fleet_in_line(report, behind)
        if finish_dump is not None:
            finish_dump()
        report.current = sites - len(report.failed)
        if not report.failed:
            FleetMigration.objects.all().delete()
    return report


def _require_template() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{settings.TEMPLATE_SCHEMA}.django_migrations"])
        if cursor.fetchone()[0] is None:
            raise Refused(_("平台尚未初始化，请先执行 init_platform。"))


def _bring_fleet_in_line(report: FleetReport, behind: dict[str, str]) -> None:
    failed = {failure["site"] for failure in report.failed}
    schemas = Tenant.objects.exclude(schema_name__in=failed).values_list("schema_name", flat=True)
    for schema in schemas_with_other_rights(list(schemas)):
        try:
            bring_rights_in_line(schema)
            report.migrated += schema not in behind
        except Exception as error:
            report.failed.append({"site": schema, "reason": str(error).strip()})
            recover_connection()


# --- the template ------------------------------------------------------------------------


def _pending(schema: str) -> list[Migration]:
    with schema_context(schema):
        executor = MigrationExecutor(connection)
        # Shared apps' migrations are recorded in the template too (their operations do nothing
        # there: the router refuses), so the plan is what Django itself would run.
        return [m for m, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _migrate_public() -> None:
    plan = _pending("public")
    if any(_is_shared(migration) or migration.replaces for migration in plan):
        migrate_schema("public")
        return
    # The router keeps tenant apps out of public (trap T3): Django, too, would only note them as applied.
    with schema_context("public"):
        recorder = MigrationRecorder(connection)
        for migration in plan:
            recorder.record_applied(migration.app_label, migration.name)


def _is_shared(migration: Migration) -> bool:
    return apps.get_app_config(migration.app_label).name in settings.SHARED_APPS


def _migrate_template() -> Callable[[], object] | None:
    """Returns what ends the new dump, which runs beside the sites' migrations; None when it is current."""
    plan = _pending(settings.TEMPLATE_SCHEMA)
    for migration in plan:
        _record_and_run(migration)
    # Asked of the recordings, not of the plan: an earlier run may have been killed just here.
    if FleetMigration.objects.exclude(sql__startswith=_FIELDS_ONLY, sql__isnull=False).exists():
        # Content types and permissions of new models, as Django's post_migrate makes them.
        migrate_schema(settings.TEMPLATE_SCHEMA)
        grant_schema(settings.TEMPLATE_SCHEMA)
    # The roles may have changed without a migration.
    fill_template()
    if plan or not TemplateDump.objects.filter(fingerprint=template_fingerprint()).exists():
        return start_dump()
    return None


def _record_and_run(migration: Migration) -> None:
    """Run ``migration`` on the template and keep its SQL for the sites."""
    key = (migration.app_label, migration.name)
    with schema_context(settings.TEMPLATE_SCHEMA):
        executor = MigrationExecutor(connection)
        captured = None
        if not _runs_python(migration.operations):
            with connection.schema_editor(collect_sql=True, atomic=False) as editor:
                state = executor.loader.project_state(key, at_end=False)
                migration.apply(state, editor, collect_sql=True)
            captured = "\n".join(line for line in editor.collected_sql if not line.startswith("--"))
            if _is_about_fields(migration.operations, captured):
                captured = f"{_FIELDS_ONLY}\n{captured}"
    FleetMigration.objects.update_or_create(app=key[0], name=key[1], defaults={"sql": captured})
    with schema_context(settings.TEMPLATE_SCHEMA):
        executor = MigrationExecutor(connection)
        executor.migrate([key])
        forget_search_path()
    drop_foreign_keys_to_public(settings.TEMPLATE_SCHEMA)


def _is_about_fields(operations: Sequence[object], statements: str) -> bool:
    """No new relation, content type or permission can come of it, so nothing else has to follow."""
    return all(isinstance(op, _FIELD_OPERATIONS) for op in operations) and "CREATE TABLE" not in statements


def _runs_python(operations: Sequence[object]) -> bool:
    for operation in operations:
        if isinstance(operation, RunPython):
            return True
        if isinstance(operation, SeparateDatabaseAndState) and _runs_python(operation.database_operations):
            return True
    return False


# --- one site ----------------------------------------------------------------------------


def _missing(schema: str) -> list[Key]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT t.app, t.name FROM {t}.django_migrations t"
                " LEFT JOIN {s}.django_migrations s USING (app, name)"
                " WHERE s.id IS NULL ORDER BY t.id"
            ).format(t=sql.Identifier(settings.TEMPLATE_SCHEMA), s=sql.Identifier(schema))
        )
        return [(app, name) for app, name in cursor.fetchall()]


def _migrate_site(schema: str, missing: list[Key], recorded: dict[Key, str | None]) -> None:
    statements = [recorded.get(key) for key in missing]
    if None not in statements:
        with transaction.atomic(), connection.cursor() as cursor:
            # Past Django's cursor, but its errors: one site's must not stop the others.
            with connection.wrap_database_errors:
                cursor.cursor.execute(_replay_script(schema, missing, recorded))
            # In the same transaction: a run killed in between would leave tables that nobody may read.
            if not all(text.startswith(_FIELDS_ONLY) for text in statements if text):
                _copy_permissions(cursor, schema)
                if _has_ungranted(cursor, schema):
                    grant_schema(schema)
    else:
        # A migration that runs Python (or one whose recording is gone): Django's own executor.
        migrate_schema(schema)
        drop_foreign_keys_to_public(schema)
        grant_schema(schema)


def _replay_script(schema: str, missing: list[Key], recorded: dict[Key, str | None]) -> str:
    """All statements of one site as one string: one round trip."""
    parts: list[sql.Composable] = [
        # A crash may lose the last sites' commits; the next run does those sites again.
        sql.SQL("SET LOCAL lock_timeout = '5s'; SET LOCAL synchronous_commit = off"),
        sql.SQL("SET LOCAL search_path = {}, public").format(sql.Identifier(schema)),
    ]
    for key in missing:
        if statements := recorded[key]:
            parts.append(sql.SQL(cast("LiteralString", statements)))
        parts.append(sql.SQL("INSERT INTO django_migrations (app, name, applied) VALUES ({}, {}, now())").format(*key))
    return sql.SQL("\n;\n").join(parts).as_string(None)


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
