"""Which release is in force on a host, and bringing it back where somebody has meddled with it.

``HOST/current`` is a link to ``trees/N``, and the signed release lies in that tree.
"""

import errno
import itertools
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from govplatform.system_words import system_words

from ..release.entries import Faulty
from ..release.held import held
from ..release.layout import CURRENT, RELEASE_FILE, TREES
from ..release.signed import LARGEST, PublicKey, Release, read_signed
from .faults import Kind
from .memory import Memory, is_older
from .opening import look_at, open_folder, read_file
from .putting_back import make_folder, write_whole
from .taking_away import Pit

#: Somebody may plant thousands.
_TREES_LOOKED_AT = 50
_TREE = re.compile(rf"{TREES}/([0-9]{{1,19}})", re.ASCII)


class Wrong(Exception):
    """The release of a host is not to be had as it stands. ``place``: below the folder of the host."""

    def __init__(self, kind: Kind, place: str, detail: str = "") -> None:
        super().__init__(kind, place, detail)
        self.kind, self.place, self.detail = kind, place, detail


@dataclass
class InForce:
    """``root``, ``folder`` of ``host``, ``tree``: open; ``name``: of the tree; ``release``: in ``envelope``."""

    root: int
    host: str
    folder: int
    tree: int
    name: str
    envelope: bytes
    release: Release

    def is_still(self) -> bool:
        """Whether the same folder lies there, the link leads to the same tree, and the same release lies in it."""
        try:
            with _opened(self.folder, TREES) as trees:
                same = _is(self.root, self.host, self.folder) and _is(trees, self.name, self.tree)
            if not same or os.readlink(CURRENT, dir_fd=self.folder) != f"{TREES}/{self.name}":
                return False
        except OSError:
            return False
        return read_file(self.tree, RELEASE_FILE, LARGEST) == self.envelope

    def close(self) -> None:
        os.close(self.folder)
        os.close(self.tree)


@dataclass(frozen=True)
class Judge:
    """Says of an envelope whether it may be in force on a host."""

    key: PublicKey
    memory: Memory

    def release(self, host: str, envelope: bytes | None, place: str = RELEASE_FILE) -> Release:
        """The release in ``envelope``. Raises Wrong."""
        try:
            release = read_signed(envelope or b"", self.key)
        except Faulty as error:
            raise Wrong(Kind.UNSIGNED, place, str(error)) from error
        if release.host != host:
            raise Wrong(Kind.OTHER_HOST, place, release.host)
        known = self.memory.newest(host)
        if known is not None and is_older(release, known[1]):
            raise Wrong(Kind.REPLAYED, place, f"{release.sequence} < {known[1].sequence}")
        return release


def find(root: int, host: str, judge: Judge) -> InForce:
    """What is in force below the open folder ``root``. Raises Wrong."""
    try:
        folder = open_folder(root, host)
    except FileNotFoundError as error:
        raise Wrong(Kind.MISSING, "") from error
    except OSError as error:
        raise Wrong(_kind(error), "", system_words(error)) from error
    try:
        name, tree = _current(folder)
        try:
            envelope = read_file(tree, RELEASE_FILE, LARGEST) or b""
            return InForce(root, host, folder, tree, name, envelope, judge.release(host, envelope))
        except BaseException:
            os.close(tree)
            raise
    except BaseException:
        os.close(folder)
        raise


def is_being_made(folder: int) -> bool:
    """Whether somebody is making a new tree in the open folder of a host."""
    if look_at(folder, TREES) is None:
        return False
    with held(TREES, 0, beside=folder) as ours:
        return not ours


