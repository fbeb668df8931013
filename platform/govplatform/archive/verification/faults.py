"""What a verification found, and how it is told."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

#: An archive that is nothing but faults is not listed to its end: the product's own number.
MOST = 100


@dataclass(frozen=True)
class Fault:
    """``place``: the file in the archive, and where in it; ``problem``: what is wrong there, as a sentence."""

    place: str
    problem: str


@dataclass
class Verification:
    """``checked``: how many files and records were looked at. ``key``: public key that the certificate is signed with."""

    archive: str = ""
    checked: int = 0
    key: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults

    def add(self, found: Iterable[Fault]) -> None:
        """Take what a check yields, up to MOST in all."""
        for fault in found:
            self.faults.append(fault)
            if len(self.faults) >= MOST:
                return

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "checked": self.checked,
            "faults": [asdict(fault) for fault in self.faults],
            "archive": self.archive,
            "key": self.key,
        }
