"""Guarded processes without the second that Python and the readers of files take to start (``guarded/prepared.py``).

Tests of the guard itself ask for ``cold_guard``.
"""

import subprocess
from types import SimpleNamespace
from typing import Any

import pytest

from govplatform.guarded import run
from govplatform.guarded.prepared import Forks

#: What the readers of files import when they need it.
_LOADED = (
    "govplatform.confidentiality.reading", "govplatform.confidentiality.scanning.stripped_office",
    "govplatform.confidentiality.scanning.stripped_pictures", "govplatform.dictionaries.word_file",
    "sites.documents_in.extraction.extract", "docx", "lxml.etree", "openpyxl", "pptx", "pdfplumber", "pypdf",
    "pypdfium2", "olefile", "msoffcrypto", "PIL.Image", "charset_normalizer",
)  # fmt: skip


_COLD = run.subprocess
_WARM = SimpleNamespace(Popen=Forks(_LOADED).start, PIPE=subprocess.PIPE)


@pytest.fixture(scope="session", autouse=True)
def warm_guard() -> Any:
    """Guarded processes are forked from a prepared one."""
    run.subprocess = _WARM  # type: ignore[assignment]
    yield
    run.subprocess = _COLD


@pytest.fixture
def cold_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guarded processes are started as in production."""
    monkeypatch.setattr(run, "subprocess", _COLD)
