"""How the verifier is, in a file: it has no database, and who asks has no right to its folder but to read."""

import json
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govplatform.refusals import Refused
from govplatform.whole_files import write_whole_file

from .faults import Done, Fault

#: Seconds between two writings; a verifier that has not written for so many of its turns is gone.
EVERY, MISSED_TURNS = 5.0, 12


@dataclass
class VerifierState:
    """Written to ``path``: ``{"at", "swept_at", "faults": {kind: number}, "unrepaired"}``; times in seconds (epoch)."""

    path: Path
    swept_at: float = 0.0
    unrepaired: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    _written_at: float = float("-inf")

    def add(self, fault: Fault) -> None:
        self.faults[fault.fault] += 1
        self.unrepaired += fault.done in (Done.FAILED, Done.NOTHING)

    def note_sweep(self) -> None:
        self.swept_at = time.time()
        self._written_at = float("-inf")

    def write(self) -> None:
        """Write it, if it is time. A full disk is no reason to end."""
        if time.monotonic() - self._written_at < EVERY:
            return
        self._written_at = time.monotonic()
        facts = {"at": time.time(), "swept_at": self.swept_at, "unrepaired": self.unrepaired, "faults": self.faults}
        with suppress(OSError, Refused):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole_file(self.path, [json.dumps(facts).encode()])


def read_state(path: Path) -> dict[str, Any]:
    """What was written last; {} where nothing is to be had."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
