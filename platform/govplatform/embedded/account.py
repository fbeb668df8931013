"""The system account the server runs under; PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .errors import EmbeddedServerError

_NOBODY = 65534
# Bits of linux/capability.h. DAC_READ_SEARCH enters closed folders, DAC_OVERRIDE also runs closed programs.
_CAPABILITIES = {"dac_override": 1, "dac_read_search": 2}


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """User and group number of the server; ``switches`` says whether the caller is root and must change to it."""

    uid: int
    gid: int
    switches: bool

    def command(self, argv: list[str], reaches: Iterable[Path]) -> list[str]:
        """Return ``argv`` so that it runs under this account and can reach every path in ``reaches``.

        A project below a folder closed to others (a root-only 0700 folder) stays as it is: the process keeps
        the capability to pass through instead. Without that need it gets no capability at all.
        """
        if not self.switches:
            return argv
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise EmbeddedServerError("以 root 运行内置数据库需要 setpriv（util-linux 软件包）。")
        prefix = [setpriv, f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if not all(_open_to_others(path, self.uid) for path in reaches):
            wanted = ",".join(f"+{name}" for name in _available_capabilities())
            if wanted:
                # Without no_setuid_fixup the kernel's access() ignores what the process was left with.
                prefix += ["--securebits=+no_setuid_fixup", f"--inh-caps={wanted}", f"--ambient-caps={wanted}"]
        return [*prefix, "--", *argv]


def server_account(data: Path) -> ServerAccount:
    """Return the account for the data directory ``data``, which need not exist yet.

    An ordinary user runs the server itself. Root hands it to whoever owns the data already, else to nobody.
    """
    if os.geteuid() != 0:
        return ServerAccount(os.geteuid(), os.getegid(), switches=False)
    try:
        owner = data.lstat()
    except FileNotFoundError:
        owner = None
    if owner is not None and owner.st_uid != 0:
        return ServerAccount(owner.st_uid, owner.st_gid, switches=True)
    for found in (_by_number(_NOBODY), _by_name("nobody")):
        if found is not None and found.pw_uid != 0:
            return ServerAccount(found.pw_uid, found.pw_gid, switches=True)
    raise EmbeddedServerError("系统里没有 nobody 用户，无法以 root 启动内置数据库：请改用普通用户运行。")


def _by_number(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _by_name(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _open_to_others(path: Path, uid: int) -> bool:
    """Say whether ``uid`` reaches ``path``: owned, or readable by all (and searchable, for folders) all the way up."""
    for step in (path, *path.parents):
        found = step.stat()
        needed = 0o001 if stat.S_ISDIR(found.st_mode) else 0o004 | (found.st_mode & 0o100) >> 6
        if found.st_uid != uid and found.st_mode & needed != needed:
            return False
    return True


def _available_capabilities() -> list[str]:
    """Container runtimes drop some of them, and asking for a dropped one fails as a whole."""
    masks = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":\t" in line)
    usable = int(masks.get("CapPrm", "0"), 16) & int(masks.get("CapBnd", "0"), 16)
    return [name for name, bit in _CAPABILITIES.items() if usable >> bit & 1]
