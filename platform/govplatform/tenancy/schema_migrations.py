"""Django's migrations of one schema, without the work that leads to nothing there.

Nearly all that a migration of an empty schema costs is that Django builds the models of the project anew for each
operation. Two kinds of that are left out; the schema that comes of it is the one that ``migrate`` makes.

* Each schema goes through the migrations of all apps, because they depend on each other; the router keeps the tables
  of the other kind of schema away (trap T3). Of a migration that it refuses as a whole nothing is needed but its name
  and its part in the state of the project.
* A model that comes new is built alone. Django builds all those anew that it refers to, and all that refer to them, so
  that they know the way back. Migrations in Python need that and get all models built anew, as from Django.
"""

from collections.abc import Sequence

from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, router
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState
from django.utils.translation import override

Plan = Sequence[tuple[Migration, bool]]


class _State(ProjectState):
    """The project's models while migrations run."""

    def add_model(self, model_state: ModelState) -> None:
        built = self.__dict__.pop("apps", None)
        super().add_model(model_state)
        if built is not None:
            built.render_multiple([model_state])
            self.apps = built
            # what Django marks when it builds less than everything
            self.is_delayed = True


class SchemaMigrationExecutor(MigrationExecutor):
    """Django's executor for the schema that the connection stands in."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        found = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        return _State(found.models, found.real_apps)

    def _migrate_all_forwards(
        self, state: ProjectState, plan: Plan, full_plan: Plan, fake: bool, fake_initial: bool
    ) -> ProjectState:
        wanted = {migration for migration, _backwards in plan}
        for migration, _backwards in full_plan:
            if migration not in wanted:
                continue
            if router.allow_migrate(self.connection.alias, migration.app_label):
                # built once for all its operations
                _ = state.apps
                state = self.apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
            else:
                state = self._pass_by(state, migration)
        return state

    def _pass_by(self, state: ProjectState, migration: Migration) -> ProjectState:
        state.__dict__.pop("apps", None)
        state = migration.mutate_state(state, preserve=False)
        self.record_migration(migration)  # type: ignore[call-arg, arg-type]
        return state


def apply_migrations() -> None:
    """Bring the schema that the connection stands in to the code's migrations, as the ``migrate`` command does.

    As there, names that are written into the schema (of permissions) are in the language of the code.
    Raises ``InconsistentMigrationHistory`` when a migration is recorded before one that it depends on.
    """
    with override(None):
        executor = SchemaMigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        targets = executor.loader.graph.leaf_nodes()
        plan = executor.migration_plan(targets)
        state = executor._create_project_state(with_applied_migrations=True)
        emit_pre_migrate_signal(0, False, connection.alias, apps=state.apps, plan=plan)
        state = executor.migrate(targets, plan=plan, state=state)
        state.clear_delayed_apps_cache()
        emit_post_migrate_signal(0, False, connection.alias, apps=state.apps, plan=plan)
