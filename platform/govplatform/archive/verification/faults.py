"""What a verification found, and how it is told."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

#: So much of an address or a name is told; the product's own number.
_LONGEST = 600
#: An archive that is nothing but faults is not listed to its end: the product's own number.
MOST = 100


@dataclass(frozen=True)
class Fault:
    """``place``: the file in the archive, and where in it; ``problem``: what is wrong there, as a sentence.

    Both may quote the archive, which comes from anywhere: what no screen and no terminal should be given is replaced.
    """

    place: str
    problem: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", _shown(self.place))
        object.__setattr__(self, "problem", _shown(self.problem))


@dataclass
class Verification:
    """``checked``: how many files and records were read. ``key``: public key that the certificate is signed with."""

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


def _shown(text: str) -> str:
    """``text`` without control characters and halves of characters, and of a length that one can read."""
    kept = "".join(sign if sign.isprintable() else "\ufffd" for sign in text[: _LONGEST + 1])
    return f"{kept[:_LONGEST]}……" if len(kept) > _LONGEST else kept
