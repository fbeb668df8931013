"""The folders under ``var/pg`` and who owns them."""

import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .account import ServerAccount
from .address import socket_fits
from .errors import EmbeddedServerError

_LOG_FILES_KEPT = 10


@dataclass(frozen=True, slots=True)
class Layout:
    """Paths of one server below a ``var`` folder; all absolute, symbolic links resolved."""

    root: Path

    @classmethod
    def under(cls, var_dir: Path) -> "Layout":
        """Return the layout for ``var_dir``, which need not exist yet."""
        return cls(Path(var_dir).resolve() / "pg")

    @property
    def data(self) -> Path:
        """The data directory; it appears by one rename, so it is complete or absent."""
        return self.root / "data"

    @property
    def log(self) -> Path:
        """Server logs (rotated by the server, pruned here) and the output of the last start."""
        return self.root / "log"

    @property
    def start_output(self) -> Path:
        """What initdb and the server printed before the log collector took over."""
        return self.log / "start.txt"

    @property
    def run(self) -> Path:
        """The preferred socket folder."""
        return self.root / "run"

    @property
    def start_lock(self) -> Path:
        """Held while somebody starts or stops the server."""
        return self.root / "start.lock"

    @property
    def alive_lock(self) -> Path:
        """Held by every process of the server, however it is orphaned: free means that nothing is alive."""
        return self.root / "alive.lock"

    @property
    def name(self) -> str:
        """A short name, different for every data directory; it leads the title of each server process."""
        return "govplatform-" + hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]


def prepare(layout: Layout, account: ServerAccount) -> None:
    """Create the private folders (0700, owned by the server's account); touch nothing above ``var/pg``."""
    layout.root.parent.mkdir(parents=True, exist_ok=True)
    for folder in (layout.root, layout.log, layout.run):
        _private_folder(folder, account)


def _private_folder(folder: Path, account: ServerAccount) -> None:
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise EmbeddedServerError(f"{folder} 不是目录，无法存放内置数据库。")
    if found.st_uid != account.uid:
        if not account.switches:
            raise EmbeddedServerError(
                f"{folder} 属于另一个用户（编号 {found.st_uid}）：请用原来的用户运行，或删除该目录后重来。"
            )
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


def adopt_data(layout: Layout, account: ServerAccount) -> None:
    """Hand a data directory that root restored from a copy to the server's account; PostgreSQL accepts only its own."""
    if not account.switches or not layout.data.exists() or layout.data.lstat().st_uid == account.uid:
        return
    for parent, folders, files in os.walk(layout.data):
        for name in (".", *folders, *files):
            os.chown(Path(parent, name), account.uid, account.gid, follow_symlinks=False)


def choose_socket_folder(layout: Layout, account: ServerAccount) -> Path:
    """Return the folder for the socket: ``var/pg/run``, or a short private one where that path is too long.

    The short one has a fixed name so that it is found again and removed by :func:`remove_socket_folder`;
    when somebody else sits on that name, a random one is taken.
    """
    if socket_fits(layout.run):
        return layout.run
    # Anybody may have prepared something there: what is found is checked before use.
    for base in (Path(tempfile.gettempdir()), Path("/tmp")):
        folder = base / layout.name
        if not socket_fits(folder):
            continue
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, account.uid, account.gid, follow_symlinks=False)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and stat.S_IMODE(found.st_mode) == 0o700:
            return folder
        random_folder = Path(tempfile.mkdtemp(prefix="govplatform-", dir=base))
        os.chown(random_folder, account.uid, account.gid)
        return random_folder
    raise EmbeddedServerError("找不到足够短的目录来放数据库套接字：请把 TMPDIR 设为一个较短的路径。")


def remove_socket_folder(layout: Layout, folder: Path) -> None:
    """Remove a short socket folder after a stop, if it is one of ours and empty."""
    if folder != layout.run and folder.name.startswith("govplatform-"):
        with contextlib.suppress(OSError):
            folder.rmdir()


def remove_unfinished(layout: Layout) -> None:
    """Remove what an initdb that was killed half-way left behind; call only while nothing is alive."""
    for folder in layout.root.glob("init-*"):
        shutil.rmtree(folder)


def prune_logs(layout: Layout) -> None:
    """Keep the newest log files (10 of at most 10 MB each); their names sort by time."""
    for old in sorted(layout.log.glob("postgresql-*.log"))[:-_LOG_FILES_KEPT]:
        old.unlink(missing_ok=True)


def open_owned(path: Path, account: ServerAccount, *, truncate: bool = False) -> int:
    """Open ``path`` for writing (created 0600) and give it to the server's account; returns a file descriptor."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | (os.O_TRUNC if truncate else 0)
    descriptor = os.open(path, flags, 0o600)
    if account.switches:
        os.fchown(descriptor, account.uid, account.gid)
    return descriptor
