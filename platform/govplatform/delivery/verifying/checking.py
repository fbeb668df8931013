"""One file held against what its release says."""

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SM3, Hash

from ..release.entries import Entry
from .faults import Kind
from .opening import CHUNK, FILE, folder_at, look_at

#: nginx must be able to read it; nobody else's right to write and no right to run is given by the publisher.
_READABLE, _UNFIT = 0o444, 0o7113


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file as it is to be. ``sm3``: '' for compressed bytes, of which no release says one."""

    place: str
    size: int
    sha256: str
    sm3: str = ""

    @property
    def names(self) -> list[str]:
        return self.place.split("/")


def wanted_of(entry: Entry) -> Iterator[Wanted]:
    """The files of an entry: the one itself, and the compressed ones beside it."""
    yield Wanted(entry.place, entry.size, entry.sha256, entry.sm3)
    for ending, digest, size in entry.packed:
        yield Wanted(f"{entry.place}{ending}", size, digest)


def check(tree: int, wanted: Wanted, *, sm3: bool = False) -> Kind | None:
    """What is wrong with the file at its place below the open folder ``tree``; None when nothing is.

    ``sm3``: hold it against that digest too.
    """
    *folders, name = wanted.names
    try:
        with folder_at(tree, folders) as folder:
            return _check(folder, name, wanted, sm3)
    except FileNotFoundError:
        return Kind.MISSING
    except OSError as error:
        return Kind.LINK if error.errno in (errno.ELOOP, errno.ENOTDIR) else Kind.UNREADABLE


def _check(folder: int, name: str, wanted: Wanted, sm3: bool) -> Kind | None:
    found = look_at(folder, name)
    if found is None:
        return Kind.MISSING
    if (kind := _what_it_is(found, wanted)) is not None:
        return kind
    handle = os.open(name, FILE, dir_fd=folder)
    try:
        # by now it may be another one
        if (kind := _what_it_is(os.fstat(handle), wanted)) is not None:
            return kind
        return None if _has_bytes(handle, wanted, sm3) else Kind.CHANGED
    finally:
        os.close(handle)


def _what_it_is(found: os.stat_result, wanted: Wanted) -> Kind | None:
    mode = stat.S_IMODE(found.st_mode)
    if stat.S_ISLNK(found.st_mode):
        return Kind.LINK
    if not stat.S_ISREG(found.st_mode):
        return Kind.NO_FILE
    if found.st_size != wanted.size:
        return Kind.CHANGED
    if found.st_nlink > 1:
        return Kind.LINKED
    if mode & _READABLE != _READABLE or mode & _UNFIT:
        return Kind.MODE
    return None


def _has_bytes(handle: int, wanted: Wanted, sm3: bool) -> bool:
    first, second = sha256(), Hash(SM3()) if sm3 and wanted.sm3 else None
    left = wanted.size
    while left >= 0 and (chunk := os.read(handle, min(CHUNK, left + 1))):
        first.update(chunk)
        if second is not None:
            second.update(chunk)
        left -= len(chunk)
    if left != 0 or first.hexdigest() != wanted.sha256:
        return False
    return second is None or second.finalize().hex() == wanted.sm3
