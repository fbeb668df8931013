"""Going along paths in which somebody else may plant links at any moment: from open folder to open folder."""

import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from ..release.store import NEW

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
#: Without waiting for the other end of a pipe, and without taking a terminal for its own.
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
CHUNK = 1 << 18


def open_folder(beside: int, name: str) -> int:
    """The folder ``name`` in the open folder ``beside``. Raises OSError for a link and anything else."""
    return os.open(name, FOLDER, dir_fd=beside)


@contextmanager
def folder_at(beside: int, names: Sequence[str]) -> Iterator[int]:
    """The folder that lies ``names`` below ``beside``, open. Raises OSError as ``open_folder``."""
    here = os.dup(beside) if names else open_folder(beside, ".")
    try:
        for name in names:
            inner = open_folder(here, name)
            os.close(here)
            here = inner
        yield here
    finally:
        os.close(here)


def look_at(beside: int, name: str) -> os.stat_result | None:
    """What ``name`` itself is, links not followed; None where nothing is."""
    try:
        return os.stat(name, dir_fd=beside, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None


def read_file(beside: int, name: str, most: int) -> bytes | None:
    """The bytes of the file ``name``; None for what is no regular file, is larger than ``most`` or cannot be read."""
    found = look_at(beside, name)
    if found is None or not stat.S_ISREG(found.st_mode) or found.st_size > most:
        return None
    try:
        with os.fdopen(os.open(name, FILE, dir_fd=beside), "rb") as stream:
            content = stream.read(most + 1)
    except OSError:
        return None
    return content if len(content) <= most else None


class NotWhole(Exception):
    """What was being written is not what was meant; nothing of it is left."""


@contextmanager
def new_file(beside: int, name: str, owner: tuple[int, int]) -> Iterator[int]:
    """A file that is at ``name`` once the block has ended, in place of what was there; yields its handle.

    ``owner``: user and group it is given to, where that is allowed.
    """
    being_made = f"{NEW}{secrets.token_hex(8)}"
    handle = os.open(being_made, _NEW_FILE, 0o600, dir_fd=beside)
    try:
        yield handle
        give_to(handle, owner)
        os.fchmod(handle, 0o644)
        os.rename(being_made, name, src_dir_fd=beside, dst_dir_fd=beside)
    except BaseException:
        with suppress(OSError):
            os.unlink(being_made, dir_fd=beside)
        raise
    finally:
        os.close(handle)


def give_to(handle: int, owner: tuple[int, int]) -> None:
    """Have an open file or folder belong to the publisher, who is to write there again."""
    found = os.fstat(handle)
    if (found.st_uid, found.st_gid) != owner:
        with suppress(PermissionError):
            os.fchown(handle, *owner)
