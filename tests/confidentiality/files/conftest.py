"""A planted identity number and the scan of one file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from govplatform.confidentiality.scanning.files import scan_file, scan_file_guarded
from govplatform.confidentiality.scanning.limits import ReadLimits
from govplatform.confidentiality.scanning.settings import ScanSettings

Scan = Callable[..., "Scanned"]


class Scanned:
    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self.findings: list[dict[str, Any]] = answer["findings"]

    def places(self, rule: str = "id-card") -> list[str]:
        return [finding["where"] for finding in self.findings if finding["rule"] == rule]

    def hidden(self) -> list[str]:
        return self.places("hidden-content")

    def unreadable(self, severity: str = "block") -> dict[str, str]:
        """Where -> message."""
        return {
            finding["where"]: finding["message"]
            for finding in self.findings
            if finding["rule"] == "unreadable" and finding["severity"] == severity
        }


@pytest.fixture
def scan() -> Scan:
    """``scan(path, name=..., limits=...)`` in this process, for speed; its findings are checked against its parts."""

    def run(path: Path, *, name: str = "", limits: ReadLimits | None = None) -> Scanned:
        answer = scan_file(path, name or path.name, ScanSettings(), limits)
        parts = {part["where"]: part["text"] for part in answer["parts"]}
        for finding in answer["findings"]:
            if finding["rule"] == "id-card":
                found = parts[finding["where"]][finding["offset"] : finding["offset"] + finding["length"]]
                assert found[:1] in "1１" and found[-1:] in "XxＸ", (finding, found)
                assert "19491231" not in finding["excerpt"]
        return Scanned(answer)

    return run


@pytest.fixture
def guarded_scan(cold_guard: None) -> Scan:
    """The same in a guarded process, started as in production: its memory is measured."""

    def run(path: Path, *, name: str = "", limits: ReadLimits | None = None) -> Scanned:
        return Scanned(scan_file_guarded(path, name or path.name, ScanSettings(), limits=limits))

    return run
