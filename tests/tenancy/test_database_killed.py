"""kill -9 of PostgreSQL in the middle of an act: the next run of the same verb is clean."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import database
from tests.database import ROOT

from .conftest import NewApp, Obstacle, site_words, until

_PREPARE = """
import django
django.setup()
from django_tenants.utils import tenant_context
from govplatform.tenancy.queries import get_tenant
from tests.factories import approve, draft_article, submit
with tenant_context(get_tenant("alpha")):
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    print(page.pk)
"""


class Server:
    """An embedded server of its own with the platform of the tests and one page before its last step."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "GOVPLATFORM_"))},
            "GOVPLATFORM_VAR": str(var),
            "GOVPLATFORM_PG_FSYNC": "off",
            "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
        }
        database.pour("sites", self.url())
        done = subprocess.run(
            [sys.executable, "-c", _PREPARE],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stderr
        self.page = done.stdout.split()[-1]

    @property
    def folder(self) -> Path:
        """Of the server's files, which lie in memory where the machine has room for them."""
        from govplatform.embedded.memory import throwaway_folder

        return throwaway_folder(self.var / "test").resolve()

    def url(self) -> str:
        from govplatform import embedded

        address = embedded.ensure_running(self.folder)
        return f"postgresql://{embedded.OWNER_ROLE}@/{embedded.DATABASE}?host={address.host}&port={address.port}"

    def start(self, *words: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
        extra = dict(env or {})
        if "PYTHONPATH" in extra:
            extra["PYTHONPATH"] = os.pathsep.join([extra["PYTHONPATH"], self.environment["PYTHONPATH"]])
        return subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), *words, "--json"],
            env={**self.environment, **extra},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def verb(self, *words: str, env: dict[str, str] | None = None) -> dict[str, Any]:
        process = self.start(*words, env=env)
        output, errors = process.communicate()
        assert process.returncode == 0, (output, errors)
        return dict(json.loads(output))

    def kill_in_the_middle(self, lock: str, *words: str, env: dict[str, str] | None = None) -> None:
        """The verb waits for ``lock``, the postmaster is killed, the verb ends without success."""
        obstacle = Obstacle(self.url())
        obstacle.hold(lock)
        process = self.start(*words, env=env)
        obstacle.wait_for()
        (pid_file,) = self.folder.rglob("postmaster.pid")
        pid = int(pid_file.read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2])
        obstacle.release()
        output, _errors = process.communicate()
        assert process.returncode != 0, output

    def values(self, statement: str) -> list[Any]:
        with psycopg.connect(self.url()) as session:
            return [row[0] for row in session.execute(statement).fetchall()]

    def is_whole(self, env: dict[str, str] | None = None) -> None:
        for check in ("check_isolation", "verify_audit", "verify_gate"):
            assert self.verb(check, env=env)["faults"] == []


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    from govplatform import embedded

    made = Server(tmp_path_factory.mktemp("killed"))
    yield made
    embedded.stop(made.folder)
    shutil.rmtree(made.folder)


@pytest.mark.soak
def test_during_publishing(server: Server):
    words = (
        "review", "--site", "alpha", "--page", server.page, "--as", "alpha_secret", "--approve", "--opinion", "同意。",
    )  # fmt: skip
    server.kill_in_the_middle("SELECT pg_advisory_lock(hashtext('audit:site_alpha'), 7)", *words)
    page = ("show_page", "--site", "alpha", "--page", server.page)
    assert server.verb(*page)["status"] == "in_review"
    assert server.verb(*words)["status"] == "live"
    shown = server.verb(*page)
    assert shown["status"] == "live"
    assert shown["clearance"]
    server.is_whole()


@pytest.mark.soak
def test_during_provisioning(server: Server):
    words = site_words("gamma")
    server.kill_in_the_middle("SELECT pg_advisory_lock(hashtext('audit:platform'), 7)", *words)
    assert server.values("SELECT nspname FROM pg_namespace WHERE nspname = 'site_gamma'") == []
    assert server.values("SELECT code FROM public.tenancy_tenant WHERE code = 'gamma'") == []
    assert server.verb(*words)["schema"] == "site_gamma"
    server.is_whole()


@pytest.mark.soak
def test_during_a_migration_of_the_fleet(server: Server, tmp_path: Path):
    app = NewApp(tmp_path)
    sites = len(server.verb("list_sites")["sites"])
    assert server.verb("migrate_fleet", env=app.env)["migrated"] == sites
    app.add("migrations.AddField('note', 'kind', models.CharField(max_length=9, default='a', db_default='a'))")
    server.kill_in_the_middle(
        "LOCK TABLE site_beta.nextversion_note IN ACCESS SHARE MODE", "migrate_fleet", env=app.env
    )
    report = server.verb("migrate_fleet", env=app.env)
    assert (report["current"], report["failed"]) == (sites, [])
    columns = "SELECT table_schema FROM information_schema.columns WHERE table_name = 'nextversion_note'"
    assert len(server.values(f"{columns} AND column_name = 'kind'")) == sites + 1
    server.is_whole(app.env)
