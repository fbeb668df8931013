"""Copies for citizens: office files and pictures without the original's properties; the original stays private."""

import logging
from pathlib import Path
from typing import Any

from django.core.files.base import File
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
    """Make and keep a copy of ``local``, the bytes of ``file``, without its properties; return the findings.

    A copy that could not be made is a finding. Kinds of files that carry no such properties get no copy: citizens get
    the original. ``folder``: for temporary files.
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
    """The kind of copy that ``file`` needs, by its name; None for none.

    By the name alone, since a file whose content differs from its name is a finding already.
    """
    if file.kind == "library":
        # What the common library holds is the copy for citizens already.
        return None
    suffix = Path(file.name).suffix.lower()
    if suffix in PICTURES:
        return "picture"
    return "office" if suffix in OFFICE_FILES else None


def is_there(file: SubjectFile) -> bool:
    """Whether the copy of these bytes is in the storage, or none was made for them."""
    copy = PublicCopy.objects.filter(kind=file.kind, object_id=file.object_id, original_sm3=file.sm3).first()
    return copy is None or copy.file.storage.exists(str(copy.file.name))


def copies_to_remove(item: Any, kind: str) -> dict[str, Any] | None:
    """``{"names"}``: names in the storage of the copies of ``item``, which is being deleted; None when it has none."""
    copies = PublicCopy.objects.filter(kind=kind, object_id=item.pk)
    names = [str(copy.file.name) for copy in copies]
    return {"names": names} if names else None


def forget_copies(item: Any, kind: str) -> None:
    """Delete the rows of the copies of ``item``: without its original a copy serves nobody."""
    PublicCopy.objects.filter(kind=kind, object_id=item.pk).delete()


def remove_copies(names: list[str]) -> None:
    """Delete the files of copies whose original is gone; a file that does not exist any more is no error."""
    storage = PublicCopy._meta.get_field("file").storage  # type: ignore[union-attr]
    for name in names:
        storage.delete(name)
