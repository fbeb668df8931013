"""Taking a dump: read in one state of the database, written whole, checked by building it again under another name."""

import gzip
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from govplatform.digests import Digest, Digester
from govplatform.refusals import Busy, Refused
from govplatform.system_words import system_words
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.template_schema import template_fingerprint
from govplatform.tenancy.working_schemas import LOCK, SCRATCH, lock_name
from govplatform.whole_files import sync_folder, unwritable, write_whole_file

from .accounts import accounts_named
from .building import build_schema, drop_schema
from .catalogue import migrations_of, plain_session, sequences_of, structure_digest, tables_of
from .catalogue import weight_of as weight_of_schema
from .files import files_in, media_folder, require_room
from .files import weight_of as weight_of_files
from .keys import dump_key
from .manifest import AFTER, BEFORE, FILES, ROWS, DumpedTable, Manifest
from .opening import opened
from .package import Source, packed, source_of
from .rows import Count, read_rows
from .sealing import seal
from .structure import read_structure

SUFFIX = ".sitedump"
READING, WRITING, CHECKING = "reading", "writing", "checking"
#: Told of the step that begins, and how much of it is done of how much.
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Taken:
    """A dump that was checked. ``path``: where it lies; ``digest``: of the file."""

    path: Path
    manifest: Manifest
    digest: Digest
    encrypted: bool


def take_dump(schema: str, site: dict[str, Any], folder: Path, stem: str, tell: Tell) -> Taken:
    """Write the dump of ``schema`` into ``folder``, and only once it was built again and found equal.

    ``site``: the site's record, kept in the dump; ``stem``: the beginning of the file's name, the rest of which is
    made of its content. Call outside of a transaction. Raises Refused (a full disk, a folder that cannot be written,
    files that change meanwhile); nothing is left of it then.
    """
    key = dump_key()
    with as_owner(), one_at_a_time(schema), _working_folder(folder, schema) as working:
        require_room(working, 2 * weight_of_schema(schema) + weight_of_files(media_folder(schema)))
        manifest, sources = _read(schema, site, working, tell)
        tell(WRITING, 0, 1)
        digester = Digester()
        made = working / f"made{SUFFIX}"
        write_whole_file(made, _counted(seal(packed(manifest, sources), key), digester), mode=0o600)
        tell(CHECKING, 0, len(manifest.parts))
        _check(made, schema, manifest, tell)
        # The content of the list, not of the file: an encrypted one is another each time.
        path = folder / f"{stem}-{_short(manifest)}{SUFFIX}"
        made.replace(path)
        sync_folder(folder)
    return Taken(path, manifest, digester.finish(), key is not None)


def scratch_of(schema: str) -> str:
    """Name of the schema in which a dump of ``schema`` is checked. No site's begins like this."""
    return f"{SCRATCH}{schema}"


@contextmanager
def one_at_a_time(schema: str) -> Iterator[None]:
    """Keep everybody else from dumping, dropping and restoring ``schema`` meanwhile. Raises Busy when somebody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s)", [lock_name(schema), LOCK])
        if not cursor.fetchone()[0]:
            raise Busy(_("这个站点正在备份、移除或恢复，请等它完成。"))
    try:
        yield
    finally:
        # A connection that broke has let go of it.
        if connection.connection is not None and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", [lock_name(schema), LOCK])


def is_busy(schema: str) -> bool:
    """Whether somebody is dumping, dropping or restoring ``schema`` just now."""
    try:
        with one_at_a_time(schema):
            return False
    except Busy:
        return True


@contextmanager
def _working_folder(folder: Path, schema: str) -> Iterator[Path]:
    """A folder beside the dumps, gone afterwards; what a killed run left in it is removed first."""
    working = folder / f".{schema}.working"
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        shutil.rmtree(working, ignore_errors=True)
        working.mkdir(mode=0o700)
        yield working
    except OSError as error:
        raise unwritable(folder, system_words(error)) from error
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _read(schema: str, site: dict[str, Any], working: Path, tell: Tell) -> tuple[Manifest, list[Source]]:
    """Read the schema in one state of the database, and its files."""
    version = template_fingerprint()
    with plain_session(), connection.cursor() as cursor:
        # Said before anything is read; pg_dump joins this state by its name.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        before, after = read_structure(schema, snapshot)
        tables = tables_of(schema)
        tell(READING, 0, len(tables))
        sources = [_kept(working, BEFORE, before.encode())]
        dumped, text_bytes = [], 0
        for number, table in enumerate(tables, 1):
            count = Count()
            path = working / f"{table.name}.gz"
            # Neither name nor time of the day in it.
            with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed_rows:
                for block in read_rows(schema, table, count):
                    packed_rows.write(block)
                    text_bytes += len(block)
            sources.append(source_of(f"{ROWS}{table.name}.gz", path))
            dumped.append(DumpedTable(table.name, table.columns, count.rows, count.digest))
            tell(READING, number, len(tables))
        sources.append(_kept(working, AFTER, after.encode()))
        manifest = Manifest(
            site=site,
            version=version,
            migrations=migrations_of(schema),
            structure=structure_digest(schema),
            tables=dumped,
            sequences=sequences_of(schema),
            accounts=accounts_named(schema, tables),
            text_bytes=text_bytes,
        )
    sources += [source_of(f"{FILES}{name}", path) for name, path in files_in(media_folder(schema))]
    return replace(manifest, parts=[source.part for source in sources]), sources


def _kept(working: Path, name: str, data: bytes) -> Source:
    path = working / name.rpartition("/")[2]
    path.write_bytes(data)
    return source_of(name, path)


def _check(path: Path, schema: str, manifest: Manifest, tell: Tell) -> None:
    scratch = scratch_of(schema)
    try:
        with opened(path) as dump:
            if dump.manifest != manifest:
                raise Refused(_("备份写出后读回的清单不同，没有保留。请检查磁盘。"))
            build_schema(dump, scratch, files_to=None, tell=lambda done, total: tell(CHECKING, done, total))
    finally:
        if connection.connection is not None and connection.is_usable():
            drop_schema(scratch)


def _short(manifest: Manifest) -> str:
    digester = Digester()
    digester.update(manifest.write())
    return digester.finish().sha256[:12]


def _counted(pieces: Iterator[bytes], digester: Digester) -> Iterator[bytes]:
    for piece in pieces:
        digester.update(piece)
        yield piece
