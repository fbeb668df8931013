"""Building a schema from a dump, and holding it against what the dump says."""

import gzip
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from govplatform.digests import CHUNK
from govplatform.system_words import system_words
from govplatform.whole_files import unwritable

from .catalogue import (
    PLACEHOLDER,
    plain_session,
    sequences_of,
    set_sequences,
    structure_digest,
    tables_of,
)
from .faults import DumpBroken
from .manifest import AFTER, BEFORE, FILES, ROWS, Manifest
from .opening import Dump
from .rows import count_rows, write_rows

#: Told of each part that is done, with the number of all of them.
Tell = Callable[[int, int], None]


def build_schema(dump: Dump, schema: str, *, files_to: Path | None, tell: Tell) -> None:
    """Build ``schema`` anew from ``dump`` and compare it with the dump; its files go into the folder ``files_to``.

    Without ``files_to`` the files are compared alone. Call as owner. What a killed run left under that name is
    replaced. Raises DumpBroken when it does not come out as the dump says; no schema is left then.
    """
    manifest = dump.manifest
    columns = {f"{ROWS}{table.name}.gz": table for table in manifest.tables}
    with plain_session():
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        for number, (part, stream) in enumerate(dump.parts(), 1):
            if part.name in (BEFORE, AFTER):
                _run(stream.read().decode(), schema)
            elif part.name in columns:
                table = columns[part.name]
                write_rows(schema, table.name, table.columns, _unpacked(stream, part.name))
            elif files_to is not None:
                _write_file(files_to / part.name.removeprefix(FILES), stream)
            tell(number, len(manifest.parts))
        set_sequences(schema, manifest.sequences)
        compare(schema, manifest)


def drop_schema(schema: str) -> None:
    """Drop ``schema`` with everything in it, if it is there. Call as owner."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def compare(schema: str, manifest: Manifest) -> None:
    """Raise DumpBroken where ``schema`` is not what ``manifest`` says. Call in a ``plain_session``, as owner."""
    for name in differences(schema, manifest):
        raise DumpBroken(name, _("恢复出来的内容与备份时不同。"))


def differences(schema: str, manifest: Manifest) -> Iterator[str]:
    """Yield the names of tables that have other rows than ``manifest`` says, then ``sequences`` and ``structure``."""
    present = {table.name: table for table in tables_of(schema)}
    for wanted in manifest.tables:
        found = present.pop(wanted.name, None)
        if found is None or found.columns != wanted.columns:
            yield wanted.name
            continue
        count = count_rows(schema, found)
        if (count.rows, count.digest) != (wanted.rows, wanted.digest):
            yield wanted.name
    yield from present
    if sequences_of(schema) != manifest.sequences:
        yield "sequences"
    if structure_digest(schema) != manifest.structure:
        yield "structure"


def _run(script: str, schema: str) -> None:
    # One string without parameters, in PostgreSQL's simple protocol.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.cursor.execute(script.replace(PLACEHOLDER, sql.Identifier(schema).as_string(None)))


def _unpacked(stream: IO[bytes], name: str) -> Iterator[bytes]:
    try:
        with gzip.GzipFile(fileobj=stream) as packed:
            while block := packed.read(CHUNK):
                yield block
    except (OSError, EOFError) as error:
        raise DumpBroken(name, _("压缩的内容无法读取。")) from error


def _write_file(path: Path, stream: IO[bytes]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as target:
            while chunk := stream.read(CHUNK):
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    except OSError as error:
        raise unwritable(path, system_words(error)) from error
