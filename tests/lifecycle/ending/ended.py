"""Sites at their end, and what a schema holds."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.archive.models import Archive
from govplatform.lifecycle.dumping.catalogue import plain_session, sequences_of, structure_digest, tables_of
from govplatform.lifecycle.dumping.files import files_in, media_folder
from govplatform.lifecycle.dumping.manifest import AFTER, BEFORE, Manifest
from govplatform.lifecycle.dumping.package import packed, source_of
from govplatform.lifecycle.dumping.rows import count_rows
from govplatform.lifecycle.dumping.sealing import seal
from govplatform.lifecycle.ending.describing import record_of
from govplatform.lifecycle.models import SiteApplication, SiteNotice
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.whole_files import write_whole_file
from tests import factories
from tests.database import ROOT, until_alone


def work_off(schema: str) -> None:
    """What a worker does: no job and no consequence of the site is left."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM public.procrastinate_jobs WHERE %s IN (args ->> 'schema', args ->> 'site')", [schema]
        )
        cursor.execute("DELETE FROM public.consequences_consequence WHERE schema = %s", [schema])


def announced(tenant: Tenant, days: int = 40) -> SiteNotice:
    """The rows of a retirement that was carried out, with its notice up for so many days."""
    now = timezone.now()
    application = SiteApplication.objects.create(
        tenant=tenant, kind="retire", state="approved", reason="区划调整。", rule_pack="national",
        into=get_tenant("alpha"), filed_by=factories.user("operator"), filed_at=now, carried_out_at=now, ended_at=now,
    )  # fmt: skip
    return SiteNotice.objects.create(
        application=application, kind="migration", site=tenant, page_id=1, live_at=now - timedelta(days=days)
    )


def archived(tenant: Tenant, folder: Path) -> Archive:
    """The row of an archive of the present state that was verified."""
    folder.mkdir(exist_ok=True)
    now = timezone.now()
    return Archive.objects.create(
        tenant=tenant, name="beta-end", folder=str(folder), state="done", verdict="whole", state_at=now, verified_at=now
    )


def ended(folder: Path, code: str = "beta") -> Tenant:
    """A site that may be dropped. The way there has tests of its own; this one writes what is left at its end."""
    tenant = get_tenant(code)
    announced(tenant)
    archived(tenant, folder)
    Tenant.objects.filter(pk=tenant.pk).update(status="retired", status_since=timezone.now())
    work_off(tenant.schema_name)
    return get_tenant(code)


def digests(schema: str) -> dict[str, Any]:
    """Everything in a schema: table -> (rows, digest), its sequences and its structure; none without it."""
    with as_owner(), plain_session():
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [schema])
            if not cursor.fetchone()[0]:
                return {}
        found: dict[str, Any] = {}
        for table in tables_of(schema):
            count = count_rows(schema, table)
            found[table.name] = (count.rows, count.digest)
        return {**found, "sequences": sequences_of(schema), "structure": structure_digest(schema)}


def files_of(code: str) -> dict[str, bytes]:
    """Path -> bytes of the files of a site."""
    schema = f"site_{code}"
    return {name: path.read_bytes() for name, path in files_in(media_folder(schema))}


def scratch_schemas() -> list[str]:
    """Schemas that nobody should find after an act."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^(scratch|restoring)_' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def left_in(folder: Path) -> list[str]:
    """Names of what lies in a folder, hidden ones too."""
    return sorted(os.listdir(folder)) if folder.is_dir() else []


@contextmanager
def clean_folders() -> Iterator[None]:
    """The media of sites that a test opened, and dumps, belong to that test."""
    before = set(left_in(Path(settings.MEDIA_ROOT)))
    try:
        yield
    finally:
        for name in set(left_in(Path(settings.MEDIA_ROOT))) - before:
            shutil.rmtree(Path(settings.MEDIA_ROOT) / name, ignore_errors=True)
        shutil.rmtree(settings.SITE_DUMPS_DIR, ignore_errors=True)


def with_files(code: str = "beta") -> None:
    """An article with a picture and an attachment on the site, live."""
    with tenant_context(get_tenant(code)):
        picture, paper = factories.image(), factories.document()
        factories.live_article(
            code,
            body=[
                {"type": "rich_text", "value": f'<p>见<a linktype="document" id="{paper.pk}">附件</a>。</p>'},
                {"type": "image", "value": {"image": picture.pk, "caption": "", "alt": "图", "decorative": False}},
            ],
        )


_STOPPED = """
import os, signal, sys
sys.path[:0] = [{root!r}, {root!r} + "/platform"]
import django
django.setup()
from importlib import import_module
module, _colon, name = os.environ["KILL_AT"].partition(":")
holder = import_module(module)
*path, last = name.split(".")
for one in path:
    holder = getattr(holder, one)
found, calls = getattr(holder, last), [int(os.environ.get("KILL_AFTER", "0"))]
wanted = os.environ.get("KILL_STEP", "")
def stopped(*args, **named):
    if not wanted or wanted in args:
        calls[0] -= 1
        if calls[0] < 0:
            if os.environ["KILL_WHEN"] == "after":
                found(*args, **named)
            os.kill(os.getpid(), signal.SIGKILL)
    return found(*args, **named)
setattr(holder, last, stopped)
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


def kill_verb(url: str, at: str, *words: str, step: str = "", after: int = 0, when: str = "") -> None:
    """Run a verb as a process that is killed (SIGKILL) where it calls ``at`` (``module:name``) the next time.

    ``step``: only calls with this word among their arguments count; ``after``: so many of them go by before;
    ``when`` "after": it is killed when that call has returned.
    """
    environment = {
        **os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
        "KILL_AT": at, "KILL_STEP": step, "KILL_AFTER": str(after), "KILL_WHEN": when,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", _STOPPED.format(root=str(ROOT)), *words, "--json"],
        env=environment, capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, (done.returncode, done.stdout, done.stderr)
    until_alone()


def empty_dump(folder: Path, code: str = "gamma") -> Path:
    """A dump without a row, written as the platform writes one: for what is only asked of its list."""
    before, after = folder / "before.sql", folder / "after.sql"
    for path in (before, after):
        path.write_text("")
    sources = [source_of(BEFORE, before), source_of(AFTER, after)]
    site = {**record_of(get_tenant("beta")), "code": code, "identity_code": "", "host": f"{code}.localhost"}
    manifest = Manifest(site, "", [], "", [], {}, {}, 0, [source.part for source in sources])
    path = folder / f"{code}.sitedump"
    write_whole_file(path, seal(packed(manifest, sources), None))
    return path
