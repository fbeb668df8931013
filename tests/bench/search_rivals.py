"""The same questions to what else PostgreSQL has: Wagtail's own search backend, and pg_trgm.

Wagtail's table of its index is filled as its backend fills it (titles with weight A, bodies beside them, the
configuration ``simple``) and asked with the statement that the backend makes for a query of all words, with its total.
pg_trgm is asked for texts that hold every word (``LIKE``), newest first, with the total. Neither counts facets.
pg_trgm lies in a server that has it: Debian's packages ``postgresql-15`` and ``postgresql-contrib``.
"""

import itertools
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from .search_filling import tell
from .search_texts import words, written
from .server import Server

Ask = Callable[["psycopg.Connection[Any]", list[str]], tuple[int, set[int]]]
_DEBIAN = Path("/usr/lib/postgresql")
_TABLE = "CREATE TABLE said (id int PRIMARY KEY, published timestamptz, title text, body text)"
_WAGTAIL = (
    "CREATE TABLE entry AS SELECT id, published, setweight(to_tsvector('simple', title), 'A') AS title,"
    " to_tsvector('simple', body) AS body FROM said",
    "CREATE INDEX ON entry USING gin (title)",
    "CREATE INDEX ON entry USING gin (body)",
    "CREATE INDEX ON entry USING gin ((title || body))",
    "ANALYZE entry",
)
_TRIGRAMS = (
    "CREATE EXTENSION pg_trgm",
    "CREATE INDEX ON said USING gin ((title || body) gin_trgm_ops)",
    "ANALYZE said",
)


def ask_rivals(server: Server, documents: int, rounds: int) -> dict[str, Any]:
    """Milliseconds and recall of either over the first ``documents``; for pg_trgm None where no server has it."""
    figures: dict[str, Any] = {"documents": documents}
    name = "govbench_rivals"
    server.make_database(name)
    try:
        with server.connect(name) as connection:
            figures["wagtail"] = _measured(connection, documents, rounds, _WAGTAIL, _ask_wagtail)
    finally:
        server.drop_database(name)
    with _debian() as parameters:
        figures["pg_trgm"] = None
        if parameters:
            with psycopg.connect(**parameters, autocommit=True) as connection:
                figures["pg_trgm"] = _measured(connection, documents, rounds, _TRIGRAMS, _ask_trigrams)
                figures["pg_trgm_server"] = connection.info.parameter_status("server_version")
    return figures


def _measured(
    connection: "psycopg.Connection[Any]", documents: int, rounds: int, making: tuple[str, ...], ask: Ask
) -> dict[str, Any]:
    from .search import spread

    began = time.perf_counter()
    connection.execute(_TABLE)
    with connection.cursor().copy("COPY said FROM STDIN") as copy:
        for number in range(documents):
            one = written(number)
            copy.write_row((number, one.published, one.title, one.body))
    connection.execute("SET maintenance_work_mem = '512MB'; SET jit = off")
    connection.execute("SET statement_timeout = '600s'")
    for statement in making:
        connection.execute(statement)
    tell(f"{ask.__name__}: {documents} documents in {time.perf_counter() - began:.0f} s")
    connection.execute("SET statement_timeout = '20s'")
    figures: dict[str, Any] = {"made_s": round(time.perf_counter() - began)}
    for name, questions in _questions().items():
        times = []
        for asked in itertools.islice(questions, rounds):
            started = time.perf_counter()
            ask(connection, asked)
            times.append((time.perf_counter() - started) * 1000)
        figures[name] = spread(times)
    figures["recall"] = {str(length): _recall(connection, documents, rounds, ask, length) for length in (2, 4, 6)}
    return figures


def _questions() -> dict[str, Iterator[list[str]]]:
    chance, known = random.Random(5), words()
    common, middle = known[:40], known[40:1_500]
    return {
        "one common word": ([chance.choice(common)] for _ in itertools.count()),
        "one word": ([chance.choice(middle)] for _ in itertools.count()),
        "two words": ([chance.choice(common), chance.choice(middle)] for _ in itertools.count()),
    }


def _recall(connection: "psycopg.Connection[Any]", documents: int, rounds: int, ask: Ask, length: int) -> float:
    chance, met = random.Random(9), 0
    for _ in range(rounds):
        number = chance.randrange(documents)
        body = written(number).body
        start = chance.randrange(len(body) - length)
        met += number in ask(connection, [body[start : start + length]])[1]
    return met / rounds


def _ask_wagtail(connection: "psycopg.Connection[Any]", asked: list[str]) -> tuple[int, set[int]]:
    query = " & ".join(f"'{word}'" for word in asked)
    matching = "FROM entry WHERE (title || body) @@ %s::tsquery"
    total = connection.execute(f"SELECT count(*) {matching}", [query]).fetchone()
    rows = connection.execute(
        f"SELECT id {matching} ORDER BY ts_rank(title, %s::tsquery) + ts_rank(body, %s::tsquery) DESC LIMIT 1000",
        [query, query, query],
    ).fetchall()
    return (total[0] if total else 0), {row[0] for row in rows}


def _ask_trigrams(connection: "psycopg.Connection[Any]", asked: list[str]) -> tuple[int, set[int]]:
    holds = " AND ".join(["(title || body) LIKE %s"] * len(asked))
    patterns = [f"%{word}%" for word in asked]
    rows = connection.execute(
        f"WITH hit AS MATERIALIZED (SELECT id, published FROM said WHERE {holds})"
        " SELECT id, (SELECT count(*) FROM hit) FROM hit ORDER BY published DESC, id DESC LIMIT 100000",
        patterns,
    ).fetchall()
    return (rows[0][1] if rows else 0), {row[0] for row in rows}


@contextmanager
def _debian() -> Iterator[dict[str, Any]]:
    """Parameters of a server of Debian's that lives meanwhile; none where there is no such package."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"))
    if not found:
        yield {}
        return
    programs, folder = found[-1].parent, Path(tempfile.mkdtemp(prefix="bench-trgm-"))
    shutil.chown(folder, "postgres", "postgres")

    def run(*words: str) -> None:
        # The server does not run as root.
        subprocess.run(["runuser", "-u", "postgres", "--", *words], check=True, stdout=subprocess.DEVNULL, cwd="/")

    data = str(folder / "data")
    try:
        run(str(programs / "initdb"), "-D", data, "--locale=C.UTF-8", "--encoding=UTF8", "--auth=trust")
        settings = (
            f"-c listen_addresses= -c unix_socket_directories={folder} -c shared_buffers=256MB -c max_wal_size=2GB"
        )
        run(str(programs / "pg_ctl"), "-D", data, "-o", settings, "-l", str(folder / "log"), "-w", "start")
        yield {"host": str(folder), "user": "postgres", "dbname": "postgres"}
        run(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
