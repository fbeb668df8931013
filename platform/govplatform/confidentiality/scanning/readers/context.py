"""The place in the file where a reader works, and what it may still take from the file's limits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from govplatform.untrusted_files.kinds import suffix_of

from ..findings import Finding
from ..limits import ReadLimits
from ..pieces import Piece
from .unreadable import BOMB, FILE, TOO_DEEP, TOO_LONG, TOO_MANY, Exhausted, Unreadable

NAME_LENGTH = 80
PATH_LENGTH = 200

Items = Iterator[Piece | Finding]


@dataclass(slots=True)
class Source:
    """A file to read: a seekable binary stream that stays open for the whole reading."""

    stream: IO[bytes]
    name: str

    @property
    def suffix(self) -> str:
        """Lower-case extension with its dot, or ''."""
        return suffix_of(self.name)

    def head(self, length: int = 4096) -> bytes:
        """The first ``length`` bytes; the stream stands at its beginning afterwards."""
        self.stream.seek(0)
        data = self.stream.read(length)
        self.stream.seek(0)
        return data

    def tail(self, length: int = 4096) -> bytes:
        """The last ``length`` bytes; the stream stands at its beginning afterwards."""
        self.stream.seek(max(0, self.size() - length))
        data = self.stream.read(length)
        self.stream.seek(0)
        return data

    def size(self) -> int:
        """The number of bytes; the stream stands at its beginning afterwards."""
        self.stream.seek(0, 2)
        size = self.stream.tell()
        self.stream.seek(0)
        return size


class Budget:
    """What all readers of one file may use together: each ``spend_...`` raises Exhausted beyond the limits."""

    def __init__(self, limits: ReadLimits) -> None:
        self.limits = limits
        #: What LibreOffice could make of the file, when it is an old office file itself.
        self.old_office: str | None = None
        self._bytes = 0
        self._members = 0
        self._characters = 0

    def spend_bytes(self, count: int) -> None:
        """Count bytes that were unpacked."""
        self._bytes += count
        if self._bytes > self.limits.unpacked_bytes:
            raise Exhausted(BOMB)

    def spend_members(self, count: int) -> None:
        """Count entries of archives, attachments and the like."""
        self._members += count
        if self._members > self.limits.members:
            raise Exhausted(TOO_MANY)

    def spend_text(self, count: int) -> None:
        """Count characters of text."""
        self._characters += count
        if self._characters > self.limits.characters:
            raise Exhausted(TOO_LONG)


@dataclass(frozen=True, slots=True)
class Context:
    """The place of a file that is read. ``path``: how it is reached from the scanned file, '' for that file itself.

    ``depth``: how many files it lies inside of.
    """

    budget: Budget
    path: str = ""
    depth: int = 0

    @property
    def limits(self) -> ReadLimits:
        return self.budget.limits

    def place(self, where: str) -> str:
        """The full name of the place ``where``: ``body``, or ``inner.zip/a.docx: body`` inside of another file."""
        return f"{self.path}: {where}" if self.path else where

    def file_place(self) -> str:
        """The full name of this file as a place."""
        return self.path or FILE

    def member(self, name: str) -> "Context":
        """The context of an entry of this archive. Raises Unreadable when it lies too deep."""
        return self._deeper(f"{self.path}/{_short(name)}" if self.path else _short(name))

    def attachment(self, name: str) -> "Context":
        """The context of a file inside this office file, PDF or message. Raises Unreadable when it lies too deep."""
        return self._deeper(self.place(f"attachment {_short(name)}"))

    def _deeper(self, path: str) -> "Context":
        if self.depth >= self.limits.depth:
            raise Unreadable(TOO_DEEP)
        return Context(self.budget, path[:PATH_LENGTH], self.depth + 1)


#: How a reader has a file inside of its own file read.
ReadSource = Callable[[Source, Context], Items]


def _short(name: str) -> str:
    name = "".join(char for char in name if char.isprintable()).strip() or "unnamed"
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH // 2] + "…" + name[-NAME_LENGTH // 2 + 1 :]
