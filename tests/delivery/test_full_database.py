"""The disk of the database is full, behind the real nginx: nothing can be written, then its log has no room either.

A throw-away server on a small disk of its own, with the data of the test (the runbook says the same as a table).
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from govplatform.embedded import DATABASE, OWNER_ROLE, EmbeddedServerError, ensure_running, stop, tools_dir
from govplatform.embedded.installation import tool_environment

from .front import Front
from .test_at_bad_moments import small_disk
from .test_outages import FILES, LIVE, application, front
from .test_publisher import until

__all__ = ["front"]
pytestmark = [pytest.mark.nginx, pytest.mark.soak]


def test_the_disk_of_the_database_is_full(front: Front, own_database: str, tmp_path: Path):
    """A server of its own on a disk of its own, with this test's data: what cannot be written, and then its log too."""
    with small_server(own_database, tmp_path) as (disk, url), application(front, url):
        assert front.ask("/search/?q=x").status == 200
        fill = disk / "fill"
        _until_it_is_full(url, fill)
        seen = {target: front.ask(target).status for target in (*FILES, "/?x=1", *LIVE)}
        sys.stdout.write(f"nothing can be written: {seen}\n")
        assert set(seen.values()) <= {200, 404} and all(seen[target] == 200 for target in (*FILES, "/?x=1"))
        fill.unlink()
        until(lambda: _can_write(url))
        assert front.ask("/search/?q=x").status == 200

        _until_its_log_is_full(url, fill)
        seen = {target: front.ask(target).status for target in (*FILES, "/?x=1", *LIVE)}
        sys.stdout.write(f"the server has ended: {seen}\n")
        assert all(seen[target] == 200 for target in (*FILES, "/?x=1"))
        assert {seen[target] for target in LIVE} == {503}
        fill.unlink()
        ensure_running(disk / "var")
        until(lambda: front.ask("/search/?q=x").status == 200)


@contextmanager
def small_server(database_url: str, folder: Path) -> Iterator[tuple[Path, str]]:
    """A server on a disk of 700 MB that holds what ``database_url`` holds: where the disk is, and its URL."""
    with small_disk(folder / "disk", 700) as disk:
        disk.chmod(0o755)
        try:
            url = ensure_running(disk / "var").url(OWNER_ROLE, DATABASE)
            dump = [str(tools_dir() / "pg_dump"), "-Fc", "-f", str(folder / "dump"), database_url]
            subprocess.run(dump, env=tool_environment(), check=True)
            restore = [str(tools_dir() / "pg_restore"), "--clean", "--if-exists", "-d", url, str(folder / "dump")]
            subprocess.run(restore, env=tool_environment(), check=True)
            yield disk, url
        finally:
            with suppress(EmbeddedServerError):
                stop(disk / "var")


def _until_it_is_full(url: str, fill: Path) -> None:
    """Nothing is left on the disk, and the server has said so to somebody who writes."""
    with fill.open("wb") as stream, suppress(OSError):
        while True:
            stream.write(b"x" * (1 << 20))
            stream.flush()
    with psycopg.connect(url, autocommit=True) as writer, pytest.raises(psycopg.errors.DiskFull):
        writer.execute("CREATE TABLE filled AS SELECT repeat(md5(n::text), 60) FROM generate_series(1, 200000) n")


def _can_write(url: str) -> bool:
    try:
        with psycopg.connect(url, autocommit=True) as writer:
            writer.execute("CREATE TABLE small AS SELECT 1; DROP TABLE small")
    except psycopg.OperationalError:
        return False
    return True


def _until_its_log_is_full(url: str, fill: Path) -> None:
    """Rows are changed in place until what is to be logged of them has no room: the server ends itself."""
    with psycopg.connect(url, autocommit=True) as writer:
        writer.execute("CREATE TABLE again AS SELECT 1 AS n, repeat('x', 4000) AS text")
        with fill.open("wb") as stream, suppress(OSError):
            while True:
                stream.write(b"x" * (1 << 16))
                stream.flush()
        for _time in range(200_000):
            try:
                writer.execute("SELECT pg_logical_emit_message(false, 'x', repeat('y', 1000000))")
            except psycopg.OperationalError:
                break
    until(lambda: not _can_write(url))
