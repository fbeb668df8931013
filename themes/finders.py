"""The finder of the static files of all themes; each theme's files lie below its own code, so none collide."""

from typing import Any

from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage

from .registry import static_dirs


class ThemeFinder(FileSystemFinder):
    """Finds the static files of all themes for ``collectstatic`` and the development server."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.locations: list[tuple[str, str]] = []
        self.storages: dict[str, FileSystemStorage] = {}
        for folder in map(str, static_dirs()):
            storage = FileSystemStorage(location=folder)
            storage.prefix = ""  # type: ignore[attr-defined]
            self.locations.append(("", folder))
            self.storages[folder] = storage

    def check(self, **kwargs: Any) -> list[Any]:
        return []
