"""The files of a site: originals, public copies and renditions, in one folder below the media folder."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.core.files.storage import FileSystemStorage, storages
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.refusals import Refused


def media_folder(schema: str) -> Path:
    """The folder of the site with that schema. Raises Refused where media do not lie in the file system."""
    with schema_context(schema):
        storage = storages["default"]
        if not isinstance(storage, FileSystemStorage):
            raise Refused(_("媒体文件不在文件系统里，这个版本还不能备份。"))
        return Path(storage.location)


def files_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield (path inside ``folder`` with slashes, its place) of every file, in the order of the paths.

    Raises Refused for what is no plain file: a link could lead out of the folder.
    """
    if not folder.is_dir():
        return
    found = []
    for place, names, files in os.walk(folder):
        for name in [*names, *files]:
            path = Path(place) / name
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise Refused(_("媒体目录里有链接或特殊文件：%(path)s。请先移走。") % {"path": path})
        found += [Path(place) / name for name in files]
    yield from sorted((path.relative_to(folder).as_posix(), path) for path in found)


def weight_of(folder: Path) -> int:
    """Bytes of all files in ``folder``."""
    return sum(path.stat().st_size for _name, path in files_in(folder))


def is_safe(name: str) -> bool:
    """Whether ``name`` is a relative path that stays below its folder."""
    path = PurePosixPath(name)
    return bool(name) and "\x00" not in name and not path.is_absolute() and ".." not in path.parts and str(path) == name


def remove_folder(folder: Path) -> None:
    """Remove a site's folder. May be broken off and called again: what is left is removed then."""
    going = folder.with_name(f".{folder.name}.going")
    if folder.exists() and not going.exists():
        folder.rename(going)
    for left in (going, folder):
        if left.exists():
            shutil.rmtree(left)


def require_room(folder: Path, needed: int) -> None:
    """Raise Refused unless the disk under ``folder`` has ``needed`` bytes left."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refused(
            _("%(folder)s 所在磁盘空间不足：需要约 %(needed)d MB，只剩 %(free)d MB。")
            % {"folder": folder, "needed": (needed >> 20) + 1, "free": free >> 20}
        )
