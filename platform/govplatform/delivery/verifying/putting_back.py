"""Putting a file back from the store, whose copy is believed by its digest alone."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256

from ..release.store import STORE
from .checking import Wanted
from .opening import CHUNK, FILE, NotWhole, give_to, look_at, new_file, open_folder
from .taking_away import Pit


def put_back(root: int, tree: int, wanted: Wanted, pit: Pit, where: str) -> bool:
    """Put the file at its place below the open folder ``tree``; what is in its way goes to the pit.

    False where the store has no sound copy: nothing lies at the place then. Raises OSError.
    """
    *folders, name = wanted.names
    with _made(root, tree, folders, pit, where) as folder:

        def take() -> None:
            if look_at(folder, name) is not None:
                pit.take(folder, name, f"{where}/{wanted.place}")

        try:
            with new_file(folder, name, owner_of(root)) as handle:
                _copy(root, wanted, handle)
                take()
        except NotWhole:
            take()
            return False
        except OSError:
            # a full disk must not keep there what somebody else wrote
            take()
            raise
    return True


def write_whole(root: int, folder: int, name: str, content: bytes) -> None:
    """Have ``content`` in the open ``folder`` under ``name``, on the disk before it is."""
    with new_file(folder, name, owner_of(root)) as handle:
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)


def read_stored(root: int, digest: str, most: int) -> bytes | None:
    """The bytes of ``digest`` from the store below the open folder ``root``; None where it has none that are sound."""
    try:
        with _stored(root, digest) as handle:
            if os.fstat(handle).st_size > most:
                return None
            with os.fdopen(os.dup(handle), "rb") as stream:
                content = stream.read(most + 1)
    except OSError:
        return None
    return content if sha256(content).hexdigest() == digest else None


def owner_of(root: int) -> tuple[int, int]:
    """Whom the files belong to: who owns the root is who publishes."""
    found = os.fstat(root)
    return found.st_uid, found.st_gid


def make_folder(root: int, beside: int, name: str, pit: Pit, where: str) -> int:
    """The folder ``name`` in the open folder ``beside``, open; made where there is none or something else."""
    try:
        return open_folder(beside, name)
    except FileNotFoundError:
        pass
    except OSError:
        pit.take(beside, name, f"{where}/{name}")
    with suppress(FileExistsError):
        os.mkdir(name, 0o775, dir_fd=beside)
    made = open_folder(beside, name)
    give_to(made, owner_of(root))
    return made


@contextmanager
def _made(root: int, tree: int, folders: list[str], pit: Pit, where: str) -> Iterator[int]:
    here = os.dup(tree)
    try:
        for name in folders:
            inner = make_folder(root, here, name, pit, where)
            os.close(here)
            here = inner
        yield here
    finally:
        os.close(here)


@contextmanager
def _stored(root: int, digest: str) -> Iterator[int]:
    handles = [os.dup(root)]
    try:
        for name in (STORE, digest[:2]):
            handles.append(open_folder(handles[-1], name))
        found = look_at(handles[-1], digest)
        if found is None or not stat.S_ISREG(found.st_mode):
            raise FileNotFoundError(digest)
        handles.append(os.open(digest, FILE, dir_fd=handles[-1]))
        yield handles[-1]
    finally:
        for handle in handles:
            os.close(handle)


def _copy(root: int, wanted: Wanted, target: int) -> None:
    found, size = sha256(), 0
    try:
        with _stored(root, wanted.sha256) as source:
            while size <= wanted.size and (chunk := os.read(source, CHUNK)):
                found.update(chunk)
                size += len(chunk)
                view = memoryview(chunk)
                while view:
                    view = view[os.write(target, view) :]
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise NotWhole from error
    if (size, found.hexdigest()) != (wanted.size, wanted.sha256):
        raise NotWhole
