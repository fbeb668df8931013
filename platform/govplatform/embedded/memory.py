"""A folder in memory for a server whose data nobody keeps.

A test database is a copy of a prepared one: some 3,000 small files, which took a disk 0.7 to 2.3 seconds and memory
0.06. A run of all tests makes hundreds of them.
"""

import contextlib
import hashlib
import os
import shutil
import stat
from pathlib import Path

from .server import stop

_MEMORY = Path("/dev/shm")
_PREFIX = "govplatform-throwaway-"
#: Bytes that must be free in the folder of memory and on the machine: a run of all tests takes less than half of it.
_FREE_IN_FOLDER = 3 << 30
_FREE_ON_MACHINE = 6 << 30


def throwaway_folder(var_dir: Path, *, memory: Path = _MEMORY) -> Path:
    """Return where a server of ``var_dir`` that is thrown away keeps its data: ``var_dir/memory``, or ``var_dir``.

    The first is a symbolic link to a folder in memory; it is made where the machine has enough of it to spare, and is
    found again by whoever asks next. ``memory``: the file system that lies in memory.
    """
    link = var_dir / "memory"
    if link.is_symlink():
        if _is_ours(link.resolve()):
            return link
        # The machine was started anew: what lay in memory is gone.
        link.unlink(missing_ok=True)
    if not _is_spare(memory):
        return var_dir
    _remove_orphans(memory)
    folder = memory / f"{_PREFIX}{hashlib.sha256(os.fsencode(var_dir.resolve())).hexdigest()[:16]}"
    folder.mkdir(mode=0o711, exist_ok=True)
    if not _is_ours(folder):
        return var_dir
    var_dir.mkdir(parents=True, exist_ok=True)
    (folder / "belongs-to").write_text(str(var_dir.resolve()))
    # Another process of the same run may have been faster.
    with contextlib.suppress(FileExistsError):
        link.symlink_to(folder)
    return link


def _is_ours(folder: Path) -> bool:
    """Anybody may write into that file system: a folder that somebody else put there is not used."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022


def _is_spare(memory: Path) -> bool:
    try:
        of_folder = os.statvfs(memory)
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return False
    available = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    enough = of_folder.f_bavail * of_folder.f_frsize >= _FREE_IN_FOLDER
    return enough and bool(available) and available[0] >= _FREE_ON_MACHINE


def _remove_orphans(memory: Path) -> None:
    """Give back the memory of folders whose ``var`` is gone; their server, if it still runs, is stopped."""
    for folder in memory.glob(f"{_PREFIX}*"):
        try:
            is_orphan = _is_ours(folder) and not Path((folder / "belongs-to").read_text()).exists()
        except OSError:
            continue
        if is_orphan:
            stop(folder)
            shutil.rmtree(folder, ignore_errors=True)
