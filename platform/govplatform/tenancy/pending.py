"""How many migrations the code has that a schema lacks."""

import pkgutil
from importlib import import_module

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django_tenants.utils import schema_context
from psycopg import sql


def count_pending(schema: str) -> int:
    """Return the number of migrations of the code that ``schema`` lacks.

    When all names of the code are recorded there are none, which is quick to see: reading three hundred files and
    building their graph takes longer than all the rest of a check. Where a name is missing, Django is asked.
    """
    if _names_of_code() <= _applied(schema):
        return 0
    with schema_context(schema):
        executor = MigrationExecutor(connection)
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _applied(schema: str) -> set[tuple[str, str]]:
    # Django's recorder first looks through the names of all tables that are in sight.
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT app, name FROM {}.django_migrations").format(sql.Identifier(schema)))
        return set(cursor.fetchall())


def _names_of_code() -> set[tuple[str, str]]:
    """(app, name) of every migration file, those included that others replace."""
    found = set()
    for config in apps.get_app_configs():
        module_name, _explicit = MigrationLoader.migrations_module(config.label)
        if module_name is None:
            continue
        try:
            module = import_module(module_name)
        except ModuleNotFoundError as error:
            if error.name != module_name:
                raise
            continue
        if hasattr(module, "__path__"):
            # As Django's loader: whatever begins with _ or ~ is none.
            names = (name for _finder, name, is_package in pkgutil.iter_modules(module.__path__) if not is_package)
            found |= {(config.label, name) for name in names if name[0] not in "_~"}
    return found
