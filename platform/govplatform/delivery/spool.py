"""The verifier's file of findings, read by the application's side; on front nodes by the centre (``nodes/found.py``).

What stands there can say what a finding says and nothing else: no act, no person, no site, no time of ours. It is
believed as far as nobody but its owner can write it. Knows no database.
"""

import json
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from .release.layout import is_host
from .verifying.faults import Done, Kind, printable

#: Bytes: read in one run, and of one line. What is longer is no line of ours.
_AT_ONCE, LONGEST_LINE = 1 << 20, 16 << 10
_LONGEST_PLACE, _LONGEST_DETAIL = 500, 300
_OTHERS_WRITE = 0o022
#: How the file is called once it was put aside.
ASIDE = ".1"


class Unsafe(Exception):
    """The file is none, or others can write it."""


@dataclass(frozen=True)
class Said:
    """One finding, in bounds and of known words. ``found_at``: None where it says none that is a time."""

    host: str
    place: str
    fault: Kind
    done: Done
    detail: str
    found_at: datetime | None


@dataclass(frozen=True)
class Position:
    """``file``: number of the file (inode), 0 before the first reading; ``offset``: bytes of it that were read."""

    file: int = 0
    offset: int = 0


@dataclass
class Piece:
    """Lines of the file as they stand there, without looking at what they say. ``too_long``: pieces that are no line;
    ``is_lost``: whether something that was not read yet is gone.
    """

    position: Position
    lines: list[bytes] = field(default_factory=list)
    too_long: int = 0
    is_lost: bool = False


@dataclass
class Read:
    """``not_written``: findings that the verifier counted without writing them; ``unclear``: lines that are none;
    ``is_lost``: as in Piece.
    """

    position: Position
    said: list[Said] = field(default_factory=list)
    not_written: int = 0
    unclear: int = 0
    is_lost: bool = False


def read_spool(path: Path, since: Position) -> Read:
    """What was written behind ``since``, at most a megabyte of it. A missing file says nothing.

    Raises Unsafe, OSError.
    """
    piece = read_piece(path, since)
    read = understood(piece.lines, piece.position)
    read.unclear += piece.too_long
    read.is_lost = piece.is_lost
    return read


def read_piece(path: Path, since: Position, most: int = _AT_ONCE) -> Piece:
    """Whole lines behind ``since``, of at most ``most`` bytes of a file. Raises Unsafe, OSError."""
    found = Piece(since)
    try:
        with _folder(path.parent) as folder:
            _read_files(folder, path.name, since, found, most)
    except FileNotFoundError:
        found.is_lost = since.file != 0
        found.position = Position()
    return found


def understood(lines: Iterable[bytes], position: Position) -> Read:
    """What ``lines`` say, as far as findings can say it; whoever wrote them."""
    read = Read(position)
    for line in lines:
        _take(line, read)
    return read


# --- inside ------------------------------------------------------------------------------


def _read_files(folder: int, name: str, since: Position, found: Piece, most: int) -> None:
    with _file(folder, name) as now:
        if since.file in (0, _number(now)):
            is_shorter = os.fstat(now).st_size < since.offset
            found.is_lost = is_shorter
            _read(now, 0 if is_shorter else since.offset, found, most)
            return
        # it was put aside meanwhile: first what was not read of it
        try:
            with _file(folder, f"{name}{ASIDE}") as before:
                if _number(before) == since.file and os.fstat(before).st_size >= since.offset:
                    _read(before, since.offset, found, most)
                    if os.fstat(before).st_size - found.position.offset > 0:
                        return
                else:
                    found.is_lost = True
        except FileNotFoundError:
            found.is_lost = True
        _read(now, 0, found, most)


def _read(handle: int, offset: int, found: Piece, most: int) -> None:
    """Whole lines from ``offset`` on; a line that is still being written is left for the next time."""
    content = os.pread(handle, most, offset)
    whole, _end, rest = content.rpartition(b"\n")
    if not whole and not _end:
        # no line of ours is so long
        skipped = len(content) if len(rest) >= LONGEST_LINE else 0
        found.too_long += bool(skipped)
        found.position = Position(_number(handle), offset + skipped)
        return
    found.lines += whole.split(b"\n")
    found.position = Position(_number(handle), offset + len(whole) + 1)


def _take(line: bytes, found: Read) -> None:
    try:
        facts = json.loads(line) if len(line) <= LONGEST_LINE else None
        if not isinstance(facts, dict):
            raise ValueError
        if facts.get("event") == "delivery_faults_not_written":
            found.not_written += max(0, min(int(facts["faults"]), 1_000_000_000))
        elif facts.get("event") == "delivery_fault":
            found.said.append(_said(facts))
        else:
            raise ValueError
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        found.unclear += 1


def _said(facts: dict[str, Any]) -> Said:
    host = facts["host"]
    if not isinstance(host, str) or (host and not is_host(host)):
        raise ValueError
    return Said(
        host=host,
        place=_text(facts.get("place"), _LONGEST_PLACE),
        fault=Kind(facts["fault"]),
        done=Done(facts["done"]),
        detail=_text(facts.get("detail"), _LONGEST_DETAIL),
        found_at=_moment(facts.get("at")),
    )


def _text(value: object, most: int) -> str:
    return printable(value)[:most] if isinstance(value, str) else ""


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        # in years that every clock and table can hold
        return moment if moment is not None and moment.tzinfo is not None and 2000 < moment.year < 3000 else None
    except ValueError:
        return None


@contextmanager
def _folder(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _require_own(os.fstat(handle))
        yield handle
    finally:
        os.close(handle)


@contextmanager
def _file(folder: int, name: str) -> Iterator[int]:
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unsafe from error
    try:
        found = os.fstat(handle)
        _require_own(found)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1 or found.st_uid != os.fstat(folder).st_uid:
            raise Unsafe
        yield handle
    finally:
        os.close(handle)


def _require_own(found: os.stat_result) -> None:
    if stat.S_IMODE(found.st_mode) & _OTHERS_WRITE:
        raise Unsafe


def _number(handle: int) -> int:
    return os.fstat(handle).st_ino
