"""One site out of a backup of all, or out of its dump: built under another name, beside the living one."""

import re
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.template_schema import clean_dump, database_tool, tool_environment

from ..dumping.accounts import accounts_named, reasons_against_accounts
from ..dumping.building import build_schema
from ..dumping.catalogue import PLACEHOLDER, plain_session, tables_of, without_name
from ..dumping.faults import DumpBroken
from ..dumping.opening import opened, verify_dump
from ..dumping.taking import SUFFIX
from ..dumping.versions import newer_than_template, reasons_against_newer
from ..ending.queries import works
from ..models import SiteDump
from .folder import Backup, Tell, open_backup, require_whole
from .manifest import DATABASE, FILES
from .restoring import newer_migrations, write_part
from .taking import count_schema

_COPY = re.compile(r"COPY [^ ]+\.(?P<table>[^ ]+) \((?P<columns>.*)\) FROM stdin;")
_SEQUENCE = re.compile(
    r"SELECT pg_catalog\.setval\('[^.]+\.(?P<name>[^']+)', (?P<value>\d+), (?P<called>true|false)\);"
)
#: Acts that say which backups are the platform's own.
_KNOWN_BY = ("platform.backup", "platform.restore")


class SiteSource(ABC):
    """Where a site's state of a moment is read from. ``moment``: None before ``reasons_against`` was asked."""

    name: str
    sha256: str
    moment: datetime

    @abstractmethod
    def reasons_against(self, tenant: Tenant) -> list[str]:
        """Why ``tenant`` cannot be what this holds. Reads the list alone."""

    @abstractmethod
    def build(self, tenant: Tenant, building: str, staging: Path, tell: Tell) -> None:
        """Build the schema ``building``, with its files in ``staging``. Call as owner. Raises Refused, DumpBroken."""

    @abstractmethod
    def bytes_needed(self, tenant: Tenant) -> int:
        """About how much room the files take."""


def source_at(path: Path, sha256: str = "") -> SiteSource:
    """The source at ``path``: a dump of a site, a backup, or a folder of backups. ``sha256``: known by the caller."""
    if path.suffix == SUFFIX and not path.is_dir():
        return _FromDump(path)
    return _FromBackup(open_backup(path), sha256)


class _FromBackup(SiteSource):
    def __init__(self, backup: Backup, sha256: str) -> None:
        self._backup, self._given = backup, sha256
        self.name, self.sha256, self.moment = backup.name, backup.sha256, backup.manifest.moment

    def reasons_against(self, tenant: Tenant) -> list[str]:
        manifest, reasons = self._backup.manifest, []
        if manifest.sites.get(tenant.code) != tenant.schema_name:
            reasons.append(_("备份里没有“%(site)s”。") % {"site": tenant.full_name})
        if self._given:
            known = self._given == self.sha256
        else:
            entries = Entry.objects.filter(chain=PLATFORM_CHAIN, act__in=_KNOWN_BY)
            known = entries.filter(detail__sha256=self.sha256).exists()
        if not known:
            reasons.append(
                _("平台没有记录过这个备份（清单的 SHA-256 是 %(sha)s），它可能已被调换。") % {"sha": self.sha256}
            )
        return [*reasons, *reasons_against_newer(newer_migrations(manifest))]

    def bytes_needed(self, tenant: Tenant) -> int:
        return sum(part.bytes for part in self._backup.manifest.files_below(f"media/{tenant.schema_name}"))

    def build(self, tenant: Tenant, building: str, staging: Path, tell: Tell) -> None:
        backup, schema = self._backup, tenant.schema_name
        require_whole(backup, tell, DATABASE)
        folder, area = backup.path / DATABASE, f"media/{schema}"
        with plain_session():
            _make(building)
            _run(_script(folder, schema, "pre-data"), building)
            _fill(folder, schema, building)
            _run(_script(folder, schema, "post-data"), building)
            if count_schema(building) != backup.manifest.rows[schema]:
                raise DumpBroken(DATABASE, _("恢复出来的内容与备份时不同。"))
        _require_same_people(building, backup.manifest.accounts)
        parts = backup.manifest.files_below(area)
        for number, part in enumerate(parts, 1):
            write_part(backup, part, staging / part.name.removeprefix(f"{FILES}{area}/"))
            tell("building", number, len(parts))


