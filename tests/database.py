"""Test databases: one prepared platform per state of the code, cloned for every run.

Preparing takes some fifteen seconds, cloning one; runs at the same time do not meet.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
_PREFIX = "govtest_"


def _server() -> dict[str, Any]:
    """Connection parameters of the server, as owner, without a database name."""
    database = connections["default"].settings_dict
    if embedded := database.get("EMBEDDED"):
        from govplatform.embedded import ensure_running

        address = ensure_running(Path(embedded))
        return {"host": str(address.host), "port": str(address.port), "user": database["USER"]}
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    return {name: database[key] for name, key in names.items() if database[key]}


@contextmanager
def _admin() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**_server(), dbname="postgres", autocommit=True) as admin:
        yield admin


def database_url(name: str) -> str:
    """``DATABASE_URL`` of a test database, for verbs that run as processes of their own."""
    from urllib.parse import quote, urlencode

    server = _server()
    user = quote(server["user"])
    password = f":{quote(server['password'])}" if server.get("password") else ""
    where = urlencode({"host": server.get("host", ""), "port": server.get("port", "")})
    return f"postgresql://{user}{password}@/{name}?{where}"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    patterns = (
        "platform/**/migrations/*.py", "sites/**/migrations/*.py", "content_library/**/migrations/*.py",
        "sites/wiring.py", "sites/home/*.py", "platform/govplatform/accounts/groups.py",
        "platform/govplatform/review/gate/workflows.py", "platform/govplatform/review/gate/levels.py",
        "platform/govplatform/tenancy/**/*.py", "platform/govplatform/accounts/roles.py",
        "sites/columns/defaults.py", "tests/cast.py", "tests/database.py",
    )  # fmt: skip
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if ".venv" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def use_database(name: str) -> None:
    """Point Django's connection at ``name``."""
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
    connection.set_schema_to_public()


def drop_database(name: str) -> None:
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for attempt in range(50):
        try:
            with _admin() as admin:
                admin.execute(statement)
            return
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            # the server's own vacuum is in there for a moment and is not ours to end
            time.sleep(0.1 * (attempt + 1))
    raise RuntimeError(f"{name} stays in use")


def clone_prepared(suffix: str) -> str:
    """A copy of the prepared platform under a name of this process. Returns the name."""
    return clone_database(ensure_prepared(), suffix)


def clone_database(source: str, suffix: str) -> str:
    """A copy of a database that nobody is connected to, under a name of this process. Returns the name."""
    name = f"{_PREFIX}run_{os.getpid()}_{suffix}"
    drop_database(name)
    for attempt in range(50):
        try:
            with _admin() as admin:
                admin.execute(
                    sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
                )
            return name
        except psycopg.errors.ObjectInUse:
            # another run clones at this very moment
            time.sleep(0.1 * (attempt + 1))
    raise RuntimeError(f"{source} stays in use")


def ensure_prepared() -> str:
    """The prepared database for this state of the code; built when it is not there."""
    name = f"{_PREFIX}ready_{_fingerprint()}"
    lock_path = Path(settings.VAR_DIR) / "test-database.lock"
    lock_path.parent.mkdir(parents=True, exist_ok=True)
    with lock_path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _admin() as admin:
            names = [row[0] for row in admin.execute("SELECT datname FROM pg_database").fetchall()]
        if name not in names:
            _remove_leftovers(names)
            _build(name)
    return name


def _remove_leftovers(names: list[str]) -> None:
    for old in names:
        if old.startswith(f"{_PREFIX}ready_") or old.startswith(f"{_PREFIX}build_"):
            drop_database(old)
        elif old.startswith(f"{_PREFIX}run_"):
            pid = int(old.split("_")[2])
            if not Path(f"/proc/{pid}").exists():
                drop_database(old)


def _build(name: str) -> None:
    from tests.preparing import prepare_platform

    building = f"{_PREFIX}build_{os.getpid()}"
    drop_database(building)
    with _admin() as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
    use_database(building)
    prepare_platform()
    connections.close_all()
    with _admin() as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name)))
