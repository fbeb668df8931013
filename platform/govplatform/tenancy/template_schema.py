"""The template schema: migrated once, dumped, replayed for every new site (decision 003, trap T19)."""

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context
from psycopg import sql

from govplatform.events.sheet import follow
from govplatform.refusals import Refused

from .current import forget_search_path
from .events import TemplatePrepared
from .frame import frames
from .models import TemplateDump
from .schema_migrations import apply_migrations
from .schema_states import Digests, migration_digests

#: Stands before each script that was added to a dump; so many of them at most.
_ADDED, _ADDITIONS = "-- added", 12
_COMMENT_OR_META = re.compile(r"^(--.*|\\.*|SET .*|SELECT pg_catalog\.set_config\('search_path'.*)$")


def migrate_schema(schema: str) -> None:
    """Run Django's migrations of the apps that belong in ``schema``. Call as owner."""
    with schema_context(schema):
        apply_migrations()
        forget_search_path()


def ensure_template() -> None:
    """Create the template schema when missing and let the higher layers fill it. Call as owner."""
    name = settings.TEMPLATE_SCHEMA
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(name)))
    migrate_schema(name)
    fill_template()


def fill_template() -> None:
    """Have the layers above put into the template what every site has from its first day (roles, workflows)."""
    with schema_context(settings.TEMPLATE_SCHEMA):
        follow(TemplatePrepared())
    drop_foreign_keys_to_public(settings.TEMPLATE_SCHEMA)


def drop_foreign_keys_to_public(schema: str) -> None:
    """Drop the foreign keys from ``schema`` to other schemas (trap T4); the indexes stay. Call as owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, k.conname FROM pg_constraint k"
            " JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace m ON m.oid = f.relnamespace"
            " WHERE k.contype = 'f' AND n.nspname = %s AND m.nspname <> n.nspname",
            [schema],
        )
        for table, constraint in cursor.fetchall():
            cursor.execute(
                sql.SQL("ALTER TABLE {}.{} DROP CONSTRAINT {}").format(
                    sql.Identifier(schema), sql.Identifier(table), sql.Identifier(constraint)
                )
            )


def template_fingerprint() -> str:
    """The state of the template in 64 hexadecimal digits: 32 for its applied migrations, 32 for its roles' rights."""
    template = settings.TEMPLATE_SCHEMA
    return migration_digests([template])[template] + _rights_fingerprint()


def rights_are_known() -> bool:
    """Whether the current dump has the rights that the template has now.

    If so, every site has them too since the last finished fleet migration.
    """
    return TemplateDump.objects.filter(fingerprint__endswith=_rights_fingerprint()).exists()


def _rights_fingerprint() -> str:
    return frames([settings.TEMPLATE_SCHEMA])[settings.TEMPLATE_SCHEMA]


def refresh_dump() -> TemplateDump:
    """Dump the template and make it the one that new sites are built from. Call as owner.

    Raises Refused when the dump could not be taken.
    """
    return start_dump()()


def start_dump() -> Callable[[], TemplateDump]:
    """Start to dump the template; calling the result waits for the dump and makes it the current one.

    That call raises Refused when the dump could not be taken.
    """
    fingerprint = template_fingerprint()
    output = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by finish
    process = start_pg_dump(settings.TEMPLATE_SCHEMA, output, "--inserts", "--rows-per-insert=500")

    def finish() -> TemplateDump:
        with output:
            _out, errors = process.communicate()
            if process.returncode != 0:
                raise Refused(_("导出模板失败：%(reason)s") % {"reason": errors.strip()})
            output.seek(0)
            text = clean_dump(output.read())
        dump, _created = TemplateDump.objects.update_or_create(fingerprint=fingerprint, defaults={"sql": text})
        TemplateDump.objects.exclude(pk=dump.pk).delete()
        return dump

    return finish


def extend_dump(dump: TemplateDump, script: str) -> bool:
    """Bring ``dump`` to the present state of the template by adding ``script``; return whether that was possible.

    ``script``: the SQL that the template went through since the dump. This saves pg_dump, which reads the catalogue of
    every site: five seconds of processor time for three hundred sites, to find one table with a new column. Not
    possible after some additions, since every new site goes through all of them, nor when rights have changed, which no
    script says. Call as owner.
    """
    fingerprint = template_fingerprint()
    if dump.sql.count(_ADDED) >= _ADDITIONS or dump.fingerprint[32:] != fingerprint[32:]:
        return False
    dump.sql = "\n".join([dump.sql, f"{_ADDED}\n{script}\n;"])
    dump.fingerprint = fingerprint
    dump.save(update_fields=["sql", "fingerprint"])
    return True


@dataclass(frozen=True)
class Replay:
    """What builds a schema as a copy of the template.

    ``script``: its SQL; ``digests``: the state that comes of it; ``grants``: whether the script gives the application's
    role its rights, too. Said table by table they cost next to nothing; ``grant_schema`` reads the catalogue of all
    sites seven times. Dumps of earlier versions do not have them.
    """

    script: str
    digests: Digests
    grants: bool


def replay_for(schema: str) -> Replay:
    """Return what builds ``schema`` as a copy of the template. Raises Refused when the platform is not initialised."""
    dump = TemplateDump.objects.order_by("-created_at").first()
    if dump is None:
        raise Refused(_("平台尚未初始化，请先执行 init_platform。"))
    digests = Digests(dump.fingerprint[:32], dump.fingerprint[32:])
    return Replay(dump.sql.replace(settings.TEMPLATE_SCHEMA, schema), digests, grants="\nGRANT " in dump.sql)


def start_pg_dump(schema: str, output: IO[str], *options: str) -> "subprocess.Popen[str]":
    """Start ``pg_dump`` of one schema, without owners and comments, with further ``options``; it writes to ``output``.

    It connects as this process does, so as the owner where schemas may be dumped. Its errors come on its ``stderr``.
    """
    command = [*database_tool("pg_dump"), f"--schema={schema}", "--no-owner", "--no-comments", *options]
    return subprocess.Popen(command, stdout=output, stderr=subprocess.PIPE, text=True, env=tool_environment())


def database_tool(name: str) -> list[str | Path]:
    """The words that start ``pg_dump`` or ``pg_restore`` on the platform's database, as this process signs in to it."""
    from govplatform.embedded import tools_dir

    database = connection.settings_dict
    command: list[str | Path] = [tools_dir() / name, f"--dbname={database['NAME']}"]
    for option, key in (("host", "HOST"), ("port", "PORT"), ("username", "USER")):
        if database[key]:
            command.append(f"--{option}={database[key]}")
    return command


def tool_environment() -> dict[str, str]:
    """The environment in which ``database_tool`` is started: the password is on no list of processes."""
    return {**os.environ, "PGPASSWORD": connection.settings_dict["PASSWORD"] or ""}


def clean_dump(dump: str) -> str:
    """Return a dump without comments, settings and commands of ``psql``, to be run as one string."""
    return "\n".join(_kept_lines(dump.splitlines()))


def _kept_lines(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        if line and not _COMMENT_OR_META.match(line):
            yield line
