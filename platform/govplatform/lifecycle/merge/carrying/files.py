"""The files of the source under names of their own in the storage of the destination."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import models
from django_tenants.utils import tenant_context
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from govplatform.audit.sm3 import sm3_hex
from govplatform.confidentiality.models import PublicCopy
from govplatform.review.gate.digest import MISSING_FILE, stored_sm3

from .ground import Ground, copy_rows

_LONGEST = 100
_MARK = 7
_AT_ONCE = 4 << 20


@dataclass(frozen=True)
class Moved:
    """A file. ``old``, ``new``: its names in the two storages; ``sm3``: of its bytes, ``MISSING_FILE`` for none."""

    old: str
    new: str
    sm3: str


def copy_files(ground: Ground, progress: Callable[[int, int], None]) -> list[Moved]:
    """Copy every file of the source; return them. Copying again writes the same bytes under the same names."""
    folder = f"m{ground.merge.pk}"
    with tenant_context(ground.source):
        jobs = list(named_files(folder))
    moved: list[Moved] = []
    for number, (field, old, new) in enumerate(jobs, 1):
        moved.append(Moved(old, new, _copy(ground, field, old, new)))
        if number % 50 == 0 or number == len(jobs):
            progress(number, len(jobs))
    return moved


def write_files(moved: list[Moved]) -> None:
    """Fill the temporary table ``m_file``."""
    copy_rows("m_file", ("old", "new", "sm3"), {file.old: (file.old, file.new, file.sm3) for file in moved}.values())


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


def _copy(ground: Ground, field: Any, old: str, new: str) -> str:
    """Copy one file and return the SM3 of its bytes."""
    storage = field.storage
    with tenant_context(ground.source):
        try:
            source = storage.open(old, "rb")
        except OSError:
            return MISSING_FILE
        with source:
            # Large ones are read twice and never held in memory.
            data = source.read(_AT_ONCE + 1)
            small = len(data) <= _AT_ONCE
            before = sm3_hex(data) if small else stored_sm3(storage, old)
    with tenant_context(ground.destination):
        if storage.exists(new):
            if stored_sm3(storage, new) == before:
                return before
            storage.delete(new)
        if small:
            storage.save(new, ContentFile(data))
            return before
    with tenant_context(ground.source), storage.open(old, "rb") as source, tenant_context(ground.destination):
        storage.save(new, File(source))
        return stored_sm3(storage, new)
