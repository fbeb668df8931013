"""Files that verbs write: the whole of one or none of it."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

from .refusals import Refused


def write_whole_file(path: Path, pieces: Iterable[bytes], *, mode: int = 0o640) -> None:
    """Write ``pieces`` to ``path`` in place of what was there, with these rights. Raises Refused when it cannot be."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(pieces)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError as error:
        raise Refused(
            _("无法写入 %(path)s：%(strerror)s。请核对目录和权限。") % {"path": path, "strerror": error.strerror}
        ) from error
