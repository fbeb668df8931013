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
from django.core.management import call_command
from django.core.management.commands.migrate import Command as MigrateCommand
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
from .schema_states import Digests, migration_digests

#: Stands before each script that was added to a dump; so many of them at most.
_ADDED, _ADDITIONS = "-- added", 12
_COMMENT_OR_META = re.compile(r"^(--.*|\\.*|SET .*|SELECT pg_catalog\.set_config\('search_path'.*)$")


def migrate_schema(schema: str) -> None:
    """Run Django's migrations of the apps that belong in ``schema``. Call as owner."""
    with schema_context(schema):
        call_command(MigrateCommand(), verbosity=0, interactive=False, skip_checks=True)
        forget_search_path()


def ensure_template() -> None:
    """Create the template schema when missing and let the higher layers fill it. Call as owner."""
    name = settings.TEMPLATE_SCHEMA
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(name)))
    migrate_schema(name)
    fill_template()


def fill_template() -> None:
    """Have everything put into the template that every site has from its first day."""
    with schema_context(settings.TEMPLATE_SCHEMA):
        follow(TemplatePrepared())
    drop_foreign_keys_to_public(settings.TEMPLATE_SCHEMA)


def drop_foreign_keys_to_public(schema: str) -> None:
    """Trap T4: no constraint runs from a site to ``public``; the indexes stay. Call as owner."""
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
    """Names the state of the template: 32 digits for its applied migrations, 32 for its roles' rights."""
    template = settings.TEMPLATE_SCHEMA
    return migration_digests([template])[template] + _rights_fingerprint()


def rights_are_known() -> bool:
    """Is the current dump, and with it every site since the last finished fleet run, of these rights?"""
    return TemplateDump.objects.filter(fingerprint__endswith=_rights_fingerprint()).exists()


def _rights_fingerprint() -> str:
    return frames([settings.TEMPLATE_SCHEMA])[settings.TEMPLATE_SCHEMA]


def refresh_dump() -> TemplateDump:
    """Dump the template and make it the one that provisioning replays. Call as owner."""
    return start_dump()()


def start_dump() -> Callable[[], TemplateDump]:
    """Begin to dump the template; call the result to wait for the dump and make it the current one.

    Raises Refused, then, when the dump could not be taken.
    """
    fingerprint = template_fingerprint()
    output = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by finish
    process = _start_pg_dump(settings.TEMPLATE_SCHEMA, output)

    def finish() -> TemplateDump:
        with output:
            _out, errors = process.communicate()
            if process.returncode != 0:
                raise Refused(_("导出模板失败：%(reason)s") % {"reason": errors.strip()})
            output.seek(0)
            text = _clean(output.read())
        dump, _created = TemplateDump.objects.update_or_create(fingerprint=fingerprint, defaults={"sql": text})
        TemplateDump.objects.exclude(pk=dump.pk).delete()
        return dump

    return finish


def extend_dump(dump: TemplateDump, script: str) -> bool:
    """Let ``dump`` be the template of now by adding ``script``, which the template went through since; or say no.

    pg_dump reads the catalogue of every site, five seconds of processor time for three hundred, to find the one table
    that has a column more. After some additions it is taken anew, since every new site goes through all of them; and
    where the rights have changed as well, which no script says. Call as owner.
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
    """``script``: the SQL that builds a schema as a copy of the template; ``digests``: what it will be."""

    script: str
    digests: Digests


def replay_for(schema: str) -> Replay:
    """What makes ``schema`` a copy of the template. Raises Refused when the platform has not been initialised."""
    dump = TemplateDump.objects.order_by("-created_at").first()
    if dump is None:
        raise Refused(_("平台尚未初始化，请先执行 init_platform。"))
    digests = Digests(dump.fingerprint[:32], dump.fingerprint[32:])
    return Replay(dump.sql.replace(settings.TEMPLATE_SCHEMA, schema), digests)


def _start_pg_dump(schema: str, output: IO[str]) -> "subprocess.Popen[str]":
    from govplatform.embedded import tools_dir

    database = connection.settings_dict
    environment = {**os.environ, "PGPASSWORD": database["PASSWORD"] or ""}
    command: list[str | Path] = [
        tools_dir() / "pg_dump",
        f"--schema={schema}",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        "--inserts",
        "--rows-per-insert=500",
        f"--dbname={database['NAME']}",
    ]
    for option, key in (("host", "HOST"), ("port", "PORT"), ("username", "USER")):
        if database[key]:
            command.append(f"--{option}={database[key]}")
    return subprocess.Popen(command, stdout=output, stderr=subprocess.PIPE, text=True, env=environment)


def _clean(dump: str) -> str:
    return "\n".join(_kept_lines(dump.splitlines()))


def _kept_lines(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        if line and not _COMMENT_OR_META.match(line):
            yield line
