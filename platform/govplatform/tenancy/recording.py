"""The fleet migration of the template: each new migration runs on it once, and its SQL is recorded for the sites."""

from collections.abc import Callable, Sequence

from django.apps import apps
from django.conf import settings
from django.db import connection
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
from django_tenants.utils import schema_context

from .current import forget_search_path
from .database_roles import grant_schema
from .models import FleetMigration, TemplateDump
from .replaying import FIELDS_ONLY, replay_script
from .template_schema import (
    drop_foreign_keys_to_public,
    extend_dump,
    fill_template,
    migrate_schema,
    start_dump,
    template_fingerprint,
)

_FIELD_OPERATIONS = (AddField, AlterField, RemoveField, AddIndex, RemoveIndex, AddConstraint, RemoveConstraint)


def template_executor() -> MigrationExecutor:
    """Return Django's migration executor for the template; making one takes a good part of a short fleet migration."""
    with schema_context(settings.TEMPLATE_SCHEMA):
        return MigrationExecutor(connection)


def migrate_public(executor: MigrationExecutor) -> None:
    """Bring ``public`` to the code's migrations. Call as owner."""
    with schema_context("public"):
        recorder = MigrationRecorder(connection)
        applied = recorder.applied_migrations()
        missing = [one for key, one in executor.loader.disk_migrations.items() if key not in applied]
        if any(_is_shared(migration) or migration.replaces for migration in missing):
            migrate_schema("public")
            return
        # The router keeps tenant apps out of public (trap T3): Django, too, would only note them as applied.
        for migration in missing:
            recorder.record_applied(migration.app_label, migration.name)


def _is_shared(migration: Migration) -> bool:
    return apps.get_app_config(migration.app_label).name in settings.SHARED_APPS


def migrate_template(executor: MigrationExecutor) -> Callable[[], object] | None:
    """Bring the template to the code's migrations and record their SQL for the sites. Call as owner.

    Returns a function that waits for the new dump of the template, which is taken while the sites are migrated; None
    when the dump is current.
    """
    dumped = TemplateDump.objects.filter(fingerprint=template_fingerprint()).first()
    # Shared apps' migrations are recorded in the template too (their operations do nothing there: the router
    # refuses), so the plan is what Django itself would run.
    plan = [migration for migration, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    recorded = [_record_and_run(migration, executor) for migration in plan]
    # Asked of the recordings, not of the plan: an earlier run may have been killed just here.
    if FleetMigration.objects.exclude(sql__startswith=FIELDS_ONLY, sql__isnull=False).exists():
        # Content types and permissions of new models, as Django's post_migrate makes them.
        migrate_schema(settings.TEMPLATE_SCHEMA)
        grant_schema(settings.TEMPLATE_SCHEMA)
    # The roles may have changed without a migration.
    fill_template()
    if TemplateDump.objects.filter(fingerprint=template_fingerprint()).exists():
        return None
    if dumped is not None and all(one.sql and one.sql.startswith(FIELDS_ONLY) for one in recorded):
        script = replay_script(settings.TEMPLATE_SCHEMA, [(one.app, one.name, one.sql) for one in recorded])
        if extend_dump(dumped, script):
            return None
    return start_dump()


def _record_and_run(migration: Migration, executor: MigrationExecutor) -> FleetMigration:
    """Run ``migration`` on the template and keep its SQL for the sites."""
    key = (migration.app_label, migration.name)
    captured = None
    by_django = migration.replaces or _runs_python(migration.operations)
    with schema_context(settings.TEMPLATE_SCHEMA):
        state = executor.loader.project_state(key, at_end=False)
        if not _runs_python(migration.operations):
            with connection.schema_editor(collect_sql=True, atomic=False) as editor:
                migration.apply(state.clone(), editor, collect_sql=True)
            captured = "\n".join(line for line in editor.collected_sql if not line.startswith("--"))
            if _is_about_fields(migration.operations, captured):
                captured = f"{FIELDS_ONLY}\n{captured}"
    recorded, _created = FleetMigration.objects.update_or_create(app=key[0], name=key[1], defaults={"sql": captured})
    with schema_context(settings.TEMPLATE_SCHEMA):
        if by_django:
            MigrationExecutor(connection).migrate([key])
        else:
            # What Django's migrate() does for a plan of one, whose state has just been worked out.
            executor.apply_migration(state, migration)
        forget_search_path()
    drop_foreign_keys_to_public(settings.TEMPLATE_SCHEMA)
    return recorded


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
