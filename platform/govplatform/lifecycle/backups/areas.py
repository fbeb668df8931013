"""What an installation keeps outside of its database: the folders that a backup takes along, and the keys it does not.

The delivery store is left out: everything in it is rendered anew from the database (``bake --all``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from govplatform.digests import digest_of_file

from ..dumping.files import files_in, media_folder
from .manifest import Key

#: Name in the backup -> setting of the folder. Media have a folder for each site instead.
_FOLDERS = {
    "library": "LIBRARY_ROOT",
    "archives": "ARCHIVE_ROOT",
    "papers": "PAPERS_ROOT",
    "site_dumps": "SITE_DUMPS_DIR",
}
_MEDIA = "media/"
#: Settings that name a file with a key, and the one that may hold the same key itself.
_KEY_FILES = (
    ("ARCHIVE_KEY_FILE", "ARCHIVE_SIGNING_KEY"),
    ("DELIVERY_KEY_FILE", "DELIVERY_SIGNING_KEY"),
    ("DELIVERY_PUBLIC_KEY_FILE", ""),
    ("DELIVERY_SM2_KEY_FILE", ""),
    ("SITE_DUMP_KEY_FILE", ""),
    ("CASES_KEY_FILE", ""),
)


@dataclass(frozen=True)
class Found:
    """A file of the installation: its name below ``files/``, and where it lies."""

    name: str
    path: Path


def files_of_installation(schemas: list[str]) -> Iterator[Found]:
    """Every file that belongs in a backup, ordered by area. Raises Refused for links and special files.

    What begins with a point is somebody's unfinished work, at the top of an area and in the library.
    """
    for schema in schemas:
        for name, path in files_in(media_folder(schema)):
            yield Found(f"{_MEDIA}{schema}/{name}", path)
    for area, setting in _FOLDERS.items():
        for name, path in files_in(Path(getattr(settings, setting))):
            if not name.startswith("."):
                yield Found(f"{area}/{name}", path)


def areas(schemas: list[str]) -> list[str]:
    """Names of all areas of an installation with these sites."""
    return [*(f"{_MEDIA}{schema}" for schema in schemas), *_FOLDERS]


def folder_of(area: str) -> Path:
    """The folder in this installation of an area (``media/site_x``, ``library``)."""
    if area.startswith(_MEDIA):
        return media_folder(area.removeprefix(_MEDIA))
    return Path(getattr(settings, _FOLDERS[area]))


def key_places() -> dict[str, str]:
    """Setting -> place of every key that may lie in a file; '' where none is named."""
    return {name: str(getattr(settings, name, "") or "") for name, _given in _KEY_FILES}


def key_files() -> list[tuple[str, Path]]:
    """(setting, place) of every key that lies in a file and is there."""
    return [(name, Path(place)) for name, place in key_places().items() if place and Path(place).is_file()]


def keys_needed() -> list[Key]:
    """The keys without which a restored installation is not what it was."""
    found = [Key(name, digest_of_file(path).sha256) for name, path in key_files()]
    return [*found, *(Key(given, "") for _name, given in _KEY_FILES if given and getattr(settings, given, ""))]
