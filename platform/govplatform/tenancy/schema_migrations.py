"""Django's migrations of one schema, without the work that leads to nothing there.

Nearly all that a migration of an empty schema costs is that Django builds the models of the project anew for each
operation. Two kinds of that are left out; the schema that comes of it is the one that ``migrate`` makes.

* Each schema goes through the migrations of all apps, because they depend on each other; the router keeps the tables
  of the other kind of schema away (trap T3). Of a migration that it refuses as a whole nothing is needed but its name
  and its part in the state of the project.
* A model that comes new or changes is built alone. Django builds all those anew that it refers to, and all that refer
  to them, so that they know the way back. What needs that has it: migrations in Python get all models built anew, as
  from Django, and so does a change of a column that others refer to.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, router
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import field_is_referenced
from django.utils.translation import override

Plan = Sequence[tuple[Migration, bool]]


class _State(ProjectState):
    """The project's models while migrations run."""

    #: Whether the change that is being made concerns the columns of one table and no key that others refer to.
    _alone = False

    @contextmanager
    def _changing_one(self, alone: bool = True) -> Iterator[None]:
        self._alone = alone
        try:
            yield
        finally:
            self._alone = False

    def add_field(self, *what: Any) -> None:
        with self._changing_one():
            super().add_field(*what)

    def remove_field(self, *what: Any) -> None:
        with self._changing_one():
            super().remove_field(*what)

    def alter_field(self, app_label: str, model_name: str, name: str, field: Any, preserve_default: bool) -> None:
        with self._changing_one(not field_is_referenced(self, (app_label, model_name), (name, field))):
            super().alter_field(app_label, model_name, name, field, preserve_default)

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """Build a model anew; ``delay``, by Django: its options or managers have changed, nothing that others see."""
        built, known = self.__dict__.get("apps"), self.models.get((app_label, model_name))
        if built is None or known is None or not (delay or self._alone):
            super().reload_model(app_label, model_name, delay)
            return
        built.unregister_model(app_label, model_name)
        built.render_multiple([known])
        self.is_delayed = True

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