def bring_back(root: int, host: str, judge: Judge, pit: Pit) -> bool:
    """Have the newest release that is known in force again; its files are the sweep's. Raises OSError.

    Where none is known nothing on the host is proven: its folder is taken away, so that the application is asked.
    """
    with ExitStack() as opened:
        best, name = _best(root, host, judge)
        if best is None:
            if look_at(root, host) is not None:
                pit.take(root, host, host)
            return False
        folder = _entered(opened, make_folder(root, root, host, pit, ""))
        trees = _entered(opened, make_folder(root, folder, TREES, pit, host))
        tree = _entered(opened, make_folder(root, trees, name, pit, f"{host}/{TREES}"))
        if read_file(tree, RELEASE_FILE, LARGEST) != best:
            if look_at(tree, RELEASE_FILE) is not None:
                pit.take(tree, RELEASE_FILE, f"{host}/{RELEASE_FILE}")
            write_whole(root, tree, RELEASE_FILE, best)
        _link(folder, f"{TREES}/{name}", pit, host)
    return True


def tree_names(folder: int) -> Iterator[str]:
    """What lies beside the trees of the open folder of a host, and they."""
    with suppress(OSError), _opened(folder, TREES) as trees, os.scandir(trees) as names:
        for entry in names:
            yield entry.name


# --- inside ------------------------------------------------------------------------------


def _is(beside: int, name: str, handle: int) -> bool:
    """Whether ``name`` in the open folder ``beside`` is what ``handle`` has open."""
    found, known = look_at(beside, name), os.fstat(handle)
    return found is not None and (found.st_dev, found.st_ino) == (known.st_dev, known.st_ino)


def _entered(opened: ExitStack, handle: int) -> int:
    opened.callback(os.close, handle)
    return handle


@contextmanager
def _opened(beside: int, name: str) -> Iterator[int]:
    handle = open_folder(beside, name)
    try:
        yield handle
    finally:
        os.close(handle)


def _kind(error: OSError) -> Kind:
    return Kind.LINK if error.errno in (errno.ELOOP, errno.ENOTDIR) else Kind.UNREADABLE


def _current(folder: int) -> tuple[str, int]:
    try:
        target = os.readlink(CURRENT, dir_fd=folder)
    except FileNotFoundError as error:
        raise Wrong(Kind.MISSING, CURRENT) from error
    except OSError as error:
        raise Wrong(Kind.CURRENT, CURRENT, system_words(error)) from error
    found = _TREE.fullmatch(target)
    if found is None:
        raise Wrong(Kind.CURRENT, CURRENT, target)
    try:
        with _opened(folder, TREES) as trees:
            return found[1], open_folder(trees, found[1])
    except OSError as error:
        raise Wrong(Kind.CURRENT, CURRENT, f"{target}: {system_words(error)}") from error


def _best(root: int, host: str, judge: Judge) -> tuple[bytes | None, str]:
    """The newest envelope that is known or lies in one of the trees, and the tree it belongs in."""
    known = judge.memory.newest(host)
    best, release = known if known is not None else (None, None)
    name = ""
    with suppress(OSError), _opened(root, host) as folder:
        with suppress(OSError), _opened(folder, TREES) as trees:
            for candidate in itertools.islice(filter(str.isdecimal, tree_names(folder)), _TREES_LOOKED_AT):
                with suppress(OSError, Wrong), _opened(trees, candidate) as tree:
                    envelope = read_file(tree, RELEASE_FILE, LARGEST)
                    found = judge.release(host, envelope)
                    if release is None or not is_older(found, release):
                        best, release, name = envelope, found, candidate
        with suppress(Wrong):
            linked, tree = _current(folder)
            os.close(tree)
            name = name or linked
    return best, name or str(release.sequence if release else 0)


def _link(folder: int, target: str, pit: Pit, host: str) -> None:
    with suppress(OSError):
        if os.readlink(CURRENT, dir_fd=folder) == target:
            return
    being_made = f".{CURRENT}.{secrets.token_hex(4)}"
    os.symlink(target, being_made, dir_fd=folder)
    if look_at(folder, CURRENT) is not None:
        pit.take(folder, CURRENT, f"{host}/{CURRENT}")
    os.rename(being_made, CURRENT, src_dir_fd=folder, dst_dir_fd=folder)
