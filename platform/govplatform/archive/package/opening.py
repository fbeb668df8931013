"""An archive as it lies in its folder: what a reader, a replay and a verification ask of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, unquote

from .index import entries_of, index_key
from .layout import CERTIFICATE, INDEX, Names
from .warc_reading import Break, BrokenRecord, Record, read_record

#: The product's own bounds for what may come from anywhere.
_MOST_OF_A_CERTIFICATE = 4 * 1024 * 1024
MOST_OF_A_LINE = 256 * 1024
#: Signs of an address that stand for themselves; ``%`` because it is an escape already.
_PLAIN = "%/:?#[]@!$&'()*+,;=~-._"


class NoArchive(Exception):
    """The folder holds no archive that can be read."""


@dataclass(frozen=True)
class Found:
    """An address in the archive: how its answer began, and where its payload lies."""

    address: str
    date: str
    status: int
    headers: list[tuple[str, str]]
    revisit: bool
    #: The record that holds the payload: the found one, or the original that it repeats.
    holder: Record

    def header(self, name: str) -> str:
        return next((value for found, value in self.headers if found.lower() == name), "")


def read_certificate(folder: Path) -> dict[str, Any]:
    """The certificate in ``folder``. Raises NoArchive."""
    try:
        if not (folder / CERTIFICATE).is_file():
            # A pipe of that name would be waited for without end.
            raise NoArchive("no file")
        with (folder / CERTIFICATE).open("rb") as stream:
            data = stream.read(_MOST_OF_A_CERTIFICATE + 1)
        found = json.loads(data)
    except (OSError, ValueError, RecursionError) as error:
        raise NoArchive(str(error)) from error
    if len(data) > _MOST_OF_A_CERTIFICATE or not isinstance(found, dict) or not isinstance(found.get("archive"), str):
        raise NoArchive("the certificate is none")
    return found


class Opened:
    """The WARC and the index of an archive, open for reading."""

    def __init__(self, warc: BinaryIO, index: BinaryIO, index_size: int, warc_size: int) -> None:
        self._warc = warc
        self._index = index
        self._size = index_size
        self.warc_size = warc_size

    def find(self, address: str) -> Found | None:
        """What the archive holds of ``address``; None when it holds nothing. Raises BrokenRecord, ValueError."""
        for entry in entries_of(self._index, self._size, index_key(address)):
            if entry.get("url") != address:
                continue
            record = self.record(int(entry["offset"]))
            if record.address != address:
                raise BrokenRecord(Break.WRONGLY_INDEXED)
            return self._found(record)
        return None

    def has(self, address: str) -> bool:
        """Whether the index names ``address``. Raises ValueError for an index that cannot be read."""
        return any(entry.get("url") == address for entry in entries_of(self._index, self._size, index_key(address)))

    def find_loosely(self, address: str) -> Found | None:
        """As ``find``, for an address that is written otherwise: other letters escaped or none, in another case."""
        address = quote(address, safe=_PLAIN)
        plain = unquote(address).casefold()
        for entry in entries_of(self._index, self._size, index_key(address)):
            if unquote(str(entry.get("url"))).casefold() == plain:
                return self.find(str(entry["url"]))
        return None

    def record(self, offset: int) -> Record:
        if not 0 <= offset < self.warc_size:
            raise BrokenRecord(Break.WRONGLY_INDEXED)
        return read_record(self._warc, offset)

    def _found(self, record: Record) -> Found:
        if record.http is None:
            raise BrokenRecord(Break.NO_ANSWER)
        status = str(record.http.statusline).split(" ", 1)[0]
        if not (status.isascii() and status.isdecimal() and len(status) == 3):
            raise BrokenRecord(Break.NO_ANSWER)
        holder = record
        if record.type == "revisit":
            holder = self._original(record)
        return Found(
            record.address,
            record.get("WARC-Date"),
            int(status),
            list(record.http.headers),
            record.type == "revisit",
            holder,
        )

    def _original(self, revisit: Record) -> Record:
        """The record that ``revisit`` repeats, found as viewers find it: by target and date."""
        address, date = revisit.get("WARC-Refers-To-Target-URI"), revisit.get("WARC-Refers-To-Date")
        for entry in entries_of(self._index, self._size, index_key(address)):
            if entry.get("url") == address:
                record = self.record(int(entry["offset"]))
                if record.type == "response" and record.get("WARC-Date") == date:
                    return record
        raise BrokenRecord(Break.NO_ORIGINAL)


@contextmanager
def opened(folder: Path, name: str) -> Iterator[Opened]:
    """The archive ``name`` in ``folder``, open. Raises OSError."""
    warc = folder / Names(name).warc
    with warc.open("rb") as records, (folder / INDEX).open("rb") as index:
        yield Opened(records, index, (folder / INDEX).stat().st_size, warc.stat().st_size)


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects in a file of JSON lines, one line in memory at a time. Raises ValueError, OSError."""
    with path.open("rb") as stream:
        while text := stream.readline(MOST_OF_A_LINE):
            found = json.loads(text)
            if not isinstance(found, dict):
                raise ValueError("a line is no object")
            yield found
