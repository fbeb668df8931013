"""A second installation, empty, beside the one that a test works with."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import override_settings

from tests import database
from tests.verbs import Done, verb_process


@dataclass(frozen=True)
class Installation:
    """``name``: of its database; ``files``: the folder with everything else."""

    name: str
    files: Path

    @property
    def url(self) -> str:
        return database.database_url(self.name)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TEST_MEDIA_ROOT": str(self.files),
            "TEST_MEDIA_WORKER": os.environ.get("PYTEST_XDIST_WORKER", ""),
            "DELIVERY_ROOT": str(self.files / "delivery"),
        }

    def verb(self, *words: str, **env: str) -> Done:
        return verb_process(self.url, *words, env={**self.environment, **env})

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Ask its database from this process."""
        standing = connection.settings_dict["NAME"]
        database.use_database(self.name)
        places = {
            "LIBRARY_ROOT": "library", "ARCHIVE_ROOT": "archives", "PAPERS_ROOT": "papers",
            "SITE_DUMPS_DIR": "site_dumps", "ARCHIVE_KEY_FILE": "archive_key.pem", "CASES_KEY_FILE": "cases_key",
        }  # fmt: skip
        try:
            # Named again, so that storages that were made for the other folder are made anew.
            storages = {"MEDIA_ROOT": self.files, "STORAGES": settings.STORAGES}
            with override_settings(**storages, **{name: self.files / at for name, at in places.items()}):
                yield
        finally:
            database.use_database(standing)


@contextmanager
def empty_installation(folder: Path, suffix: str = "empty") -> Iterator[Installation]:
    """Nothing in its database, nothing in its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    name = database.empty_database(suffix)
    try:
        yield Installation(name, folder)
    finally:
        database.drop_database(name)


def printed(done: Done) -> Any:
    """What a verb that ended well printed."""
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def refused(done: Done) -> str:
    """Why a verb was refused."""
    assert done.returncode == 3, done.stdout + done.stderr
    return "\n".join(json.loads(done.stdout)["refused"])
