"""What a capture has to remember while it runs, in a file of its own: a large site needs no more memory than a small one."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..package.warc_writing import Original

_TABLES = """
CREATE TABLE seen (address TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE coarse (key TEXT PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE original (sha256 TEXT PRIMARY KEY, address TEXT, date TEXT, record TEXT) WITHOUT ROWID;
CREATE TABLE waiting (number INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE);
CREATE TABLE line (key TEXT, stamp TEXT, address TEXT, line BLOB, PRIMARY KEY (key, stamp, address)) WITHOUT ROWID;
CREATE TABLE series (path TEXT PRIMARY KEY, title TEXT) WITHOUT ROWID;
CREATE TABLE entry (number INTEGER PRIMARY KEY, rank INTEGER NOT NULL, entry TEXT NOT NULL);
"""


class Working:
    """The notes of one capture, in the SQLite file ``path``, which is removed at its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._notes = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # Nothing here outlives the capture: what is lost with the power is begun anew.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-4000", "temp_store=FILE"):
            self._notes.execute(f"PRAGMA {pragma}")
        self._notes.executescript(_TABLES)
        self._notes.execute("BEGIN")

    def close(self) -> None:
        self._notes.close()
        self._path.unlink(missing_ok=True)

    def is_new(self, address: str) -> bool:
        """Whether nobody asked about ``address`` before; from now on it is known."""
        return self._notes.execute("INSERT OR IGNORE INTO seen VALUES (?)", (address,)).rowcount == 1

    def times_met(self, coarse_key: str) -> int:
        """How many records before this one fall together with it in older viewers."""
        statement = "INSERT INTO coarse VALUES (?, 0) ON CONFLICT (key) DO UPDATE SET times = times + 1 RETURNING times"
        return int(self._notes.execute(statement, (coarse_key,)).fetchone()[0])

    def original_of(self, sha256: str) -> Original | None:
        found = self._notes.execute("SELECT address, date, record FROM original WHERE sha256 = ?", (sha256,)).fetchone()
        return Original(*found) if found else None

    def keep_original(self, sha256: str, original: Original) -> None:
        facts = (sha256, original.address, original.date, original.record)
        self._notes.execute("INSERT OR IGNORE INTO original VALUES (?, ?, ?, ?)", facts)

    def wait(self, address: str) -> None:
        """Ask for ``address`` after all public addresses, unless it is one of them."""
        self._notes.execute("INSERT OR IGNORE INTO waiting (address) VALUES (?)", (address,))

    def waiting(self) -> Iterator[str]:
        """Yield what waits and was not asked for, in the order in which it was met, also what comes in meanwhile."""
        number = 0
        while found := self._notes.execute(
            "SELECT number, address FROM waiting WHERE number > ? ORDER BY number LIMIT 1", (number,)
        ).fetchone():
            number, address = found
            if self.is_new(address):
                yield address

    def keep_line(self, key: str, stamp: str, address: str, line: bytes) -> None:
        self._notes.execute("INSERT INTO line VALUES (?, ?, ?, ?)", (key, stamp, address, line))

    def lines(self) -> Iterator[bytes]:
        """Yield the lines of the index, sorted."""
        for (line,) in self._notes.execute("SELECT line FROM line ORDER BY key, stamp, address"):
            yield line

    def keep_series(self, path: str, title: str) -> None:
        """The column at ``path``, of which pages below it are parts."""
        self._notes.execute("INSERT OR IGNORE INTO series VALUES (?, ?)", (path, title))

    def series_of(self, path: str) -> tuple[str, str]:
        """``(path, title)`` of the innermost column above ``path``; two empty texts for none."""
        above = path.rstrip("/")
        while "/" in above:
            above = above.rpartition("/")[0]
            found = self._notes.execute("SELECT path, title FROM series WHERE path = ?", (f"{above}/",)).fetchone()
            if found:
                return str(found[0]), str(found[1])
        return "", ""

    def keep_entry(self, rank: int, entry: dict[str, Any]) -> None:
        """A description; ``rank``: columns come first, then pages, then parts."""
        self._notes.execute("INSERT INTO entry (rank, entry) VALUES (?, ?)", (rank, json.dumps(entry)))

    def entries(self, root: str) -> Iterator[dict[str, Any]]:
        """Yield the descriptions, columns first, each with the column it lies in. ``root``: what addresses begin with."""
        for (text,) in self._notes.execute("SELECT entry FROM entry ORDER BY rank, number"):
            entry = json.loads(text)
            within, _title = self.series_of(entry["address"].removeprefix(root).partition("?")[0])
            yield {**entry, "within": within}
