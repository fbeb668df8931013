"""The files of the source under names of their own in the storage of the destination."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.db import models
from django.utils._os import safe_join
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from govplatform.audit.sm3 import sm3_hex, sm3_of_chunks
from govplatform.confidentiality.models import PublicCopy
from govplatform.refusals import Refused
from govplatform.review.gate.digest import MISSING_FILE

from .ground import Ground, copy_rows

_LONGEST = 100
_MARK = 7
#: Bytes of a file in memory at once.
_PART = 1 << 20
#: Threads that copy, and files that one of them takes at a time. They wait for the disk, beside the database's work.
_THREADS, _AT_ONCE = 2, 100


@dataclass(frozen=True)
class Moved:
    """A file. ``old``, ``new``: its names in the two storages; ``sm3``: of its bytes, ``MISSING_FILE`` for none."""

    old: str
    new: str
    sm3: str


@dataclass(frozen=True)
class _Job:
    """A file to copy: its names, and its two places in the file system."""

    old: str
    new: str
    source: str
    target: str
    modes: tuple[int | None, int | None]


class Copying:
    """The copies of a merge, being made while the rows are written."""

    def __init__(self, originals: list[Future[list[Moved]]], others: list[Future[list[Moved]]], names: dict[str, str]):
        self._originals, self._others, self._names = originals, others, names

    def originals(self) -> list[Moved]:
        """The pictures and attachments themselves, when they are there. Raises OSError when the disk takes no more."""
        return [moved for part in self._originals for moved in part.result()]

    def wait(self, progress: Callable[[int, int], None]) -> None:
        """Come back when every file is there. Raises OSError when the disk takes no more."""
        done, total = 0, len(self._names)
        for part in (*self._originals, *self._others):
            done += len(part.result())
            progress(done, total)

    def write_names(self) -> None:
        """Fill the temporary table ``m_file``: the names that files get there."""
        copy_rows("m_file", ("old", "new"), self._names.items())


@contextmanager
def copying(ground: Ground) -> Iterator[Copying]:
    """Copy every file of the source, in threads of their own. Copying again writes the same bytes under the same names.

    Raises Refused where media do not lie in the file system. What was begun is finished or given up at the end.
    """
    originals, others = _jobs(ground)
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="merge-files")
    try:
        first, then = (
            [pool.submit(_copy_all, jobs[start : start + _AT_ONCE]) for start in range(0, len(jobs), _AT_ONCE)]
            for jobs in (originals, others)
        )
        yield Copying(first, then, {job.old: job.new for job in (*originals, *others)})
    finally:
        pool.shutdown(cancel_futures=True)


def remove_files(ground: Ground) -> None:
    """Remove what was copied into the destination."""
    folder = f"m{ground.merge.pk}"
    with tenant_context(ground.source):
        jobs = list(named_files(folder))
    with tenant_context(ground.destination):
        for field, _old, new in jobs:
            with suppress(OSError):
                field.storage.delete(new)


# --- inside ------------------------------------------------------------------------------


def named_files(folder: str) -> Iterator[tuple[Any, str, str]]:
    """(field, name, name there) of every file of the current site."""
    images, documents = get_image_model(), get_document_model()
    for model in (images, documents, images.get_rendition_model(), PublicCopy):
        field: Any = model._meta.get_field("file")
        for name in model.objects.order_by("pk").values_list("file", flat=True).iterator():
            if name:
                yield field, name, _inside(name, folder, field)


def _inside(name: str, folder: str, field: models.Field[Any, Any]) -> str:
    """``documents/plan.pdf`` -> ``documents/m3/plan.pdf``: the last part, which is in addresses, stays.

    Sizes of a picture come below the same folder as the picture, whose name they bear (``is_named_after_its_image``).
    """
    path = PurePosixPath(name)
    parent = path.parent / folder
    new = f"{parent}/{path.name}"
    over = len(new) - (field.max_length or _LONGEST)
    if over <= 0:
        return new
    # Two long names that begin alike stay two.
    mark = f"-{sm3_hex(name.encode())[:_MARK]}"
    return f"{parent}/{path.stem[: -over - len(mark)]}{mark}{path.suffix}"


def _jobs(ground: Ground) -> tuple[list[_Job], list[_Job]]:
    """What is to be copied: pictures and attachments, whose bytes clearances name, and what was made of them."""
    with tenant_context(ground.source):
        named = list(named_files(f"m{ground.merge.pk}"))
    storages = {field: field.storage for field, _old, _new in named}
    if not all(isinstance(storage, FileSystemStorage) for storage in storages.values()):
        raise Refused(_("媒体文件不在文件系统里，这个版本还不能并入。"))
    places = []
    for tenant in (ground.source, ground.destination):
        with tenant_context(tenant):
            places.append({field: storage.location for field, storage in storages.items()})
    here, there = places
    originals: dict[str, _Job] = {}
    others: dict[str, _Job] = {}
    for field, old, new in named:
        modes = storages[field].file_permissions_mode, storages[field].directory_permissions_mode
        jobs = originals if field.model in (get_image_model(), get_document_model()) else others
        jobs[old] = _Job(old, new, safe_join(here[field], old), safe_join(there[field], new), modes)
    return list(originals.values()), [job for old, job in others.items() if old not in originals]


def _copy_all(jobs: list[_Job]) -> list[Moved]:
    return [Moved(job.old, job.new, _copy(job)) for job in jobs]


def _copy(job: _Job) -> str:
    """Copy one file and return the SM3 of its bytes; what lay there is a copy that was broken off."""
    try:
        source = os.fdopen(os.open(job.source, os.O_RDONLY), "rb")
    except OSError:
        return MISSING_FILE
    with source, os.fdopen(_new_file(job), "wb") as target:
        return sm3_of_chunks(_written(source, target))


def _written(source: Any, target: Any) -> Iterator[bytes]:
    while part := source.read(_PART):
        target.write(part)
        yield part


def _new_file(job: _Job) -> int:
    mode, mode_of_folders = job.modes
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        handle = os.open(job.target, flags, 0o666)
    except FileNotFoundError:
        folder = os.path.dirname(job.target)
        os.makedirs(folder, mode=0o777 if mode_of_folders is None else mode_of_folders, exist_ok=True)
        handle = os.open(job.target, flags, 0o666)
    if mode is not None:
        os.fchmod(handle, mode)
    return handle
