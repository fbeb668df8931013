"""Archives of the two sites; ``whole`` is made once for the tests of a process that only read or damage a copy."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from govplatform.archive.actions import export_archive
from govplatform.archive.building import Built
from govplatform.tenancy.queries import get_tenant

_made: dict[str, Path] = {}


@pytest.fixture
def export(db: None, tmp_path: Path) -> Callable[..., Built]:
    """``export("alpha", "first")``: the archive of a site, made in a folder of the test."""

    def make(code: str = "alpha", folder: str = "archive", **named: Any) -> Built:
        return export_archive(get_tenant(code), tmp_path / folder, acting_user=None, **named)[1]

    return make


@pytest.fixture(scope="session")
def _kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("archives")


@pytest.fixture
def whole(live: Any, db: None, _kept: Path) -> Path:
    """The folder of an archive of alpha with its live pages. Not to be changed."""
    if "alpha" not in _made:
        export_archive(get_tenant("alpha"), _kept / "alpha", acting_user=None)
        _made["alpha"] = _kept / "alpha"
    return _made["alpha"]


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of ``whole`` that a test may damage."""
    folder = tmp_path / "copy"
    shutil.copytree(whole, folder)
    yield folder
    shutil.rmtree(folder)
