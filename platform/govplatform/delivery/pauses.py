"""How long nothing is tried after a failure: twice as long each time, up to a limit."""

import time
from collections.abc import Hashable
from dataclasses import dataclass, field

_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 300.0


@dataclass
class Pauses:
    """Sites, nodes or hosts that failed last: when each is tried again, and after how long the next time."""

    longest: float = _LONGEST_PAUSE
    until: dict[Hashable, float] = field(default_factory=dict)
    length: dict[Hashable, float] = field(default_factory=dict)

    def is_over(self, what: Hashable) -> bool:
        return time.monotonic() >= self.until.get(what, 0.0)

    def note_failure(self, what: Hashable) -> None:
        length = min(self.length.get(what, _FIRST_PAUSE / 2) * 2, self.longest)
        self.length[what], self.until[what] = length, time.monotonic() + length

    def note_success(self, what: Hashable) -> None:
        self.until.pop(what, None)
        self.length.pop(what, None)
