"""Migrations without the work that leads to nothing make the very schemas that Django's own command makes."""

import re
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.commands.migrate import Command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.utils import schema_context

from govplatform.embedded import tools_dir
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.schema_migrations import apply_migrations
from tests import database

pytestmark = pytest.mark.soak
#: Keys and moments, which no two runs have in common.
_DRAWN = re.compile(r"'[0-9a-f]{8}-[0-9a-f-]{27}'|'\d{4}-\d\d-\d\d \d\d:[\d:.+]+'")


@pytest.fixture
def empty_connection(empty_database: str) -> Iterator[str]:
    """Django's connection stands on a database in which nothing was ever made. Yields its DATABASE_URL."""
    shared = connection.settings_dict["NAME"]
    database.use_database(empty_database.rsplit("/", 1)[1].split("?")[0])
    yield empty_database
    database.use_database(shared)


def _by_django() -> None:
    call_command(Command(), verbosity=0, interactive=False, skip_checks=True)


def _made(url: str, schema: str) -> list[str]:
    """The schema as SQL with what the migrations wrote into it, without its name."""
    command = [
        str(tools_dir() / "pg_dump"), "--no-owner", "--no-privileges", "--no-comments", "--inserts",
        f"--schema={schema}",
        "--exclude-table-data=*.django_migrations", url,
    ]  # fmt: skip
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = _DRAWN.sub("drawn", text.replace(f"{schema}.", "").replace(schema, "")).splitlines()
    return [line for line in lines if not line.startswith((r"\restrict", r"\unrestrict"))]


def _site_by(migrate: Callable[[], Any], url: str, schema: str) -> tuple[list[str], set[Any]]:
    with as_owner(), schema_context(schema):
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {schema}")
        migrate()
        names = set(MigrationRecorder(connection).applied_migrations())
    return _made(url, schema), names


def test_the_schema_of_a_site_is_the_same(own_database):
    ours, stock = (
        _site_by(migrate, own_database, schema)
        for migrate, schema in ((apply_migrations, "schema_made"), (_by_django, "schema_bred"))
    )
    assert ours[1] == stock[1]
    assert len(ours[0]) > 1000
    assert ours[0] == stock[0]


def test_public_is_the_same(empty_connection):
    with as_owner(), schema_context("public"):
        apply_migrations()
    ours = _made(empty_connection, "public")
    with as_owner(), schema_context("public"):
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        _by_django()
    assert len(ours) > 500
    assert ours == _made(empty_connection, "public")
