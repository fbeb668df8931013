"""Test databases: prepared once per state of the code, cloned for every run and every process of a run.

Two of them, the second built upon the first:

* ``sites``: the platform with two sites and the cast, and nothing published. Its build takes some fifteen
  seconds, so it is kept until what it is made of changes: migrations, the tenancy package, the columns of a new site.
* ``pages``: the same with live pages of every kind and their files (``tests/pages.py``). Publishing runs through
  most of the code, so any change of the code builds it anew (a few seconds), and so does a new day.

They lie in a server of their own (settings/test.py), away from the demo's, and in memory where there is enough of it.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.test import override_settings
from django.utils import timezone
from psycopg import sql

from .layers import LAYER

ROOT = Path(__file__).resolve().parents[1]
_PREFIX = "govtest_"
_PRODUCT = ("platform", "sites", "content_library", "search", "themes")


@dataclass(frozen=True)
class Prepared:
    """A database that runs start from.

    ``patterns``: the files that it is made of, below the repository. ``base``: what it is built upon.
    ``daily``: whether it is made anew each day, because it holds moments. ``with_files``: whether files of its pages
    belong to it, which lie in ``var/test`` and not in the server.
    """

    kind: str
    patterns: tuple[str, ...]
    build: Callable[[], None]
    base: str | None = None
    daily: bool = False
    with_files: bool = False


def _build_sites() -> None:
    from tests.preparing import prepare_platform

    prepare_platform()


def _build_pages() -> None:
    from tests.pages import publish_pages

    publish_pages()


_PREPARED = {
    prepared.kind: prepared
    for prepared in (
        Prepared(
            "sites",
            (
                *(f"{folder}/**/{name}" for folder in _PRODUCT for name in
                  ("migrations/*.py", "signal_receivers.py", "wiring.py")),
                "platform/govplatform/tenancy/**/*.py", "platform/govplatform/accounts/roles.py",
                "platform/govplatform/accounts/groups.py", "platform/govplatform/review/gate/workflows.py",
                "platform/govplatform/review/gate/levels.py", "platform/govplatform/rule_packs/packs/*.toml",
                "sites/home/*.py", "sites/columns/defaults.py", "requirements.lock",
                "tests/cast.py", "tests/preparing.py",
            ),
            _build_sites,
        ),
        Prepared(
            "pages",
            (
                *(f"{folder}/**/*.{ending}" for folder in _PRODUCT for ending in ("py", "toml", "json", "sql")),
                "tests/factories.py", "tests/pages.py", "tests/public/contents.py",
            ),
            _build_pages,
            base="sites",
            daily=True,
            with_files=True,
        ),
    )
}  # fmt: skip


# --- the server ------------------------------------------------------------------------------


def _kept() -> Path:
    """The folder for locks and for the files of prepared pages."""
    return Path(settings.VAR_DIR) / "test"


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


def use_database(name: str) -> None:
    """Point Django's connection at ``name``; a layer that is open where it stood is taken back first."""
    LAYER.leave()
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
    connection.set_schema_to_public()


def clear_away_dead_rows() -> None:
    """Vacuum the database that is in use, from a connection of its own; what an open transaction still sees stays."""
    with psycopg.connect(**_server(), dbname=connection.settings_dict["NAME"], autocommit=True) as owner:
        owner.execute("VACUUM")


def until_alone() -> None:
    """Wait until nobody else is in this test's database: the server notices after a moment that a process is killed.

    What that one held, it holds until then, and whoever comes next would be refused.
    """
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    for _turn in range(1_200):
        with connection.cursor() as cursor:
            cursor.execute(f"{others} AND backend_type = 'client backend'")
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise RuntimeError("somebody else stays in the database")


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


# --- cloning ---------------------------------------------------------------------------------


def clone_prepared(suffix: str, kind: str = "sites") -> str:
    """A copy of a prepared database under a name of this process. Returns the name.

    The files of its pages are put where this process keeps its media, too.
    """
    name = clone_database(ensure_prepared(kind), suffix)
    give_files(kind)
    return name


def empty_database(suffix: str) -> str:
    """A database without anything in it, under a name of this process. Returns the name."""
    name = f"{_PREFIX}run_{os.getpid()}_{suffix}"
    drop_database(name)
    with _admin() as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return name


def clone_database(source: str, suffix: str) -> str:
    """A copy of a database that nobody is connected to, under a name of this process. Returns the name."""
    name = f"{_PREFIX}run_{os.getpid()}_{suffix}"
    drop_database(name)
    _copy_database(source, name)
    return name


def _copy_database(source: str, name: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
        sql.Identifier(name), sql.Identifier(source)
    )
    for attempt in range(50):
        try:
            with _admin() as admin:
                admin.execute(statement)
            return
        except psycopg.errors.ObjectInUse:
            # another run clones at this very moment
            time.sleep(0.1 * (attempt + 1))
    raise RuntimeError(f"{source} stays in use")


