"""The files of one site as nginx sends them, brought in line with a signed release.

The release is written first and the files after it: whoever is killed in between has left a signed list of what is to
be there, and whoever comes next (baker, verifier, front node) brings the files in line with it. Single files are
written under another name and renamed; a whole release is a new tree, to which ``current`` is switched by one rename.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .entries import PACKED, Entry
from .held import PATIENCE, held
from .layout import CURRENT, RELEASE_FILE, TREES, is_host
from .store import Store, copy_into, put_at


class Missing(Exception):
    """The store does not hold what a release names, or holds something else under its digest."""


@dataclass(frozen=True)
class Site:
    """The folder of the site on ``host`` below ``root``. Raises ValueError for what is no host."""

    root: Path
    host: str

    def __post_init__(self) -> None:
        if not is_host(self.host):
            raise ValueError(f"{self.host!r} is no host")

    @property
    def folder(self) -> Path:
        return self.root / self.host

    @property
    def current(self) -> Path:
        return self.folder / CURRENT

    def envelope(self) -> bytes:
        """The signed release that is in place; b"" where there is none."""
        try:
            return (self.current / RELEASE_FILE).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return b""

    def bring_in_line(self, envelope: bytes, changed: Iterable[Entry], removed: Iterable[str], store: Store) -> None:
        """Put a release that differs in ``changed`` and ``removed`` (places) in place of the present one.

        What is gone goes first. Raises Missing when the store lacks something; the rest is in place then.
        """
        with held(self.folder):
            tree = self.current
            put_at(envelope, tree / RELEASE_FILE)
            # by the tree itself: a switch in between must not have half of it in the next one
            tree = tree.resolve()
            for place in removed:
                _remove(tree, place)
            missing = [entry.place for entry in changed if not _put(tree, entry, store)]
        if missing:
            raise Missing(", ".join(missing[:5]))

    def remove(self, places: Iterable[str], patience: float = PATIENCE) -> None:
        """Take files out before there is a release without them, as a list of what came down says (``taken_down``)."""
        with held(self.folder, patience):
            self.remove_held(places)

    def remove_held(self, places: Iterable[str]) -> None:
        """The same where the caller holds the folder."""
        tree = self.current.resolve()
        for place in places:
            _remove(tree, place)

    def switch(self, envelope: bytes, entries: Iterable[Entry], store: Store, sequence: int) -> None:
        """Put a whole release in place: a new tree, then one rename. Raises Missing; the old tree stays then."""
        trees = self.folder / TREES
        trees.mkdir(parents=True, exist_ok=True)
        # the verifier takes away what nobody is making
        with held(trees):
            tree = trees / str(sequence)
            shutil.rmtree(tree, ignore_errors=True)
            tree.mkdir()
            try:
                for entry in entries:
                    if not _put(tree, entry, store):
                        raise Missing(entry.place)
            except BaseException:
                # Half a tree would keep a full disk full.
                shutil.rmtree(tree, ignore_errors=True)
                raise
            with held(self.folder):
                put_at(envelope, tree / RELEASE_FILE)
                being_made = self.folder / f".{CURRENT}.{os.getpid()}"
                being_made.unlink(missing_ok=True)
                being_made.symlink_to(Path(TREES, tree.name))
                being_made.replace(self.current)
            for other in trees.iterdir():
                if other.name != tree.name:
                    shutil.rmtree(other, ignore_errors=True)


def _put(tree: Path, entry: Entry, store: Store) -> bool:
    target = _folder_of(tree, entry.place) / entry.place.rpartition("/")[2]
    packed = {ending: digest for ending, digest, _size in entry.packed}
    for ending in PACKED:
        beside = target.with_name(f"{target.name}{ending}")
        if ending not in packed:
            beside.unlink(missing_ok=True)
        elif not copy_into(store.path_of(packed[ending]), beside, packed[ending]):
            return False
    return copy_into(store.path_of(entry.sha256), target, entry.sha256)


def _folder_of(tree: Path, place: str) -> Path:
    """The folder of ``place``, made where there is none; a link or file in its way, which we did not write, goes."""
    folder = tree
    for name in place.split("/")[:-1]:
        folder /= name
        try:
            folder.mkdir()
        except FileExistsError:
            if folder.is_symlink() or not folder.is_dir():
                folder.unlink()
                folder.mkdir()
    return folder


def _remove(tree: Path, place: str) -> None:
    target = _folder_of(tree, place) / place.rpartition("/")[2]
    for path in (target, *(target.with_name(f"{target.name}{ending}") for ending in PACKED)):
        path.unlink(missing_ok=True)
    for folder in target.parents:
        if folder == tree:
            break
        try:
            folder.rmdir()
        except OSError:
            # something else is in it, or it is gone
            break
