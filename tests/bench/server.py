"""The databases of one run: two, on a server of their own unless ``DATABASE_URL`` names one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from govplatform.embedded import ensure_running, stop
from govplatform.settings.database import parse_database_url

PLATFORM, STOCK = "govbench_platform", "govbench_stock"


@dataclass(frozen=True)
class Server:
    """``var``: folder of the run's files, removed at its end; ``logs``: None where the server is not ours."""

    parameters: dict[str, Any]
    var: Path
    logs: Path | None

    def connect(self, database: str = "postgres", user: str | None = None) -> psycopg.Connection[Any]:
        return psycopg.connect(
            **{**self.parameters, **({"user": user} if user else {})}, dbname=database, autocommit=True
        )

    def url(self, database: str) -> str:
        """``DATABASE_URL`` of the owner's login."""
        given = self.parameters
        password = f":{quote(given['password'], safe='')}" if given.get("password") else ""
        where = urlencode({"host": given.get("host", ""), "port": given.get("port", "")})
        return f"postgresql://{quote(given['user'], safe='')}{password}@/{database}?{where}"

    def version(self) -> str:
        with self.connect() as connection:
            return str(connection.execute("SHOW server_version").fetchone()[0])  # type: ignore[index]

    def has_database(self, name: str) -> bool:
        with self.connect() as connection:
            return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def make_database(self, name: str) -> None:
        self.drop_database(name)
        with self.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def drop_database(self, name: str) -> None:
        # Only a superuser may end an autovacuum that is at work in it.
        with self.connect(user="postgres" if self.logs else None) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def run_server(var: Path, *, kept: bool = False) -> Iterator[Server]:
    """A server with two empty databases; afterwards nothing of it is left.

    ``kept``: the databases are those of the run before, where there are any, and stay for the next one.
    """
    shutil.rmtree(var / "media", ignore_errors=True)
    var.mkdir(parents=True, exist_ok=True)
    given = os.environ.get("DATABASE_URL", "")
    if given:
        parsed = parse_database_url(given)
        names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        server = Server({name: parsed[key] for name, key in names.items() if parsed[key]}, var, None)
    else:
        address = ensure_running(var)
        parameters = {"host": str(address.host), "port": str(address.port), "user": "govplatform_owner"}
        server = Server(parameters, var, var / "pg")
    try:
        for name in (PLATFORM, STOCK):
            if not (kept and server.has_database(name)):
                server.make_database(name)
        yield server
    finally:
        for name in () if kept else (PLATFORM, STOCK):
            server.drop_database(name)
        if not given:
            stop(var)
            if not kept:
                shutil.rmtree(var, ignore_errors=True)
