"""Building an archive in a folder: the walk, the index, the descriptions, the replay, the certificate and the bag.

Everything is written beside the folder and takes its name at the very end, so there is a whole archive or nothing.
"""

import errno
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.addresses.known import KnownAddress
from govplatform.digests import Digest, digest_of_file
from govplatform.refusals import Busy, Refused
from govplatform.rendering.state import one_state
from govplatform.system_words import system_words
from govplatform.tenancy.models import Tenant

from .capture import described
from .capture.walk import Walk
from .capture.working import Working
from .keys import signing_key
from .package import wacz
from .package.bag import bag_facts, close_bag
from .package.certificate import KIND, Tally, files_of, sign
from .package.descriptions import FONDS, write_csv, write_json, write_xml
from .package.layout import (
    ADDRESSES,
    CERTIFICATE,
    FORM,
    INDEX,
    METADATA_CSV,
    METADATA_JSON,
    METADATA_XML,
    SOFTWARE,
    Names,
)
from .package.opening import json_lines, opened
from .package.replaying import replayed_digest
from .package.warc_reading import BrokenRecord
from .package.written import moment, stamp

_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NOTES = ".notes.sqlite"
#: For fewer addresses other processes would not have started before it is over.
_WORTH_HELP = 300


@dataclass(frozen=True)
class Built:
    """A finished archive. ``bytes``: of all its files; ``certificate``: path of the certificate in ``folder``."""

    name: str
    folder: Path
    state_at: str
    addresses: int
    captured: int
    records: int
    bytes: int
    certificate: Path


@dataclass(frozen=True)
class Scope:
    """What of a site goes into the archive: all, or the column at ``path``."""

    column: str = ""
    path: str = ""
    title: str = ""


class Known(Protocol):
    """The addresses that are to be captured."""

    def addresses(self) -> Iterable[KnownAddress]:
        """All of them, always in the same order."""

    def count(self) -> int:
        """How many there are just now."""


def build_archive(
    tenant: Tenant,
    out: Path,
    known: Known,
    scope: Scope,
    tell: Callable[[int], None],
    *,
    replaces: bool = False,
) -> Built:
    """Write the archive of what is public on ``tenant`` into the new folder ``out``.

    ``known`` is asked inside the snapshot of the database in which everything is rendered; ``tell`` hears how many
    addresses are done. Raises Refused, and leaves nothing behind, when ``out`` is taken, the disk is full, or an
    address does not answer. ``replaces``: ``out`` is the caller's alone, and an archive that
    lies there was left by a run that was killed.
    """
    key = signing_key()
    with _partial_folder(out, replaces=replaces) as folder, _words_for_a_full_disk(out):
        walk = _walked(tenant, folder, known, scope, tell)
        replayed = _replay(folder, walk.names)
        digests = {path: digest_of_file(folder / path) for path in walk.names.certified() if path != walk.names.wacz}
        _package(folder, walk, digests)
        digests[walk.names.wacz] = digest_of_file(folder / walk.names.wacz)
        _certify(folder, walk, scope, replayed, digests, key)
        digests[CERTIFICATE] = digest_of_file(folder / CERTIFICATE)
        size = _finish(folder, walk, digests)
        os.rename(folder, out)
    done = walk.done
    return Built(
        walk.names.name, out, walk.date, done.public.count, done.captured.count, done.records, size, out / CERTIFICATE
    )


def _walked(tenant: Tenant, folder: Path, known: Known, scope: Scope, tell: Callable[[int], None]) -> Walk:
    """Ask for everything and write it down.

    A picture gets the sizes that a page shows when the page is first rendered, and each size an address of its own.
    Where that has happened the walk begins anew, so that the state of the archive is one in which nothing is new.
    """
    while True:
        _empty(folder)
        with one_state() as state:
            before = known.count()
            with tenant_context(tenant):
                date = moment(described.content_changed_at(tenant))
            names = Names("-".join(filter(None, [tenant.code, scope.column, stamp(date)])))
            for path in names.payload():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
            working = Working(folder / _NOTES)
            try:
                walk = Walk(tenant, folder, names, date, working, scope.path)
                helpers = settings.RENDERING_HELPERS if before >= _WORTH_HELP else 0
                walk.run(known.addresses(), tell, state=state, helpers=helpers)
                if known.count() == before:
                    _write_index(folder, working)
                    _write_descriptions(folder, walk, scope)
                    return walk
            finally:
                working.close()


