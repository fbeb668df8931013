"""Taking a backup: the database in one state, the files after it, the list last, its name when all is on the disk."""

import fcntl
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import get_public_schema_name, schema_context
from psycopg import sql

from govplatform.accounts.models import Membership, User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.digests import copy_stream, digest_of_file
from govplatform.locks.holding import holding
from govplatform.refusals import Busy, Refused
from govplatform.system_words import system_words
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.template_schema import database_tool, template_fingerprint, tool_environment
from govplatform.tenancy.working_schemas import RESTORING, SCRATCH
from govplatform.whole_files import sync_folder, unwritable, write_whole_file

from ..dumping.catalogue import migrations_of, tables_of
from ..dumping.files import require_room
from ..ending.permissions import KEEPERS
from .areas import Found, files_of_installation, keys_needed
from .folder import HALF, Backup, Tell, open_backup, whole_backups
from .keys import keep_keys, reasons_against_key_folder
from .manifest import DATABASE, FILES, NAME, BackupManifest, BackupPart

#: Processes that read and write the database beside each other.
JOBS = max(2, min(os.cpu_count() or 1, 8))
_COUNTED_AT_ONCE = 100


@dataclass(frozen=True)
class Made:
    """A backup that was just made. ``copied``: bytes that were written; the rest are links to the one before."""

    backup: Backup
    copied: int


def take_backup(
    out: Path, *, acting_user: User | None, keys_to: Path | None = None, beside: bool = False, tell: Tell
) -> Made:
    """Write a backup of everything into a folder of its own below ``out``. Call outside of a transaction.

    It has its name only when every byte of it is on the disk; what a killed run left is removed by the next. Files that
    are as in the newest backup there are linked to it. ``keys_to``: where the keys are written, apart from the data
    unless ``beside``. Raises Refused; nothing is left of the backup then.
    """
    out = out.absolute()
    if reasons := reasons_against_key_folder(out, keys_to, beside=beside):
        raise Refused(reasons)
    with schema_context("public"), as_owner(), _alone_in(out) as working:
        manifest = _read_database(working, tell)
        before = _newest(out)
        with _words_for_disk(working):
            parts, copied = _take_files(working, manifest, before, tell)
            manifest = replace(manifest, parts=parts, keys=keys_needed())
            tell("closing", 0, 1)
            write_whole_file(working / NAME, [manifest.write()], mode=0o600)
            # One call for a million files.
            os.sync()
            path = _free_name(out, manifest)
            working.rename(path)
            sync_folder(out)
    if keys_to is not None:
        keep_keys(keys_to.absolute(), path.name)
    backup = open_backup(path)
    detail = {
        "backup": path.name, "sha256": backup.sha256, "parts": len(parts), "bytes": manifest.total,
        "sites": len(manifest.sites), "taken_at": manifest.taken_at,
    }  # fmt: skip
    with schema_context("public"), holding(PLATFORM_CHAIN):
        record_act("platform.backup", acting_user=acting_user, detail=detail, chain=PLATFORM_CHAIN)
    tell("closing", 1, 1)
    return Made(backup, copied)


@contextmanager
def _alone_in(out: Path) -> Iterator[Path]:
    """A folder for a half backup below ``out``, gone afterwards unless it was renamed. Raises Busy, Refused."""
    working = out / f".backup-{uuid.uuid4().hex[:12]}.working"
    with _words_for_disk(out):
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Busy(_("%(path)s 正有一个备份在进行，请等它完成。") % {"path": out}) from error
        with _words_for_disk(out):
            for left in out.iterdir():
                if HALF.fullmatch(left.name) and left.is_dir() and not left.is_symlink():
                    shutil.rmtree(left)
            working.mkdir(mode=0o700)
        yield working
    finally:
        shutil.rmtree(working, ignore_errors=True)
        os.close(handle)


@contextmanager
def _words_for_disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise unwritable(path, system_words(error)) from error


