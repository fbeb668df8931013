"""The chain of kept logs: lines of JSON in ``chain.jsonl``, each with the SM3 of itself and of the line before.

A line says that a file was kept, or that one went when its term was over. Lines are never changed; whoever changes one
has to change all after it, and then the heads that stand in the audit record are no longer among them.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from govplatform.audit.sm3 import sm3_hex

CHAIN = "chain.jsonl"
KEPT, REMOVED = "kept", "removed"
#: In the place of a line that says nothing, so that those after it keep their numbers and are not written over.
UNREADABLE = "unreadable"
_LONGEST_LINE = 1 << 16
#: What a line must say to be one. Whoever can write here may have written it.
_SAYS = {
    KEPT: {"name": str, "source": str, "sha256": str, "lines": int, "bytes": int},
    REMOVED: {"name": str, "of": int},
}
_MOMENTS = {KEPT: ("at", "until"), REMOVED: ("at", "over")}


@dataclass
class Chain:
    """What stands in ``folder``/chain.jsonl; ``faults``: sentences for what does not hold together."""

    folder: Path
    lines: list[dict[str, Any]] = field(default_factory=list)
    faults: list[tuple[str, int]] = field(default_factory=list)
    #: bytes up to the end of the last whole line
    whole: int = 0

    @property
    def number(self) -> int:
        return len(self.lines)

    @property
    def head(self) -> str:
        return str(self.lines[-1]["hash"]) if self.lines else ""

    def present(self) -> list[dict[str, Any]]:
        """The lines of files that are kept now."""
        gone = {line["of"] for line in self.lines if line["act"] == REMOVED}
        return [line for line in self.lines if line["act"] == KEPT and line["number"] not in gone]

    def append(self, **facts: Any) -> dict[str, Any]:
        """Add a line and bring it to the disk. Raises OSError; then the line is not there."""
        line = {"number": self.number + 1, "previous": self.head, **facts}
        line["hash"] = hash_of(line)
        with (self.folder / CHAIN).open("ab") as stream:
            # half a line, left by somebody who was killed, is no line
            stream.truncate(self.whole)
            stream.write(_written(line) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
            self.whole = stream.tell()
        self.lines.append(line)
        return line


def read_chain(folder: Path) -> Chain:
    """Read and check the chain; a folder without one has an empty chain. Raises OSError."""
    chain = Chain(folder)
    for number, raw in enumerate(_raw_lines(folder / CHAIN), start=1):
        chain.whole += len(raw)
        line = _object(raw)
        if line is None:
            chain.faults.append((UNREADABLE, number))
            chain.lines.append({"number": number, "act": UNREADABLE, "name": "", "hash": sm3_hex(raw)})
            continue
        told = line.pop("hash", None)
        if line.get("number") != number or line.get("previous") != chain.head:
            chain.faults.append(("torn", number))
        if told != hash_of(line):
            chain.faults.append(("changed", number))
        line["hash"] = told
        chain.lines.append(line)
    return chain


def hash_of(line: dict[str, Any]) -> str:
    return sm3_hex(_written(line))


def _raw_lines(path: Path) -> Iterator[bytes]:
    if not path.exists():
        return
    with path.open("rb") as stream:
        while raw := stream.readline(_LONGEST_LINE):
            if not raw.endswith(b"\n") and len(raw) < _LONGEST_LINE:
                return
            yield raw


def _object(raw: bytes) -> dict[str, Any] | None:
    """The line as it was written, or None when it is none of ours."""
    try:
        line = json.loads(raw)
        said = _SAYS[line["act"]]
        for name in _MOMENTS[line["act"]]:
            if datetime.fromisoformat(line[name]).tzinfo is None:
                return None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    names_a_file = Path(str(line.get("name"))).name == line.get("name")
    return line if names_a_file and all(isinstance(line.get(key), kind) for key, kind in said.items()) else None


def _written(line: dict[str, Any]) -> bytes:
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
