"""How long each file of tests took the last time, so that the next run begins with the longest.

Processes take files from one list. Whoever gets a file of a minute as the last keeps the others waiting for it; with
the longest first, all of them end within the time of a short one. Kept in ``var/test``, for this machine alone: in a
fresh checkout ``running`` guesses instead.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

_KEPT = Path(__file__).resolve().parents[1] / "var" / "test" / "durations.json"
#: Of the tests of a file at least so many must have run for its time to say anything of it.
_MOST = 0.8


def file_of(nodeid: str) -> str:
    """``tests/browser/test_queue.py::test_x[1]`` -> ``tests/browser/test_queue.py``."""
    return nodeid.split("::")[0]


def known_durations(kept: Path = _KEPT) -> dict[str, float]:
    """File -> seconds of the last run; empty where none was noted, or by something else than this."""
    return {name: seconds for name, (_tests, seconds) in _read(kept).items()}


def _read(kept: Path) -> dict[str, tuple[int, float]]:
    """File -> how many of its tests ran, and their seconds."""
    try:
        rows = json.loads(kept.read_text())
        return {str(name): (int(tests), float(seconds)) for name, (tests, seconds) in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _is_soak(config: Any) -> bool:
    """With the tests that are long by nature a file takes another time than in the run that this is for."""
    return "soak" in config.option.markexpr


class DurationsPlugin:
    """Notes them at the end of a run: in the process that hears of all tests, once for all others."""

    def __init__(self, kept: Path = _KEPT) -> None:
        self._kept = kept
        self._seconds: dict[str, float] = defaultdict(float)
        self._tests: dict[str, int] = defaultdict(int)

    def pytest_runtest_logreport(self, report: Any) -> None:
        name = file_of(report.nodeid)
        self._seconds[name] += report.duration
        self._tests[name] += report.when == "call"

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput") or not self._seconds or _is_soak(session.config):
            return
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._kept.with_suffix(".new")
        unfinished.write_text(json.dumps(self._rows(), indent=0, sort_keys=True))
        unfinished.replace(self._kept)

    def _rows(self) -> dict[str, tuple[int, float]]:
        """What was known with what this run adds; a file of which only some tests ran keeps what is known of it."""
        rows = _read(self._kept)
        for name, seconds in self._seconds.items():
            if self._tests[name] >= _MOST * rows.get(name, (0, 0.0))[0]:
                rows[name] = self._tests[name], round(seconds, 1)
        return rows
