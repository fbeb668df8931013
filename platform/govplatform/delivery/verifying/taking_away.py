"""Taking away what has no business among the files: gone from the sites by one rename, then looked at at leisure.

Some of it is kept as evidence in the quarantine, outside the root and within bounds: whoever fills the disk with files
must not have the verifier fill a second one.
"""

import json
import os
import secrets
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..release.store import put_at
from .faults import printable
from .opening import CHUNK, FILE, FOLDER, look_at, open_folder

#: Below the root: what was taken away and has not been looked at yet. nginx knows no host of that name.
PIT = ".taken"
_LONGEST_LINK = 4096


@dataclass(frozen=True)
class Bounds:
    """How much is kept: bytes of one file, bytes and files in all."""

    one: int = 16 << 20
    all: int = 1 << 30
    files: int = 10_000


@dataclass
class Quarantine:
    """Evidence below ``folder``: bytes under their SHA-256, beside each a line that says where they lay."""

    folder: Path | None
    bounds: Bounds = field(default_factory=Bounds)
    _bytes: int = -1
    _files: int = 0

    def keep(self, handle: int, facts: dict[str, Any]) -> str:
        """Keep what the open file ``handle`` holds, as far as it goes; return its name, '' when nothing is kept."""
        if self.folder is None or not self._has_room():
            return ""
        being_made = self.folder / f".new.{secrets.token_hex(8)}"
        found, left = sha256(), min(self.bounds.one, self.bounds.all - self._bytes)
        written = 0
        try:
            with being_made.open("xb") as stream:
                while left and (chunk := os.read(handle, min(CHUNK, left))):
                    stream.write(chunk)
                    found.update(chunk)
                    left -= len(chunk)
                    written += len(chunk)
            being_made.chmod(0o400)
            name = found.hexdigest()
            known = (self.folder / name).exists()
            being_made.replace(self.folder / name)
            put_at(json.dumps(facts, ensure_ascii=False).encode(), self.folder / f"{name}.json")
        except OSError:
            with suppress(OSError):
                being_made.unlink(missing_ok=True)
            return ""
        if not known:
            self._bytes += written
            self._files += 1
        return name

    def _has_room(self) -> bool:
        if self._bytes < 0:
            self._bytes = self._files = 0
            assert self.folder is not None
            with suppress(OSError):
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for path in self.folder.glob("[!.]*"):
                if path.suffix != ".json":
                    self._bytes += path.stat().st_size
                    self._files += 1
        return self._bytes < self.bounds.all and self._files < self.bounds.files


class Pit:
    """What was taken away below the open folder ``root``. ``note``: called with what became of each thing."""

    def __init__(self, root: int, quarantine: Quarantine, note: Callable[[dict[str, Any]], None]) -> None:
        self._root, self._quarantine, self._note = root, quarantine, note
        self._places: dict[str, str] = {}

    def take(self, folder: int, name: str, where: str) -> None:
        """Take ``name`` out of the open ``folder``, whatever it is; ``where``: for the record. Raises OSError."""
        pit = self._open()
        try:
            new_name = secrets.token_hex(12)
            os.rename(name, new_name, src_dir_fd=folder, dst_dir_fd=pit)
            self._places[new_name] = where
        finally:
            os.close(pit)

    def drain(self, seconds: float = float("inf")) -> None:
        """Look at what was taken and let go of it, for so long at most. The rest waits for the next time.

        Folders are laid flat, so that none is too deep.
        """
        if look_at(self._root, PIT) is None:
            return
        until = time.monotonic() + seconds
        pit = self._open()
        try:
            found = True
            while found and time.monotonic() < until:
                found = False
                with os.scandir(pit) as names:
                    for entry in names:
                        if time.monotonic() >= until:
                            return
                        try:
                            self._let_go(pit, entry.name)
                            found = True
                        except OSError:
                            # not ours to remove; the sweep says that it is there
                            continue
        finally:
            os.close(pit)

    def _open(self) -> int:
        try:
            return open_folder(self._root, PIT)
        except FileNotFoundError:
            pass
        except OSError:
            os.unlink(PIT, dir_fd=self._root)
        with suppress(FileExistsError):
            os.mkdir(PIT, 0o700, dir_fd=self._root)
        return open_folder(self._root, PIT)

    def _let_go(self, pit: int, name: str) -> None:
        found = look_at(pit, name)
        where = self._places.pop(name, "")
        if found is None:
            return
        if stat.S_ISDIR(found.st_mode):
            self._lay_flat(pit, name, where)
            return
        facts: dict[str, Any] = {"place": printable(where), "what": _what(found.st_mode), "bytes": found.st_size}
        facts |= {"user": found.st_uid, "mode": f"{stat.S_IMODE(found.st_mode):04o}", "changed_at": found.st_mtime}
        if stat.S_ISLNK(found.st_mode):
            facts["target"] = printable(os.readlink(name, dir_fd=pit))[:_LONGEST_LINK]
        facts["kept"] = self._keep(pit, name, facts) if stat.S_ISREG(found.st_mode) else ""
        os.unlink(name, dir_fd=pit)
        self._note(facts)

    def _keep(self, pit: int, name: str, facts: dict[str, Any]) -> str:
        try:
            handle = os.open(name, FILE, dir_fd=pit)
        except OSError:
            return ""
        try:
            # the name may be another thing by now
            return self._quarantine.keep(handle, facts) if stat.S_ISREG(os.fstat(handle).st_mode) else ""
        finally:
            os.close(handle)

    def _lay_flat(self, pit: int, name: str, where: str) -> None:
        folder = os.open(name, FOLDER, dir_fd=pit)
        try:
            with os.scandir(folder) as names:
                for entry in names:
                    new_name = secrets.token_hex(12)
                    os.rename(entry.name, new_name, src_dir_fd=folder, dst_dir_fd=pit)
                    if len(self._places) < 100_000:
                        self._places[new_name] = f"{where}/{entry.name}"
        finally:
            os.close(folder)
        os.rmdir(name, dir_fd=pit)


def _what(mode: int) -> str:
    for name, is_it in (("file", stat.S_ISREG), ("link", stat.S_ISLNK), ("pipe", stat.S_ISFIFO)):
        if is_it(mode):
            return name
    return "socket" if stat.S_ISSOCK(mode) else "device"
