"""Threads with real commits: the files of the library lie in the test's own folder."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _blobs_of_this_test(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.LIBRARY_ROOT = tmp_path / "library"
    yield
