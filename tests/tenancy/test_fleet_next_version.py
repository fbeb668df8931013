"""A migration of the next version reaches every site; one that fails is named and taken up again."""

import json
from collections.abc import Callable
from subprocess import CompletedProcess
from typing import Any

import pytest
from django.db import connection

from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.isolation import find_isolation_faults
from tests.lifecycle.merge.frozen import freeze, rights_in, thaw

from .conftest import NewApp, start_verb, values

Verb = Callable[..., CompletedProcess[str]]
SCHEMAS = ["govsite_template", "site_alpha", "site_beta", "site_console"]
_COLUMN = (
    "SELECT table_schema FROM information_schema.columns"
    " WHERE table_name = 'nextversion_note' AND column_name = %s ORDER BY table_schema"
)


def _run(verb: Verb, app: NewApp, *words: str) -> tuple[int, dict[str, Any]]:
    done = verb(*(words or ("migrate_fleet",)), "--json", env=app.env)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.fixture
def started(verb: Verb, new_app: NewApp) -> NewApp:
    """Every site has the new app's first migration."""
    status, report = _run(verb, new_app)
    assert (status, report["sites"], report["current"], report["migrated"]) == (0, 3, 3, 3), report
    return new_app


def _owner(statement: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_new_table_and_a_new_column_reach_every_site(verb, started, own_database):
    assert values(own_database, _COLUMN, "text") == SCHEMAS
    started.add("migrations.AddField('note', 'kind', models.CharField(max_length=9, default='a', db_default='a'))")
    status, report = _run(verb, started, "migrate_fleet", "--check")
    assert (status, report["pending"], report["failed"]) == (0, 1, [])
    status, report = _run(verb, started)
    assert (status, report["migrated"], report["current"], report["failed"]) == (0, 3, 3, [])
    assert values(own_database, _COLUMN, "kind") == SCHEMAS
    for schema in SCHEMAS:
        assert values(own_database, f"SELECT codename FROM {schema}.auth_permission WHERE codename = 'add_note'")
        granted = "SELECT has_table_privilege('govplatform_app', %s, 'INSERT')"
        assert values(own_database, granted, f"{schema}.nextversion_note") == [True]
    assert find_isolation_faults()[1] == []
    status, report = _run(verb, started)
    assert (status, report["migrated"], report["current"]) == (0, 0, 3)


def test_a_site_opened_afterwards_has_it_too(verb, started, own_database):
    from .conftest import site_words

    assert _run(verb, started, *site_words("gamma"))[0] == 0
    assert "site_gamma" in values(own_database, _COLUMN, "text")
    status, report = _run(verb, started)
    assert (status, report["sites"], report["migrated"]) == (0, 4, 0)


def test_a_migration_that_runs_python_runs_in_every_site(verb, started, own_database):
    started.add(
        "migrations.RunPython(write, migrations.RunPython.noop)",
        before="def write(apps, schema_editor):\n"
        "    schema = schema_editor.connection.schema_name\n"
        "    apps.get_model('nextversion', 'Note').objects.create(text=schema)\n",
    )
    status, report = _run(verb, started)
    assert (status, report["migrated"], report["failed"]) == (0, 3, [])
    for schema in SCHEMAS:
        assert values(own_database, f"SELECT text FROM {schema}.nextversion_note") == [schema]


def test_a_site_that_fails_is_named_and_the_others_go_on(verb, started, own_database):
    _owner("ALTER TABLE site_alpha.nextversion_note ADD COLUMN kind text")
    started.add("migrations.AddField('note', 'kind', models.CharField(max_length=9, default='a', db_default='a'))")
    status, report = _run(verb, started)
    assert status == 1
    assert [(fault["site"], "kind" in fault["reason"]) for fault in report["failed"]] == [("site_alpha", True)]
    assert (report["migrated"], report["current"]) == (2, 2)
    _status, check = _run(verb, started, "migrate_fleet", "--check")
    assert (check["sites"], check["current"]) == (3, 2)
    _owner("ALTER TABLE site_alpha.nextversion_note DROP COLUMN kind")
    status, report = _run(verb, started)
    assert (status, report["migrated"], report["current"], report["failed"]) == (0, 1, 3, [])
    assert values(own_database, _COLUMN, "kind") == SCHEMAS


def test_a_run_killed_in_the_middle_is_simply_started_again(verb, started, own_database, obstacle):
    started.add("migrations.AddField('note', 'kind', models.CharField(max_length=9, default='a', db_default='a'))")
    obstacle.hold("LOCK TABLE site_beta.nextversion_note IN ACCESS SHARE MODE")
    process = start_verb(own_database, "migrate_fleet", env=started.env)
    obstacle.wait_for()
    process.kill()
    process.communicate()
    obstacle.release()
    status, report = _run(verb, started)
    assert (status, report["current"], report["failed"]) == (0, 3, [])
    assert values(own_database, _COLUMN, "kind") == SCHEMAS
    assert find_isolation_faults()[1] == []


def test_a_frozen_site_that_is_behind_is_migrated_and_stays_frozen(verb, started, own_database):
    """A merge may wait for days between its switch and its confirmation, and a new version come meanwhile."""
    frozen, others = "site_beta", ["govsite_template", "site_alpha", "site_console"]
    freeze("beta")
    before = rights_in(frozen)
    started.add("migrations.AddField('note', 'kind', models.CharField(max_length=9, default='a', db_default='a'))")
    started.add("migrations.CreateModel('Mark', [('id', models.AutoField(primary_key=True))])")
    status, report = _run(verb, started)
    assert (status, report["migrated"], report["current"], report["failed"]) == (0, 3, 3, [])
    assert values(own_database, _COLUMN, "kind") == SCHEMAS
    # One that runs Python goes through Django's own executor, and writes in the frozen site too.
    started.add(
        "migrations.RunPython(write, migrations.RunPython.noop)",
        before="def write(apps, schema_editor):\n"
        "    schema = schema_editor.connection.schema_name\n"
        "    apps.get_model('nextversion', 'Note').objects.create(text=schema)\n",
    )
    status, report = _run(verb, started)
    assert (status, report["migrated"], report["failed"]) == (0, 3, [])
    assert values(own_database, f"SELECT text FROM {frozen}.nextversion_note") == [frozen]
    after = rights_in(frozen)
    assert {name: after[name] for name in before} == before
    may = "SELECT has_table_privilege('govplatform_app', %s, %s)"
    for table in ("nextversion_note", "nextversion_mark", "wagtailcore_page"):
        assert [values(own_database, may, f"{frozen}.{table}", right) for right in ("SELECT", "INSERT", "UPDATE")] == [
            [True], [False], [False],
        ], table  # fmt: skip
        assert values(own_database, may, f"{others[1]}.nextversion_mark", "INSERT") == [True]
    assert find_isolation_faults()[1] == []
    status, report = _run(verb, started)
    assert (status, report["migrated"], report["current"]) == (0, 0, 3)
    thaw("beta")
    assert values(own_database, may, f"{frozen}.nextversion_mark", "INSERT") == [True]
