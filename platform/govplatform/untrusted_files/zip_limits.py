"""ZIP archives from strangers: a bounded directory, and entries that yield no more than they may.

A directory can lie about sizes, so it is judged first and every byte that comes out is counted afterwards.
"""

import lzma
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from .faults import FileFault

#: Read at once when the caller does not say how much.
CHUNK = 256 * 1024
#: What the standard library raises for damaged archives and compressed data; RuntimeError for a member with a password.
BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError,
    ValueError, OSError,
)  # fmt: skip


class Readable(Protocol):
    """A stream of bytes, such as an entry of an archive."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """Bounds in bytes, ``members`` in entries.

    ``ratio``: so many times the packed size, counted only for entries beyond ``ratio_from_bytes``, since short
    repetitive parts of office files compress well.
    """

    members: int
    total_bytes: int
    member_bytes: int
    ratio: int
    ratio_from_bytes: int


def open_zip(file: Path | IO[bytes]) -> zipfile.ZipFile:
    """Open the archive; the caller closes it. Raises FileFault: broken."""
    if not isinstance(file, Path):
        file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except BROKEN as error:
        raise FileFault("broken") from error


def check_directory(members: Iterable[zipfile.ZipInfo], limits: ZipLimits) -> None:
    """Check the sizes and the number of entries that the archive's directory declares.

    Raises FileFault: too many, bomb, encrypted.
    """
    listed = list(members)
    if len(listed) > limits.members:
        raise FileFault("too many")
    if sum(member.file_size for member in listed) > limits.total_bytes:
        raise FileFault("bomb")
    for member in listed:
        check_member(member, limits)


def check_names(members: Iterable[zipfile.ZipInfo]) -> None:
    """Check that no name stands twice in an archive and that none leads out of it. Raises FileFault: broken.

    Of two entries with one name, every program may read another one.
    """
    seen: set[str] = set()
    for member in members:
        name = member.filename.replace("\\", "/").lower()
        if name in seen or name.startswith("/") or ".." in posixpath.normpath(name).split("/"):
            raise FileFault("broken")
        seen.add(name)


def check_member(member: zipfile.ZipInfo, limits: ZipLimits) -> None:
    """Check what the directory declares of one entry. Raises FileFault: encrypted, bomb."""
    if member.flag_bits & 0x1:
        raise FileFault("encrypted")
    if member.file_size > limits.member_bytes:
        raise FileFault("bomb")
    check_ratio(member.file_size, member.compress_size, limits)


def check_ratio(size: int, packed: int, limits: ZipLimits) -> None:
    """Check whether ``size`` bytes may have been unpacked from ``packed`` bytes. Raises FileFault: bomb."""
    if size > limits.ratio_from_bytes and size > max(packed, 1) * limits.ratio:
        raise FileFault("bomb")


class BoundedReader:
    """A stream out of an archive that raises FileFault as soon as it yields more than the limits allow.

    ``packed``: size of the entry in the archive, in bytes. ``spend``: called with the number of bytes of each read, to
    count what all entries yield together; it may raise.
    """

    def __init__(self, stream: Readable, packed: int, limits: ZipLimits, spend: Callable[[int], None]) -> None:
        self._stream, self._packed, self._limits, self._spend = stream, packed, limits, spend
        self._count = 0

    def read(self, size: int = -1, /) -> bytes:
        """Read at most ``size`` bytes, or CHUNK bytes for none. Raises FileFault: broken, bomb."""
        try:
            data = self._stream.read(size if size and size > 0 else CHUNK)
        except BROKEN as error:
            raise FileFault("broken") from error
        self._count += len(data)
        check_ratio(self._count, self._packed, self._limits)
        if self._count > self._limits.member_bytes:
            raise FileFault("bomb")
        self._spend(len(data))
        return data

    def read_all(self) -> bytes:
        """Read everything that is left into memory. Raises FileFault: broken, bomb."""
        return b"".join(iter(lambda: self.read(CHUNK), b""))


def open_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: ZipLimits, spend: Callable[[int], None]
) -> BoundedReader:
    """Open one entry as a bounded stream. Raises FileFault: encrypted, bomb, broken."""
    check_member(member, limits)
    try:
        return BoundedReader(archive.open(member), member.compress_size, limits, spend)
    except BROKEN as error:
        raise FileFault("broken") from error


class Total:
    """Counts the bytes that all entries of one archive yield together, as the ``spend`` of ``open_member``.

    Raises FileFault (bomb) when called beyond ``most`` bytes in all.
    """

    def __init__(self, most: int) -> None:
        self._most, self._count = most, 0

    def __call__(self, count: int) -> None:
        self._count += count
        if self._count > self._most:
            raise FileFault("bomb")


def member_name(member: zipfile.ZipInfo) -> str:
    """The name of an entry as its packer wrote it: without the UTF-8 flag it is read as GBK, not as code page 437."""
    if not member.flag_bits & 0x800:
        try:
            return member.filename.encode("cp437").decode("gb18030")
        except UnicodeError:
            return member.filename
    return member.filename