@contextmanager
def _partial_folder(out: Path, *, replaces: bool) -> Iterator[Path]:
    """A folder beside ``out`` that becomes it. What is left of it after a fault or a kill is removed."""
    replaces = replaces and (out / CERTIFICATE).is_file()
    if out.exists() and not replaces and (not out.is_dir() or any(out.iterdir())):
        raise Refused(_("%(out)s 已经存在，而且不是空目录。请换一个目录，或先把它移走。") % {"out": out})
    folder = out.with_name(f".{out.name}.partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o750, exist_ok=True)
    except OSError as error:
        raise Refused(
            _("不能在 %(out)s 写入：%(reason)s。请检查路径和权限。")
            % {"out": out.parent, "reason": system_words(error)}
        ) from error
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(_("另一个归档正在写入 %(out)s，请等它完成，或换一个目录。") % {"out": out}) from error
        _empty(folder)
        if replaces and out.exists():
            shutil.rmtree(out)
        try:
            yield folder
        finally:
            if folder.exists():
                shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(held)


def _empty(folder: Path) -> None:
    for left in folder.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()


@contextmanager
def _words_for_a_full_disk(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _DISK_FULL:
            raise
        raise _full(out) from error
    except sqlite3.OperationalError as error:
        if not any(word in str(error) for word in ("full", "disk I/O")):
            raise
        raise _full(out) from error


def _full(out: Path) -> Refused:
    free = shutil.disk_usage(out.parent).free // (1024 * 1024)
    return Refused(
        _("磁盘空间不足，没有留下任何文件。%(out)s 所在的磁盘还剩 %(free)s MB，请腾出空间或换一个目录后重试。")
        % {"out": out, "free": free}
    )


def _write_index(folder: Path, working: Working) -> None:
    with (folder / INDEX).open("wb") as stream:
        for one in working.lines():
            stream.write(one)


def _write_descriptions(folder: Path, walk: Walk, scope: Scope) -> None:
    tenant, done = walk.tenant, walk.done
    head = {
        "level": FONDS,
        "identifier": tenant.identity_code or tenant.code,
        "title": "　".join(filter(None, [tenant.full_name, scope.title])),
        "author": tenant.organiser or tenant.full_name,
        "published_at": "/".join(filter(None, [done.published_from, done.published_until])),
        "archived_at": walk.date,
        "address": f"{walk.root}{scope.path or '/'}",
        "format": "application/warc",
        "file": walk.names.warc_file,
    }
    for path, write in ((METADATA_JSON, write_json), (METADATA_CSV, write_csv), (METADATA_XML, write_xml)):
        with (folder / path).open("wb") as stream:
            write(stream, head, walk.working.entries(walk.root))


def _replay(folder: Path, names: Names) -> Tally:
    """Read every address back out of the finished WARC by its index. Raises Refused when one comes back otherwise."""
    tally = Tally()
    with opened(folder, names.name) as archive:
        for entry in json_lines(folder / ADDRESSES):
            try:
                status, digest = replayed_digest(archive, entry["address"])
            except BrokenRecord as error:
                raise _not_replayed(entry) from error
            if (status, digest.sha256, digest.sm3) != (entry["status"], entry["sha256"], entry["sm3"]):
                raise _not_replayed(entry)
            if entry["role"] == "public":
                tally.add(entry["address"], status, digest)
    return tally


def _not_replayed(entry: dict[str, Any]) -> Refused:
    return Refused(
        _("归档中的 %(address)s 重放的内容与采集时不同，没有留下任何文件。请重新归档；再次出现时请检查磁盘。")
        % {"address": entry["address"]}
    )


def _package(folder: Path, walk: Walk, digests: Mapping[str, Digest]) -> None:
    names = walk.names
    facts = {
        "title": walk.tenant.full_name,
        "created": walk.date,
        "modified": walk.date,
        "mainPageUrl": walk.done.first_page,
        "mainPageDate": walk.date if walk.done.first_page else "",
    }
    with (folder / names.wacz).open("wb") as stream:
        wacz.write_wacz(stream, folder, names, wacz.describe(names, digests, facts))


def _certify(
    folder: Path, walk: Walk, scope: Scope, replayed: Tally, digests: Mapping[str, Digest], key: Ed25519PrivateKey
) -> None:
    names, tenant, done, date = walk.names, walk.tenant, walk.done, walk.date
    statement = {
        "kind": KIND,
        "form": FORM,
        "software": SOFTWARE,
        "archive": names.name,
        "site": {
            "code": tenant.code,
            "name": tenant.full_name,
            "identity_code": tenant.identity_code or "",
            "organiser": tenant.organiser,
            "host": tenant.public_host,
            "address": walk.root,
        },
        "column": {"slug": scope.column, "path": scope.path, "title": scope.title} if scope.column else None,
        "state_at": date,
        "public": done.public.sums(),
        "captured": done.captured.sums(),
        "replayed": replayed.sums(),
        "answers": dict(sorted(done.answers.items())),
        "shown_besides": done.shown,
        "records": done.records,
        "files": files_of(digests),
    }
    (folder / CERTIFICATE).write_bytes(sign(statement, key))


def _finish(folder: Path, walk: Walk, payload: Mapping[str, Digest]) -> int:
    """Close the bag, bring everything to the disk, and return how many bytes there are."""
    names = walk.names
    close_bag(folder, names, payload, bag_facts(walk.tenant.organiser, walk.tenant.full_name, names.name, walk.date))
    size = 0
    for path in names.everything():
        with (folder / path).open("rb") as stream:
            os.fsync(stream.fileno())
            size += os.fstat(stream.fileno()).st_size
    return size
