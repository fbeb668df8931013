"""One migration for all sites: replayed, resumed, and never stopped by the one that fails."""

import json
import os
import sys
import textwrap
from pathlib import Path

import pytest
from django.db import connection

from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.tenancy.queries import get_tenant

_SITES = ("alpha", "beta", "console")


@pytest.fixture
def newer_code(tmp_path, verb):
    """``newer_code(operations)``: the verb, run by code that has one more migration of sites.media."""

    def install(operations: str):
        package = tmp_path / "newer_media_migrations"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").write_text("")
        original = Path(sys.modules["sites.media"].__file__).parent / "migrations"
        names = sorted(path.stem for path in original.glob("0*.py"))
        for name in names:
            (package / f"{name}.py").write_text(
                f"import importlib\nMigration = importlib.import_module('sites.media.migrations.{name}').Migration\n"
            )
        (package / "0900_newer.py").write_text(
            "from django.db import connection, migrations, models\n\n\n"
            + textwrap.dedent(operations)
            + f"\n\nclass Migration(migrations.Migration):\n    dependencies = [('media', {names[-1]!r})]\n"
            "    operations = OPERATIONS\n"
        )
        (tmp_path / "newer_settings.py").write_text(
            "from govplatform.settings.test import *\nMIGRATION_MODULES = {'media': 'newer_media_migrations'}\n"
        )

        def run(*words: str):
            return verb(
                *words, env={"DJANGO_SETTINGS_MODULE": "newer_settings", "PYTHONPATH": _path(tmp_path)}, timeout=300
            )

        return run

    return install


def _path(first: Path) -> str:
    return os.pathsep.join(filter(None, [str(first), os.environ.get("PYTHONPATH", "")]))


def columns(table: str, name: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = %s AND a.attname = %s",
            [table, name],
        )
        return {schema for (schema,) in cursor.fetchall()}


def all_schemas() -> set[str]:
    return {"govsite_template", *(get_tenant(code).schema_name for code in _SITES)}


ADD = """
OPERATIONS = [migrations.AddField('sitedocument', 'shelf', models.CharField(max_length=20, db_default=''))]
"""
BY_PYTHON = """
def rename(apps, schema_editor):
    apps.get_model('media', 'SiteDocument').objects.filter(title='nobody').update(title='somebody')
    schema_editor.execute("CREATE TABLE by_python (id int)")


OPERATIONS = [migrations.RunPython(rename, migrations.RunPython.noop)]
"""


def test_nothing_to_do_is_said_and_done(verb):
    done = verb("migrate_fleet", "--check", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert (found["sites"], found["current"], found["failed"]) == (3, 3, [])
    assert json.loads(verb("migrate_fleet", "--json").stdout)["migrated"] == 0


def test_a_migration_reaches_every_site_and_every_later_one(newer_code):
    run = newer_code(ADD)
    run("migrate_fleet", "--check", "--json")
    assert columns("media_sitedocument", "shelf") == set(), "--check changes nothing"
    done = run("migrate_fleet", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {**json.loads(done.stdout), "sites": 3, "current": 3, "migrated": 3, "failed": []}
    assert columns("media_sitedocument", "shelf") == all_schemas()
    again = json.loads(run("migrate_fleet", "--json").stdout)
    assert again["migrated"] == 0
    open_site(
        NewSite(
            code="gamma", host="gamma.localhost", console_host="gamma.console.localhost", full_name="测试站点",
            kind="portal", level="county",
        ),
        acting_user=None,
    )  # fmt: skip
    assert "site_gamma" in columns("media_sitedocument", "shelf")


def test_a_migration_that_runs_python_falls_back_to_django(newer_code):
    done = newer_code(BY_PYTHON)("migrate_fleet", "--json")
    assert done.returncode == 0, done.stderr
    assert columns("by_python", "id") == all_schemas()


def test_a_site_that_fails_is_named_and_the_others_go_on(newer_code):
    alpha = get_tenant("alpha").schema_name
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f'ALTER TABLE "{alpha}".media_sitedocument ADD COLUMN shelf int')
    run = newer_code(ADD)
    done = run("migrate_fleet", "--json")
    assert done.returncode == 1, done.stderr
    assert done.stdout, done.stderr[-3000:]
    report = json.loads(done.stdout)
    assert [failure["site"] for failure in report["failed"]] == [alpha]
    assert "shelf" in report["failed"][0]["reason"]
    assert (report["migrated"], report["current"]) == (2, 2)
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{alpha}".media_sitedocument DROP COLUMN shelf')
    done = run("migrate_fleet", "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["migrated"] == 1
    assert columns("media_sitedocument", "shelf") == all_schemas()


def test_a_migrated_table_keeps_the_application_s_rights_and_no_more(newer_code):
    newer_code(BY_PYTHON)("migrate_fleet", "--json")
    with connection.cursor() as cursor:
        for schema in all_schemas():
            cursor.execute(
                "SELECT has_table_privilege('govplatform_app', %s, 'INSERT'),"
                " has_table_privilege('govplatform_app', %s, 'TRUNCATE')",
                [f"{schema}.by_python", f"{schema}.by_python"],
            )
            assert cursor.fetchone() == (True, False)
