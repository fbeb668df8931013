"""Bringing the whole platform back from a backup, into an empty installation."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.digests import copy_stream, digest_of_file
from govplatform.events.sheet import follow
from govplatform.locks.alone import alone_at
from govplatform.locks.holding import holding
from govplatform.refusals import Busy, Refused
from govplatform.system_words import system_words
from govplatform.tenancy.current import forget_search_path
from govplatform.tenancy.database_roles import as_owner, ensure_app_role
from govplatform.tenancy.template_schema import database_tool, tool_environment
from govplatform.whole_files import unwritable

from ..dumping.files import files_in, require_room
from ..dumping.versions import reasons_against_newer
from ..ending.permissions import reasons_against_keeping
from ..events import PlatformRestored
from .areas import areas, folder_of, key_places
from .emptiness import clear, is_empty, is_marked, mark, unmark
from .folder import Backup, Tell, open_backup, open_part, require_equal, require_whole
from .keys import put_keys, reasons_against_keys
from .manifest import DATABASE, FILES, BackupManifest, BackupPart
from .taking import JOBS, count_schema

_LOCK = "govplatform.restore"
#: Periodic jobs come again by themselves: done a second time, they would tell people what they have been told.
_OLD_JOBS = """
UPDATE public.procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo' AND args ? 'timestamp'
"""
_STOPPED_JOBS = """
UPDATE public.procrastinate_jobs SET status = 'failed' WHERE status = 'doing' AND args ? 'timestamp'
"""


@dataclass(frozen=True)
class Restored:
    """What was brought back. ``missing_keys``: settings of keys that have to be put into their places by hand."""

    sites: int
    rows: int
    files: int
    missing_keys: list[str]


def restore_platform(path: Path, *, username: str, keys: Path | None = None, sha256: str = "", tell: Tell) -> Restored:
    """Bring everything back from the backup at ``path``, or the newest one below it. Call outside of a transaction.

    ``username``: in whose name, one of the backup's operators and supervisors. ``sha256``: of the backup's list, if the
    caller knows it. Raises Refused with every reason; nothing has changed then. A run that was killed leaves a database
    that every verb refuses; the same verb begins again there.
    """
    backup = open_backup(path)
    with schema_context("public"), as_owner(), _alone():
        if reasons := reasons_against_restoring(backup, username=username, keys=keys, sha256=sha256):
            raise Refused(reasons)
        require_whole(backup, tell)
        ensure_app_role()
        mark()
        clear()
        rows = _restore_database(backup, tell)
        _restore_files(backup, tell)
        missing = put_keys(backup.manifest.keys, keys, key_places())
        _open(backup, username, rows)
    return Restored(len(backup.manifest.sites), rows, len(backup.manifest.files), missing)


def reasons_against_restoring(backup: Backup, *, username: str, keys: Path | None, sha256: str) -> list[str]:
    """Everything that speaks against bringing ``backup`` back into this installation. Call as owner."""
    manifest, reasons = backup.manifest, []
    if sha256 and sha256 != backup.sha256:
        reasons.append(_("备份清单的 SHA-256 是 %(found)s，不是给出的那个。") % {"found": backup.sha256})
    left = is_marked()
    if not left and not is_empty():
        reasons.append(_("数据库里已经有内容。整个平台只能恢复到空的安装里；只恢复一个站点请用 --site。"))
    if username not in manifest.keepers:
        reasons.append(_("“%(name)s”在备份里不是平台运维人员或监管员。") % {"name": username})
    if manifest.role != settings.APP_DATABASE_ROLE:
        reasons.append(
            _("备份里应用的数据库角色是 %(then)s，这里是 %(now)s，请先设置 GOVPLATFORM_APP_ROLE。")
            % {"then": manifest.role, "now": settings.APP_DATABASE_ROLE}
        )
    reasons += reasons_against_newer(newer_migrations(manifest))
    reasons += reasons_against_keys(manifest.keys, keys)
    if not left:
        reasons += _reasons_against_folders(manifest)
    try:
        _require_room(manifest)
    except Refused as refusal:
        reasons += refusal.reasons
    return reasons


def newer_migrations(manifest: BackupManifest) -> list[str]:
    """Migrations that a backup has and this code has not."""
    known = set(MigrationLoader(None).disk_migrations or ())
    return sorted({".".join(key) for found in manifest.migrations.values() for key in found if tuple(key) not in known})


def _reasons_against_folders(manifest: BackupManifest) -> list[str]:
    reasons = []
    for area in areas(list(manifest.sites.values())):
        folder = folder_of(area)
        if any(True for _name in files_in(folder)):
            reasons.append(_("目录 %(path)s 里已经有文件，请先查明并移走。") % {"path": folder})
    return reasons


def _require_room(manifest: BackupManifest) -> None:
    needed = sum(part.bytes for part in manifest.files)
    if connection.settings_dict.get("EMBEDDED"):
        needed += manifest.database_bytes
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists():
        folder = folder.parent
    require_room(folder, needed)


@contextmanager
def _alone() -> Iterator[None]:
    """Two restorings at once: the second is refused."""
    with alone_at(_LOCK) as alone:
        if not alone:
            raise Busy(_("平台正在恢复，请等它完成。"))
        yield


def _restore_database(backup: Backup, tell: Tell) -> int:
    """Have pg_restore write the database, then count what came of it. Returns the number of rows."""
    schemas = backup.manifest.rows
    tell("database", 0, len(schemas))
    process = subprocess.run(
        [
            *database_tool("pg_restore"), "--exit-on-error", "--no-owner", f"--jobs={JOBS}",
            str(backup.path / DATABASE),
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=tool_environment(), check=False,
    )  # fmt: skip
    if process.returncode != 0:
        raise Refused(_("恢复数据库失败：%(reason)s") % {"reason": process.stderr.strip()[-2000:]})
    forget_search_path()
    for number, (schema, wanted) in enumerate(schemas.items(), 1):
        found = count_schema(schema)
        if found != wanted:
            raise Refused(
                _("模式 %(schema)s 恢复后有 %(found)d 行，备份时是 %(wanted)d 行。")
                % {"schema": schema, "found": found, "wanted": wanted}
            )
        tell("database", number, len(schemas))
    return sum(schemas.values())


def _restore_files(backup: Backup, tell: Tell) -> None:
    """Write every file into its place; one that is there already, of a run that was killed, is compared."""
    named = areas(list(backup.manifest.sites.values()))
    places = {area: folder_of(area) for area in named}
    done, total = 0, len(backup.manifest.files)
    for area, folder in places.items():
        for part in backup.manifest.files_below(area):
            write_part(backup, part, folder / part.name.removeprefix(f"{FILES}{area}/"))
            done += 1
            tell("files", done, total)
    if done != total:
        raise Refused(_("备份里有这个版本不认识的文件。"))
    os.sync()


def write_part(backup: Backup, part: BackupPart, target: Path) -> None:
    """Write the file of ``part`` to ``target``, whole or not at all, with its time. Raises DumpBroken, Refused."""
    if target.is_file() and not target.is_symlink() and digest_of_file(target).sha256 == part.sha256:
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        being_made = target.with_name(f".{target.name[:200]}.restoring")
        being_made.unlink(missing_ok=True)
        handle = os.open(being_made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640)
        with open_part(backup, part) as stream, os.fdopen(handle, "wb") as copy:
            digest = copy_stream(stream, copy)
        require_equal(part, digest)
        if part.mtime:
            os.utime(being_made, ns=(part.mtime, part.mtime))
        being_made.replace(target)
    except OSError as error:
        raise unwritable(target, system_words(error)) from error


def _open(backup: Backup, username: str, rows: int) -> None:
    """In one transaction: nobody is signed in or has a link that opens an account, nothing is told twice, the act is
    recorded, and the mark is gone.
    """
    with transaction.atomic(), holding(PLATFORM_CHAIN):
        user = User._default_manager.get(username=username)
        if reasons := reasons_against_keeping(user):
            raise Refused(reasons)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM public.django_session")
            # A one-time link that was used since the backup would open the account a second time.
            cursor.execute("UPDATE public.accounts_user SET link_made_at = NULL WHERE link_made_at IS NOT NULL")
            cursor.execute(_OLD_JOBS)
            cursor.execute(_STOPPED_JOBS)
            cursor.execute("DELETE FROM public.procrastinate_workers")
        follow(PlatformRestored())
        detail = {
            "backup": backup.name, "sha256": backup.sha256, "taken_at": backup.manifest.taken_at, "rows": rows,
            "sites": len(backup.manifest.sites),
        }  # fmt: skip
        record_act("platform.restore", acting_user=user, detail=detail, chain=PLATFORM_CHAIN)
        unmark()