class _FromDump(SiteSource):
    def __init__(self, path: Path) -> None:
        self._path, self.name = path, path.name
        self._manifest, digest = verify_dump(path)
        self.sha256 = digest.sha256
        self._row = works().filter(sha256=digest.sha256, kind__in=(SiteDump.Kind.COPY, SiteDump.Kind.DROP)).first()
        if self._row is not None:
            self.moment = self._row.requested_at

    def reasons_against(self, tenant: Tenant) -> list[str]:
        reasons = []
        if self._manifest.site["code"] != tenant.code:
            reasons.append(_("备份里没有“%(site)s”。") % {"site": tenant.full_name})
        if self._row is None:
            reasons.append(_("平台没有记录过这个备份（SHA-256 %(sha)s），它可能已被调换。") % {"sha": self.sha256})
        reasons += reasons_against_newer(newer_than_template(self._manifest.migrations))
        return [*reasons, *reasons_against_accounts(self._manifest.accounts)]

    def bytes_needed(self, tenant: Tenant) -> int:
        return self._manifest.file_bytes

    def build(self, tenant: Tenant, building: str, staging: Path, tell: Tell) -> None:
        with opened(self._path) as dump:
            if dump.manifest != self._manifest:
                raise Refused(_("备份文件在恢复期间被调换，没有恢复任何东西。"))
            build_schema(dump, building, files_to=staging, tell=lambda done, total: tell("building", done, total))


def _make(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))


@contextmanager
def _read_out(folder: Path, schema: str, section: str) -> Iterator[IO[bytes]]:
    """What pg_restore says of one schema of a dump, as a script."""
    command = [
        database_tool("pg_restore")[0], f"--schema={schema}", f"--section={section}", "--no-owner", "--no-privileges",
        "--no-comments", "--file=-", str(folder),
    ]  # fmt: skip
    # Bytes: as text, Python would read other signs as ends of lines than PostgreSQL does.
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=tool_environment()) as process:
        assert process.stdout is not None and process.stderr is not None
        yield process.stdout
        errors = process.stderr.read().decode(errors="replace")
    if process.returncode != 0:
        raise DumpBroken(DATABASE, errors.strip()[-2000:])


def _script(folder: Path, schema: str, section: str) -> str:
    with _read_out(folder, schema, section) as output:
        return without_name(clean_dump(output.read().decode()), schema)


def _run(script: str, schema: str) -> None:
    # One string without parameters, in PostgreSQL's simple protocol.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.cursor.execute(script.replace(PLACEHOLDER, sql.Identifier(schema).as_string(None)))


def _fill(folder: Path, schema: str, building: str) -> None:
    """Put the rows of ``schema`` into ``building``, table by table as they come, and set its sequences."""
    with _read_out(folder, schema, "data") as output, connection.cursor() as cursor, connection.wrap_database_errors:
        for read in output:
            line = read.decode()
            if found := _COPY.fullmatch(line.rstrip("\n")):
                names = (found["table"].strip('"'), [one.strip().strip('"') for one in found["columns"].split(",")])
                statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                    sql.Identifier(building, names[0]), sql.SQL(", ").join(map(sql.Identifier, names[1]))
                )
                with cursor.cursor.copy(statement) as copy:
                    while (row := output.readline()) not in (b"\\.\n", b""):
                        copy.write(row)
            elif found := _SEQUENCE.fullmatch(line.rstrip("\n")):
                cursor.execute(
                    sql.SQL("SELECT setval({}::regclass, {}, {})").format(
                        sql.Literal(sql.Identifier(building, found["name"].strip('"')).as_string(None)),
                        sql.Literal(int(found["value"])),
                        sql.Literal(found["called"] == "true"),
                    )
                )


def _require_same_people(schema: str, then: dict[int, str]) -> None:
    named = accounts_named(schema, tables_of(schema))
    if reasons := reasons_against_accounts({pk: then.get(pk, "") for pk in named}):
        raise Refused(reasons)