def _read_database(working: Path, tell: Tell) -> BackupManifest:
    """Have pg_dump write the database, and read what the list says of it, in one state. Call as owner."""
    weight = _database_bytes()
    require_room(working, weight)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        taken_at = timezone.now()
        manifest = _facts(taken_at.isoformat(), weight)
        tell("database", 0, len(manifest.rows))
        process = subprocess.Popen(
            [
                *database_tool("pg_dump"), "--format=directory", f"--jobs={JOBS}", f"--snapshot={snapshot}",
                "--no-owner", f"--exclude-schema={SCRATCH}*", f"--exclude-schema={RESTORING}*",
                f"--file={working / DATABASE}",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=tool_environment(),
        )  # fmt: skip
        try:
            rows = _count_rows(list(manifest.rows), tell)
            _out, errors = process.communicate()
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise Refused(_("导出数据库失败：%(reason)s") % {"reason": errors.strip()[-2000:]})
    return replace(manifest, rows=rows)


def _facts(taken_at: str, weight: int) -> BackupManifest:
    public, template = get_public_schema_name(), settings.TEMPLATE_SCHEMA
    sites = dict(Tenant.objects.with_schema().order_by("code").values_list("code", "schema_name"))
    keepers = Membership.objects.filter(
        role__in=KEEPERS, tenant__kind=Tenant.Kind.CONSOLE, user__is_active=True
    ).values_list("user__username", flat=True)
    return BackupManifest(
        taken_at=taken_at,
        version=template_fingerprint(),
        role=settings.APP_DATABASE_ROLE,
        migrations={schema: migrations_of(schema) for schema in (public, template)},
        rows=dict.fromkeys((public, template, *sites.values()), 0),
        sites=sites,
        keepers=sorted(set(keepers)),
        accounts=dict(User._default_manager.order_by("pk").values_list("pk", "username")),
        database_bytes=weight,
    )


def _count_rows(schemas: list[str], tell: Tell) -> dict[str, int]:
    counted = {}
    for number, schema in enumerate(schemas, 1):
        counted[schema] = count_schema(schema)
        tell("database", number, len(schemas))
    return counted


def count_schema(schema: str) -> int:
    """The number of all rows of all tables of ``schema``. Call as owner."""
    tables, count = tables_of(schema), 0
    one = sql.SQL("(SELECT count(*) FROM {})")
    for start in range(0, len(tables), _COUNTED_AT_ONCE):
        some = [one.format(sql.Identifier(schema, table.name)) for table in tables[start : start + _COUNTED_AT_ONCE]]
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT {}").format(sql.SQL(" + ").join(some)))
            count += int(cursor.fetchone()[0])
    return count


def _database_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _newest(out: Path) -> Backup | None:
    """The backup that files may be linked to: the newest whole one."""
    for path in whole_backups(out):
        try:
            return open_backup(path)
        except Refused:
            continue
    return None


def _take_files(
    working: Path, manifest: BackupManifest, before: Backup | None, tell: Tell
) -> tuple[list[BackupPart], int]:
    """The files of the dump and of the installation, with how many bytes were written anew."""
    parts, copied = [], 0
    for path in sorted((working / DATABASE).rglob("*")):
        path.chmod(0o600)
        digest = digest_of_file(path)
        copied += digest.bytes
        name = path.relative_to(working).as_posix()
        parts.append(BackupPart(name, digest.bytes, digest.sha256, digest.sm3))
    known = {part.name: part for part in before.manifest.files} if before else {}
    found = list(files_of_installation(list(manifest.sites.values())))
    require_room(working, sum(_size(one) for one in found if not _is_known(one, known)))
    for number, one in enumerate(found, 1):
        part, written = _take_file(working, one, known, before)
        if part is not None:
            parts.append(part)
            copied += written
        tell("files", number, len(found))
    return parts, copied


def _size(one: Found) -> int:
    try:
        return one.path.stat().st_size
    except FileNotFoundError:
        return 0


def _is_known(one: Found, known: dict[str, BackupPart]) -> bool:
    part = known.get(f"{FILES}{one.name}")
    try:
        found = one.path.stat()
    except FileNotFoundError:
        return False
    return part is not None and (found.st_size, found.st_mtime_ns) == (part.bytes, part.mtime)


def _take_file(
    working: Path, one: Found, known: dict[str, BackupPart], before: Backup | None
) -> tuple[BackupPart | None, int]:
    """Link a file that is as it was, else copy it. None for one that was deleted after the database was read."""
    name = f"{FILES}{one.name}"
    target = working / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        if before is not None and (part := _same_as_before(one, known)) and _link(before.path / name, target, part):
            return part, 0
        stream = one.path.open("rb")
    except FileNotFoundError:
        return None, 0
    with stream, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
        mtime = os.fstat(stream.fileno()).st_mtime_ns
        digest = copy_stream(stream, copy)
    return BackupPart(name, digest.bytes, digest.sha256, digest.sm3, mtime), digest.bytes


def _same_as_before(one: Found, known: dict[str, BackupPart]) -> BackupPart | None:
    """What the backup before has of a file that is as it was: by size and time, else by its digests."""
    part = known.get(f"{FILES}{one.name}")
    if part is None or _is_known(one, known):
        return part
    found = one.path.stat()
    if found.st_size != part.bytes or digest_of_file(one.path).sha256 != part.sha256:
        return None
    return replace(part, mtime=found.st_mtime_ns)


def _link(kept: Path, target: Path, part: BackupPart) -> bool:
    """Whether ``target`` is the same file as in the backup before; False where that is gone, or on another disk."""
    try:
        if kept.stat(follow_symlinks=False).st_size != part.bytes:
            return False
        os.link(kept, target, follow_symlinks=False)
    except OSError:
        return False
    return True


def _free_name(out: Path, manifest: BackupManifest) -> Path:
    stem = f"backup-{manifest.moment:%Y%m%dT%H%M%SZ}"
    path, number = out / stem, 1
    while path.exists():
        number += 1
        path = out / f"{stem}-{number}"
    return path
