"""A throw-away ``var`` folder for one embedded server, stopped at the end of the test whatever happened."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from govplatform import embedded


@pytest.fixture
def var_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("GOVPLATFORM_PG_FSYNC", "off")
    folder = tmp_path / "var"
    yield folder
    embedded.stop(folder)
