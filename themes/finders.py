"""Static files of all themes; each theme's lie below its own code, so none collide."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage

from .registry import static_dirs


class ThemeFinder(FileSystemFinder):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.locations: list[tuple[str, str | Path]] = []
        self.storages: dict[str | Path, FileSystemStorage] = {}
        for folder in static_dirs():
            storage = FileSystemStorage(location=folder)
            storage.prefix = ""  # type: ignore[attr-defined]
            self.locations.append(("", folder))
            self.storages[folder] = storage

    def check(self, **kwargs: Any) -> Iterator[Any]:
        return iter(())
