"""Taking rotated files in, and letting go of what was kept for its term.

A file is taken in when nobody writes to it any more: our own are renamed here and taken the next time, those of the
front server are rotated by logrotate (deploy/monitoring/logrotate.conf). May be killed at any point and called again.
"""

import fcntl
import gzip
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.conf import settings
from django.db import Error, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.refusals import Busy, Refused
from govplatform.rule_packs.files import RulePackError
from govplatform.rule_packs.limits import Limit
from govplatform.rule_packs.packs import NATIONAL, load_rule_pack
from govplatform.rule_packs.queries import sites_of_packs

from .chain import KEPT, REMOVED, Chain, read_chain
from .checking import ACT, anchors

_LIVE, _CHUNK = ".log", 1 << 20
#: Our own files are put aside when they are so large or were begun so long ago, in bytes and seconds.
_LARGEST, _LONGEST = 64 << 20, 24 * 3600.0
#: A file that was written to a moment ago may be written to again: nginx goes over to the new one some seconds later.
SETTLED = 60.0


@dataclass
class Kept:
    """What a run came to. ``anchored``: whether the head of the chain stands in the audit record."""

    files: int = 0
    bytes: int = 0
    removed: int = 0
    anchored: bool = False


def keep_logs() -> Kept:
    """Put our own files aside, take in what is settled, let go of what is over. Raises Busy, OSError."""
    folder = Path(settings.LOGS_KEPT_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    with _alone(folder):
        chain, done = read_chain(folder), Kept()
        for path in sorted(_settled()):
            if (size := _take_in(chain, path)) is not None:
                done.files, done.bytes = done.files + 1, done.bytes + size
        _put_aside(Path(settings.LOGS_DIR))
        done.removed = _let_go(chain)
        done.anchored = _anchor(chain)
        return done


def terms() -> list[Limit]:
    """How long logs are kept, by the pack of each site: whose lines are whose is not asked, so the longest counts.

    None of them while the database or a pack is out of order: then nothing goes.
    """
    try:
        with schema_context("public"):
            codes = set(sites_of_packs()) or {NATIONAL}
        return [load_rule_pack(code).limit("logs_kept") for code in sorted(codes)]
    except (Error, Refused, RulePackError):
        return []


# --- inside ------------------------------------------------------------------------------


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(_("日志留存正在由另一个进程办理。")) from error
        yield


def _settled() -> Iterator[Path]:
    """Rotated files to which nobody writes any more: ``name.log.…`` and ``name.log-…``, not what was compressed."""
    for source in (settings.LOGS_DIR, *settings.LOG_SOURCES):
        for path in Path(source).glob(f"*{_LIVE}[.-]*"):
            with suppress(FileNotFoundError):
                plain = path.is_file() and not path.is_symlink() and path.suffix not in (".gz", ".zst", ".xz")
                if plain and time.time() - path.stat().st_mtime > SETTLED:
                    yield path


def _take_in(chain: Chain, path: Path) -> int | None:
    """Keep a copy of ``path``; its size, or None when its content is kept already."""
    sha256, sm3, size, lines = hashlib.sha256(), Hash(SM3()), 0, 0
    source, number = path.name.partition(_LIVE)[0], chain.number + 1
    until = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    name = f"{number:08d}-{source}-{until:%Y%m%dT%H%M%SZ}.gz"
    copy = chain.folder / f".{name}"
    with path.open("rb") as stream, gzip.open(copy, "wb", compresslevel=6) as kept:
        while block := stream.read(_CHUNK):
            kept.write(block)
            sha256.update(block)
            sm3.update(block)
            size, lines = size + len(block), lines + block.count(b"\n")
    known = any(line["sha256"] == sha256.hexdigest() for line in chain.lines if line["act"] == KEPT)
    if known or not size:
        copy.unlink()
    else:
        with copy.open("rb") as stream:
            os.fsync(stream.fileno())
        copy.chmod(0o440)
        copy.replace(chain.folder / name)
        chain.append(
            act=KEPT, at=_now(), name=name, source=source, until=until.isoformat(), bytes=size, lines=lines,
            sha256=sha256.hexdigest(), sm3=sm3.finalize().hex(),
        )  # fmt: skip
    if path.parent == Path(settings.LOGS_DIR):
        path.unlink(missing_ok=True)
    return None if known or not size else size


def _put_aside(folder: Path) -> None:
    """Rename our own files that are large or old: whoever writes to them begins a new one with the next line."""
    for path in folder.glob(f"*{_LIVE}"):
        with suppress(FileNotFoundError):
            found, day = path.stat(), datetime.fromtimestamp(_begun_at(path), UTC)
            if found.st_size and (found.st_size > _LARGEST or time.time() - day.timestamp() > _LONGEST):
                path.replace(path.with_name(f"{path.name}.{datetime.now(UTC):%Y%m%dT%H%M%S%f}"))


def _begun_at(path: Path) -> float:
    """When the file was begun, seconds: by its last change of rights or name where the system knows no better."""
    with path.open("rb") as stream:
        first = stream.readline(1 << 16)
    with suppress(ValueError, IndexError):
        return datetime.fromisoformat(first.split(b'"time": "', 1)[1][:29].decode()).timestamp()
    return path.stat().st_ctime


def _let_go(chain: Chain) -> int:
    removed, now, kept_for = 0, timezone.now(), terms()
    if not kept_for:
        return 0
    for line in chain.present():
        until = datetime.fromisoformat(line["until"])
        if (over := max(term.after(until) for term in kept_for)) < now:
            # the line comes first: a file that is there although its line says it went is no loss
            chain.append(act=REMOVED, at=_now(), of=line["number"], name=line["name"], over=over.isoformat())
            (chain.folder / line["name"]).unlink(missing_ok=True)
            removed += 1
    return removed


def _anchor(chain: Chain) -> bool:
    """Write the head into the platform's audit record, where nobody can change it; later, when the database is away."""
    try:
        with schema_context("public"), transaction.atomic():
            if chain.number and (chain.number, chain.head) not in anchors():
                detail = {"number": chain.number, "hash": chain.head}
                record_act(ACT, acting_user=None, detail=detail, chain=PLATFORM_CHAIN)
        return True
    except Error:
        return False


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
