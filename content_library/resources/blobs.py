"""The storage of the library's files: each once, under the SM3 of its bytes.

A file is complete under its final name or not there at all. A crash between the file and the
commit leaves at most a file without a row, which ``find_blob_faults`` names; a row without its
file cannot come into being.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils import timezone
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext as _

from govplatform.refusals import Refused

from ..models import Blob

logger = logging.getLogger("govplatform.library")
_CHUNK = 1 << 20
#: A file younger than this may belong to a transaction that has not committed yet.
SETTLED_AFTER = timedelta(days=1)
Opener = Callable[[], AbstractContextManager[Any]]


@deconstructible
class LibraryStorage(FileSystemStorage):
    """The folder of the whole platform's files (no schema in the path); files appear whole or not at all."""

    def __init__(self) -> None:
        super().__init__(location=settings.LIBRARY_ROOT, base_url=None)

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part{os.getpid()}-{os.urandom(4).hex()}")
        try:
            with part.open("xb") as stream:
                for chunk in content.chunks(_CHUNK):
                    stream.write(chunk)
                stream.flush()
                os.fsync(stream.fileno())
            part.chmod(0o640)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        # The name is the SM3 of the bytes, so a file of that name is the same file.
        return name


def blob_storage() -> Storage:
    return storages["library"]


def blob_name(sm3: str) -> str:
    """Return ``aa/bb/<sm3>``. Raises ValueError for what is no SM3."""
    if len(sm3) != 64 or not set(sm3) <= set("0123456789abcdef"):
        raise ValueError(f"no SM3: {sm3[:80]!r}")
    return f"{sm3[:2]}/{sm3[2:4]}/{sm3}"


class BlobDamaged(FileNotFoundError):
    """The bytes in storage do not have the SM3 of their name: for readers there is no such file."""


#: (place, SM3, size, time in storage) of files that were read and are whole; bytes are hashed once in a process.
_whole: set[tuple[Any, ...]] = set()
_WHOLE_AT_MOST = 10_000


def open_blob(sm3: str) -> Any:
    """Open the bytes as a binary file. Raises FileNotFoundError, also for bytes that somebody exchanged."""
    storage, name = blob_storage(), blob_name(sm3)
    key = (getattr(storage, "location", ""), sm3, storage.size(name), storage.get_modified_time(name))
    if key not in _whole:
        if not _is_whole(sm3):
            logger.error("%s in the library is not what its name says", sm3)
            raise BlobDamaged(sm3)
        if len(_whole) >= _WHOLE_AT_MOST:
            _whole.clear()
        _whole.add(key)
    return storage.open(name, "rb")


def store_blobs(wanted: dict[str, Opener]) -> None:
    """Store every file of ``{sm3: how to open it}`` in the library. Call inside the transaction.

    What is there already is not read again. Raises Refused when a file is not what its SM3 says.
    """
    if not wanted:
        return
    known = set(Blob.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    # Always in the same order, so that two publications with the same new files do not deadlock.
    fresh = [Blob(sm3=sm3, size=_store(sm3, wanted[sm3])) for sm3 in sorted(set(wanted) - known)]
    Blob.objects.bulk_create(fresh, ignore_conflicts=True)


def _store(sm3: str, opener: Opener) -> int:
    storage, name = blob_storage(), blob_name(sm3)
    with opener() as stream:
        data = bytearray()
        digest = Hash(SM3())
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            data += chunk
    if digest.finalize().hex() != sm3:
        raise Refused(_("一个图片或附件的内容与审查通过时不一致，没有入库。请重新送审。"))
    if storage.exists(name) and storage.size(name) == len(data):
        _keep_from_housekeeping(storage, name)
    else:
        storage.save(name, ContentFile(bytes(data)))
    return len(data)


def _keep_from_housekeeping(storage: Storage, name: str) -> None:
    # An orphan of an earlier crash that is needed after all counts as new again.
    if isinstance(storage, FileSystemStorage):
        os.utime(storage.path(name))


@dataclass
class BlobFaults:
    """The result of ``find_blob_faults``. ``files``: number of files in storage.

    ``orphans``: files without a row; ``missing``: rows without a file; ``damaged``: not what the SM3 says.
    """

    files: int = 0
    orphans: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def find_blob_faults(*, verify: bool = False, settled_after: timedelta = SETTLED_AFTER) -> BlobFaults:
    """Compare the storage with the rows; with ``verify`` every byte is read again.

    Files younger than ``settled_after`` are not orphans yet: their transaction may be open.
    """
    found, storage = BlobFaults(), blob_storage()
    seen: set[str] = set()
    for name in _walk(storage, ""):
        found.files += 1
        sm3 = name.rsplit("/", 1)[-1]
        seen.add(sm3)
        if (
            timezone.now() - storage.get_modified_time(name) > settled_after
            and not Blob.objects.filter(pk=sm3).exists()
        ):
            found.orphans.append(name)
    for sm3 in Blob.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5000):
        if sm3 not in seen:
            found.missing.append(sm3)
        elif verify and not _is_whole(sm3):
            found.damaged.append(sm3)
    return found


def remove_orphans(faults: BlobFaults) -> int:
    """Delete the files without a row. Returns how many."""
    storage = blob_storage()
    for name in faults.orphans:
        storage.delete(name)
    return len(faults.orphans)


def _walk(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}" if folder else name
    for name in folders:
        yield from _walk(storage, f"{folder}/{name}" if folder else name)


def _is_whole(sm3: str) -> bool:
    digest = Hash(SM3())
    with blob_storage().open(blob_name(sm3), "rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return bool(digest.finalize().hex() == sm3)