def _kept_files(kind: str) -> Path:
    return _kept() / "media" / name_of(kind)


def give_files(kind: str, folder: Path | None = None) -> None:
    """Have the files of the prepared pages in ``folder`` (this process's media) as they were published.

    Cheap when they are there: what a test changed or took away is copied again, all else is only looked at.
    """
    source, target = _kept_files(kind), folder or Path(settings.MEDIA_ROOT)
    if not source.exists():
        return
    for path in source.rglob("*"):
        if not path.is_file():
            continue
        copy, kept = target / path.relative_to(source), path.stat()
        try:
            found = copy.stat()
            whole = (found.st_size, found.st_mtime_ns) == (kept.st_size, kept.st_mtime_ns)
        except FileNotFoundError:
            whole = False
        if not whole:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)


def pour(kind: str, url: str) -> None:
    """Write everything that a prepared database holds into the empty one at ``url``, on whatever server."""
    from govplatform.embedded import tools_dir
    from govplatform.embedded.installation import tool_environment

    source, tools, environment = database_url(ensure_prepared(kind)), tools_dir(), tool_environment()
    dump = [str(tools / "pg_dump"), "--no-owner", "--no-comments", source]
    restore = [str(tools / "psql"), "-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "--single-transaction", url]
    with subprocess.Popen(dump, stdout=subprocess.PIPE, env=environment) as reading:
        subprocess.run(restore, stdin=reading.stdout, check=True, env=environment)
    if reading.returncode != 0:
        raise RuntimeError(f"{source} cannot be read")


# --- preparing -------------------------------------------------------------------------------


def _fingerprint(kind: str) -> str:
    """Of the files that a prepared database is made of, with those of what it is built upon."""
    prepared = _PREPARED[kind]
    digest = hashlib.sha256((_fingerprint(prepared.base) if prepared.base else "").encode())
    digest.update(_day_of(kind).encode())
    for path in sorted({path for pattern in prepared.patterns for path in ROOT.glob(pattern)}):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


_names: dict[tuple[str, str], str] = {}
_today = str(timezone.localdate())


def begin_day() -> None:
    """What is made anew each day is that of this day from now on; inside of a test the clock may stand anywhere.

    Of two processes that go on with different days each would remove what the other prepared.
    """
    global _today
    _today = str(timezone.localdate())


def _day_of(kind: str) -> str:
    return _today if _PREPARED[kind].daily else ""


def name_of(kind: str) -> str:
    """The prepared database's name for this state of the code, which does not change under a process, and this day."""
    key = kind, _day_of(kind)
    if key not in _names:
        _names[key] = f"{_PREFIX}{kind}_{_fingerprint(kind)}"
    return _names[key]


def ensure_prepared(kind: str = "sites") -> str:
    """The prepared database for this state of the code; built when it is not there. Returns its name."""
    name, lock_path = name_of(kind), _kept() / f"{kind}.lock"
    if base := _PREPARED[kind].base:
        ensure_prepared(base)
    lock_path.parent.mkdir(parents=True, exist_ok=True)
    with lock_path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _admin() as admin:
            names = [row[0] for row in admin.execute("SELECT datname FROM pg_database").fetchall()]
        # The folder may have been cleared away while the server, in memory, went on.
        is_whole = not _PREPARED[kind].with_files or _kept_files(kind).exists()
        if name not in names or not is_whole:
            _remove_leftovers(kind, names)
            _build(_PREPARED[kind], name)
    return name


def _remove_leftovers(kind: str, names: list[str]) -> None:
    """Earlier states of ``kind``, and what runs that were killed left behind."""
    for old in names:
        if old.startswith(f"{_PREFIX}{kind}_"):
            drop_database(old)
            shutil.rmtree(_kept() / "media" / old, ignore_errors=True)
        elif old.startswith((f"{_PREFIX}run_", f"{_PREFIX}build_")):
            pid = int(old.split("_")[2])
            if not Path(f"/proc/{pid}").exists():
                drop_database(old)


def _build(prepared: Prepared, name: str) -> None:
    building, standing = f"{_PREFIX}build_{os.getpid()}", settings.DATABASES["default"]["NAME"]
    files = _kept() / "media" / building
    drop_database(building)
    shutil.rmtree(files, ignore_errors=True)
    if prepared.base:
        _copy_database(name_of(prepared.base), building)
    else:
        with _admin() as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
    use_database(building)
    try:
        with override_settings(MEDIA_ROOT=files, LIBRARY_ROOT=files / "library", STORAGES=settings.STORAGES):
            prepared.build()
    finally:
        use_database(standing)
    if files.exists():
        shutil.rmtree(files.with_name(name), ignore_errors=True)
        files.rename(files.with_name(name))
    with _admin() as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name)))
