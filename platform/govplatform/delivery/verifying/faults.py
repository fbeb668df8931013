"""What can be wrong, and what a run has found."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

#: Somebody may plant millions of files; what goes beyond is counted.
MOST_TOLD = 1_000


class Kind(StrEnum):
    """What is wrong. Texts for people: ``words.py``."""

    CHANGED = "changed"
    MISSING = "missing"
    FOREIGN = "foreign"
    LINK = "link"
    NO_FILE = "no_file"
    LINKED = "linked"
    MODE = "mode"
    UNREADABLE = "unreadable"
    MOUNTED = "mounted"
    UNPROVEN = "unproven"
    UNSIGNED = "unsigned"
    REPLAYED = "replayed"
    OTHER_HOST = "other_host"
    CURRENT = "current"
    UNKNOWN_HOST = "unknown_host"
    LEFT_OVER = "left_over"
    PART = "part"
    WATCH = "watch"
    #: Said by whoever reads the file of findings, of that file itself.
    SPOOL = "spool"


class Done(StrEnum):
    """What became of it."""

    NOTHING = ""
    RESTORED = "restored"
    TAKEN_AWAY = "taken_away"
    #: The store has no sound copy; the file is gone, so that the application is asked.
    NOT_IN_STORE = "not_in_store"
    FAILED = "failed"


@dataclass(frozen=True)
class Fault:
    """``host``: folder, '' for the root; ``site``: of the release in force; ``place``: below the host's folder or tree.

    ``at``: ISO 8601, UTC; ``detail``: what the system said, if that says more; ``node``: the front node that says so,
    '' for our own verifier.
    """

    host: str
    site: str
    place: str
    fault: Kind
    done: Done = Done.NOTHING
    detail: str = ""
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    node: str = ""

    def as_json(self) -> dict[str, str]:
        facts = {key: printable(value) for key, value in asdict(self).items()}
        if not self.node:
            del facts["node"]
        return facts


@dataclass
class Findings:
    """What a run has found. ``tell``: called with each fault once it has been dealt with."""

    tell: Callable[[Fault], None] | None = None
    checked: int = 0
    faults: list[Fault] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    quarantined: list[dict[str, Any]] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    not_told: int = 0

    def add(self, fault: Fault) -> None:
        where = printable(f"{fault.host}/{fault.place}")
        if len(self.faults) < MOST_TOLD:
            self.faults.append(fault)
        else:
            self.not_told += 1
        if fault.done == Done.RESTORED and len(self.restored) < MOST_TOLD:
            self.restored.append(where)
        if self.tell is not None:
            self.tell(fault)

    def note_quarantined(self, facts: dict[str, Any]) -> None:
        if len(self.quarantined) < MOST_TOLD:
            self.quarantined.append(facts)

    def as_json(self) -> dict[str, Any]:
        """The object that ``verify_release --json`` prints. ``not_told``: faults beyond those that are listed."""
        return {
            "ok": not self.faults and not self.unfinished,
            "checked": self.checked,
            "faults": [fault.as_json() for fault in self.faults],
            "restored": self.restored,
            "quarantined": self.quarantined,
            "unfinished": self.unfinished,
            "not_told": self.not_told,
        }


def printable(text: str) -> str:
    """``text`` with what no terminal and no JSON reader should meet: bytes that are no UTF-8, control characters."""
    plain = str(text).encode("utf-8", "backslashreplace").decode()
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in plain)
