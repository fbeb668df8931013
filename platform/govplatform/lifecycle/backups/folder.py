"""Backups as folders below one folder: which are whole, which is the newest, and each file held against the list."""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from govplatform.digests import Digest, digest_of_stream
from govplatform.refusals import Refused
from govplatform.system_words import system_words

from ..dumping.faults import DumpBroken
from .manifest import LONGEST, NAME, BackupManifest, BackupPart, read_backup_manifest

#: A backup's name sorts by its moment. Whatever else lies in the folder is none, above all a half one.
_WHOLE = re.compile(r"backup-(\d{8}T\d{6})Z(-\d+)?")
HALF = re.compile(r"\.backup-[0-9a-f]+\.working")
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Backup:
    """A backup that was opened. ``sha256``: of its list, by which the record knows it."""

    path: Path
    manifest: BackupManifest
    sha256: str

    @property
    def name(self) -> str:
        return self.path.name


def whole_backups(folder: Path) -> list[Path]:
    """The backups that lie in ``folder``, the newest first."""
    try:
        found = [path for path in folder.iterdir() if _WHOLE.fullmatch(path.name) and (path / NAME).is_file()]
    except OSError as error:
        raise _unreadable(folder, system_words(error)) from error
    return sorted(found, reverse=True)


def moment_of(path: Path) -> datetime | None:
    """The moment whose state the backup at ``path`` holds, by its name; None for a name that no backup has."""
    found = _WHOLE.fullmatch(path.name)
    try:
        return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def open_backup(path: Path) -> Backup:
    """The backup at ``path``, or the newest one below it. Raises Refused where there is none, DumpBroken."""
    if not (path / NAME).is_file():
        found = whole_backups(path)
        if not found:
            raise Refused(_("%(path)s 里没有完整的备份。") % {"path": path})
        path = found[0]
    with _open_inside(path, NAME) as stream:
        data = stream.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise DumpBroken(NAME, _("清单过长。"))
    return Backup(path.absolute(), read_backup_manifest(data), hashlib.sha256(data).hexdigest())


def faults_of(backup: Backup, tell: Tell, below: str = "") -> Iterator[DumpBroken]:
    """Read every byte of a backup, or of what lies ``below`` a place in it; yield what is missing, changed, no plain
    file, or was added.
    """
    parts = [part for part in backup.manifest.parts if part.name.startswith(below)]
    wanted = {part.name for part in parts}
    for number, part in enumerate(parts, 1):
        try:
            with open_part(backup, part) as stream:
                require_equal(part, digest_of_stream(stream))
        except DumpBroken as broken:
            yield broken
        tell("verifying", number, len(wanted))
    for place, names, files in os.walk(backup.path / below):
        inside = Path(place).relative_to(backup.path)
        for name in files:
            found = (inside / name).as_posix()
            if found != NAME and found not in wanted:
                yield DumpBroken(found, _("清单没有列出这个文件。"))
        for name in names:
            if (Path(place) / name).is_symlink():
                yield DumpBroken((inside / name).as_posix(), _("备份里不能有链接。"))


def require_whole(backup: Backup, tell: Tell, below: str = "") -> None:
    """Raise Refused naming the first places that are not what was written."""
    found = []
    for broken in faults_of(backup, tell, below):
        found += broken.reasons
        if len(found) == 5:
            break
    if found:
        raise Refused(found)


def open_part(backup: Backup, part: BackupPart) -> BinaryIO:
    """The stream of a part's file. Raises DumpBroken for one that is not there, or is reached through a link."""
    return _open_inside(backup.path, part.name)


def require_equal(part: BackupPart, digest: Digest) -> None:
    """Raise DumpBroken unless these are the digests of ``part``."""
    if (digest.bytes, digest.sha256, digest.sm3) != (part.bytes, part.sha256, part.sm3):
        raise DumpBroken(part.name, _("内容与清单中的校验值不符。"))


def _open_inside(folder: Path, name: str) -> BinaryIO:
    """Step by step from the folder, so that no link leads out of it, whoever puts one there meanwhile."""
    *above, last = name.split("/")
    try:
        at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise _unreadable(folder, system_words(error)) from error
    try:
        for step in above:
            deeper = os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
            os.close(at)
            at = deeper
        # A pipe would be waited for without end.
        handle = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=at)
    except OSError as error:
        raise DumpBroken(name, _("这个文件缺失，或不是普通文件：%(why)s。") % {"why": system_words(error)}) from error
    finally:
        os.close(at)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise DumpBroken(name, _("不是普通文件。"))
    return os.fdopen(handle, "rb")


def _unreadable(path: Path, why: str) -> Refused:
    return Refused(_("不能读取 %(path)s：%(reason)s。") % {"path": path, "reason": why})
