"""Copies for citizens: office files and pictures without the properties of the original, which stays private."""

import logging
from functools import partial
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import transaction
from django.utils.translation import gettext as _

from govplatform.audit.sm3 import sm3_of_chunks
from govplatform.guarded import GuardedFailure

from .models import PublicCopy
from .scanning.articles import EXAMINATION
from .scanning.findings import Finding
from .scanning.stripping import NotStripped, StripKind, strip_metadata_guarded
from .subject import SubjectFile

logger = logging.getLogger("govplatform.confidentiality")
_CHUNK = 1 << 20
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff"})
OFFICE_FILES = frozenset({".docx", ".xlsx", ".pptx"})


def make(file: SubjectFile, local: Path, folder: Path) -> list[Finding]:
    """Keep a stripped copy of ``local`` for the public host; what could not be stripped becomes a finding.

    Kinds of files that carry no such properties get no copy: the original is what citizens get.
    """
    if PublicCopy.objects.filter(kind=file.kind, object_id=file.object_id, original_sm3=file.sm3).exists():
        return []
    kind = strip_kind(file)
    if kind is None:
        return []
    target = folder / f"copy{Path(file.name).suffix.lower()[:10]}"
    try:
        removed = strip_metadata_guarded(local, target, kind)
    except (GuardedFailure, NotStripped) as failure:
        logger.info("no public copy of %s %s: %s", file.kind, file.object_id, failure)
        return [
            Finding(
                "metadata",
                "warn",
                "document properties",
                0,
                0,
                "",
                _(
                    "文件属性（作者、单位、拍摄位置等）没有能够自动去除，公众得到的将是原件。请另存一份清除属性的文件再上传。"
                ),
                EXAMINATION,
            )
        ]
    with target.open("rb") as stream:
        sm3 = sm3_of_chunks(iter(lambda: stream.read(_CHUNK), b""))
        stream.seek(0)
        copy = PublicCopy(
            kind=file.kind, object_id=file.object_id, original_sm3=file.sm3, sm3=sm3, removed=list(removed)
        )
        # The name in storage says nothing of the original: it is never part of an address.
        copy.file.save(f"{file.kind}-{file.object_id}-{file.sm3[:16]}{target.suffix}", File(stream), save=True)
    return []


def strip_kind(file: SubjectFile) -> StripKind | None:
    """By its name: what is called otherwise than it is, is a finding already."""
    if file.kind == "library":
        # It stands in the common library as the copy for citizens that it already is.
        return None
    suffix = Path(file.name).suffix.lower()
    if suffix in PICTURES:
        return "picture"
    return "office" if suffix in OFFICE_FILES else None


def is_there(file: SubjectFile) -> bool:
    """Is there a copy of these bytes, or need there be none?"""
    copy = PublicCopy.objects.filter(kind=file.kind, object_id=file.object_id, original_sm3=file.sm3).first()
    return copy is None or copy.file.storage.exists(str(copy.file.name))


def forget(kind: str, object_id: int) -> None:
    """The original is deleted: the rows of its copies go with it, their bytes once that is final."""
    for copy in PublicCopy.objects.filter(kind=kind, object_id=object_id):
        storage, name = copy.file.storage, str(copy.file.name)
        copy.delete()
        transaction.on_commit(partial(_remove, storage, name))


def _remove(storage: Storage, name: str) -> None:
    storage.delete(name)
