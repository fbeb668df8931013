"""Files that verbs write: the whole of one or none of it."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

from .refusals import Refused
from .system_words import system_words


def write_whole_file(path: Path, pieces: Iterable[bytes], *, mode: int = 0o640) -> None:
    """Write ``pieces`` to ``path`` in place of what was there, with these rights, and bring them to the disk.

    Raises Refused when it cannot be written, and whatever ``pieces`` raises. What was there stays then, and nothing of
    the new file is left.
    """
    left: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        left = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
        left.chmod(mode)
        left.replace(path)
        left = None
        sync_folder(path.parent)
    except OSError as error:
        raise unwritable(path, system_words(error)) from error
    finally:
        if left is not None:
            left.unlink(missing_ok=True)


def unwritable(path: Path, why: str) -> Refused:
    """What whoever wanted something written at ``path`` is told. ``why``: as ``system_words`` says it."""
    told = {"path": path, "strerror": why}
    return Refused(_("无法写入 %(path)s：%(strerror)s。请核对目录和权限。") % told)


def sync_folder(folder: Path) -> None:
    """Bring the names in ``folder`` to the disk: a file that was renamed there is found after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
