"""The keeping of imported files as given: checked by name and size, hashed, stored unchanged."""

import os
import shutil
import stat
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from govplatform.audit.sm3 import sm3_of_chunks
from govplatform.refusals import Refused
from govplatform.sentences import translated

from .extraction import ExtractionLimits, ExtractionRefused
from .extraction.extract import check_size
from .extraction.sniffing import check_filename, check_name
from .models import ImportBatch, ImportItem, extension_of, is_document

_CHUNK = 1 << 20


def readable_name(filename: str) -> str:
    """Return ``filename`` as text that can be stored and shown (names on disk may be any bytes)."""
    return os.fsencode(filename).decode("utf-8", "replace").replace("\x00", "�")


def open_regular(path: Path) -> BinaryIO:
    """Open the file at ``path`` for reading. Raise Refused when it is missing, not readable or no regular file."""
    try:
        # A pipe or a device would hold up the whole verb.
        stream = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")
    except (OSError, ValueError) as error:
        reason = _("文件不存在") if isinstance(error, FileNotFoundError) else _("没有权限或不是文件")
        raise Refused(_("无法读取（%(reason)s），请核对路径。") % {"reason": reason}) from error
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise Refused(_("无法读取（不是普通文件），请核对路径。"))
    return stream


def keep_original(
    batch: ImportBatch, stream: File, filename: str, *, progress: str = "", as_attachment: bool = False
) -> ImportItem:
    """Store an original in private storage and return its new item in ``batch``; ``progress``: what it begins with.

    A file that is not accepted by its name or size is not stored: its item has failed, with the reason.
    ``as_attachment``: files that nothing is read from are taken too, and have no more to wait for than their document.
    """
    limits = ExtractionLimits()
    shown = readable_name(filename)
    item = ImportItem(batch=batch, filename=shown[:255], size=stream.size)
    try:
        if as_attachment and may_be_attached_only(shown):
            check_name(shown, limits)
            item.state, progress = ImportItem.State.READ, ""
        else:
            check_filename(shown, limits)
        check_size(_Sized(stream.size), limits.file_bytes)  # type: ignore[arg-type]
    except ExtractionRefused as refusal:
        item.state, item.reason = ImportItem.State.FAILED, translated(refusal.reason)
        item.save()
        return item
    stream.seek(0)
    item.sm3 = sm3_of_chunks(iter(lambda: stream.read(_CHUNK), b""))
    item.progress = progress
    stream.seek(0)
    item.original.save(shown, stream, save=False)
    item.save()
    return item


def may_be_attached(filename: str) -> bool:
    """Say whether files of this name may be attachments of a page, as for those that are uploaded as such."""
    return extension_of(filename) in settings.WAGTAILDOCS_EXTENSIONS


def may_be_attached_only(filename: str) -> bool:
    """Say whether files of this name are attachments, though nothing can be read from them."""
    return may_be_attached(filename) and not is_document(filename)


def forget_originals(names: Collection[str]) -> None:
    """Delete originals from storage once the transaction is final; of those that another item shares none."""
    storage = ImportItem._meta.get_field("original").storage  # type: ignore[union-attr]
    shared = set(ImportItem.objects.filter(original__in=list(names)).values_list("original", flat=True))
    for name in names:
        if name and name not in shared:
            transaction.on_commit(partial(storage.delete, name))


@contextmanager
def original_on_disk(item: ImportItem) -> Iterator[Path]:
    """Yield the path of a local copy of the original, wherever the storage keeps it; removed at the end."""
    with tempfile.NamedTemporaryFile(prefix="import-") as local:
        with item.original.storage.open(str(item.original.name), "rb") as stored:
            shutil.copyfileobj(stored, local, _CHUNK)
        local.flush()
        yield Path(local.name)


class _Sized:
    """A stand-in for a path of which only the size is asked."""

    def __init__(self, size: int) -> None:
        self.st_size = size

    def stat(self) -> "_Sized":
        return self
