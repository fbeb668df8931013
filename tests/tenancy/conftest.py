"""Sessions that stand in the way, so that a verb can be met in the middle of its work."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.database import ROOT


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for a state; the limit only ends a test that would hang."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the state that was waited for did not come"
        time.sleep(0.05)


class Obstacle:
    """A session of the tables' owner that holds locks in the way of others."""

    def __init__(self, url: str) -> None:
        self.session = psycopg.connect(url)
        # Inside a transaction the view of the others' sessions would stand still.
        self.watch = psycopg.connect(url, autocommit=True)

    def hold(self, statement: str) -> None:
        self.session.execute(statement)

    def waiting(self) -> int:
        """How many sessions wait: for a lock of this one, or behind another that does."""
        row = self.watch.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
        assert row is not None
        return int(row[0])

    def wait_for(self, count: int = 1) -> None:
        until(lambda: self.waiting() >= count)

    def release(self) -> None:
        self.session.close()
        self.watch.close()


@pytest.fixture
def obstacle(own_database: str) -> Iterator[Obstacle]:
    found = Obstacle(own_database)
    yield found
    found.release()


def start_verb(url: str, *words: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """A verb in a process of its own that is not waited for."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
        **(env or {}),
    }
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *words, "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def site_words(code: str, **changes: str) -> list[str]:
    """``create_site`` with everything that it asks for."""
    options = {
        "host": f"{code}.localhost",
        "console-host": f"{code}.console.localhost",
        "name": f"云江省{code}县人民政府",
        "kind": "portal",
        "level": "county",
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    return ["create_site", code, *(word for name, value in options.items() for word in (f"--{name}", value))]


@pytest.fixture
def empty_database(own_database: str) -> Iterator[str]:
    """DATABASE_URL of a database in which nothing was ever made."""
    name = f"govtest_run_{os.getpid()}_empty"
    with psycopg.connect(own_database, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
    here, options = own_database.split("?")
    yield f"{here.rsplit('/', 1)[0]}/{name}?{options}"
    with psycopg.connect(own_database, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def new_app(tmp_path: Path) -> "NewApp":
    return NewApp(tmp_path)


class NewApp:
    """An app of the next version of the code: its migrations are written by the test."""

    LABEL = "nextversion"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.migrations = folder / self.LABEL / "migrations"
        self.migrations.mkdir(parents=True)
        for package in (self.migrations.parent, self.migrations):
            (package / "__init__.py").write_text("")
        (self.migrations.parent / "models.py").write_text(
            "from django.db import models\n\n\nclass Note(models.Model):\n    text = models.TextField()\n"
        )
        (folder / "next_settings.py").write_text(
            "from govplatform.settings.test import *  # noqa: F403\n"
            f"INSTALLED_APPS = [*INSTALLED_APPS, '{self.LABEL}']\n"
            f"TENANT_APPS = [*TENANT_APPS, '{self.LABEL}']\n"
        )
        self._count = 0
        self.add(
            "migrations.CreateModel('Note', [('id', models.BigAutoField(primary_key=True)),"
            " ('text', models.TextField())])"
        )

    @property
    def env(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "next_settings",
            "PYTHONPATH": os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")]),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def add(self, *operations: str, before: str = "") -> None:
        """One more migration."""
        self._count += 1
        after = f"[('{self.LABEL}', '{self._count - 1:04d}_step')]" if self._count > 1 else "[]"
        (self.migrations / f"{self._count:04d}_step.py").write_text(
            "from django.db import migrations, models\n\n"
            f"{before}\n\n"
            "class Migration(migrations.Migration):\n"
            f"    initial = {self._count == 1}\n"
            f"    dependencies = {after}\n"
            f"    operations = [{', '.join(operations)}]\n"
        )


def values(url: str, statement: str, *parameters: Any) -> list[Any]:
    """First column of what the owner reads."""
    with psycopg.connect(url, autocommit=True) as session:
        return [row[0] for row in session.execute(statement, parameters).fetchall()]
