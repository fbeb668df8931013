"""Fills a database with copies of one schema: introspection costs more among three hundred sites."""

import os
import subprocess

from govplatform.embedded import tools_dir

from .server import Server


def crowd(server: Server, database: str, schema: str, count: int) -> None:
    """``count`` copies of ``schema`` beside it, known to nobody; they only stand in the catalogue."""
    options = {"host": "--host", "port": "--port", "user": "--username"}
    places = [f"{option}={server.parameters[key]}" for key, option in options.items() if server.parameters.get(key)]
    dump = subprocess.run(
        [tools_dir() / "pg_dump", *places, f"--dbname={database}", f"--schema={schema}", "--no-owner", "--inserts"],
        env={**os.environ, "PGPASSWORD": str(server.parameters.get("password", ""))},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    script = "\n".join(line for line in dump.stdout.splitlines() if not line.startswith(("\\", "--")))
    with server.connect(database) as connection:
        for number in range(count):
            copy = script.replace(f"{schema}.", f"crowd_{number}.")
            copy = copy.replace(f"CREATE SCHEMA {schema};", f"CREATE SCHEMA crowd_{number};")
            connection.execute(copy.encode())
