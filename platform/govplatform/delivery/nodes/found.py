"""A node says what its verifier has found, when the centre asks: lines of its file as they stand there, and how it is.

The centre says up to where it has read. Nothing is kept here, and nothing of what the verifier wrote is looked into:
whoever asks believes none of it beyond what a finding can say. Without Django.
"""

import json
import re
import time
from pathlib import Path
from typing import Any

from ..spool import Position, Unsafe, read_piece

#: Bytes of a file in one answer; a verifier under attack writes a quarter of it in a minute, after which it is asked.
_AT_ONCE = 256 << 10
_ASKED = re.compile(r"findings ([0-9]{1,20}) ([0-9]{1,20})", re.ASCII)
_FILE, _STATE = "findings.jsonl", "state.json"


def asked_since(words: str) -> Position | None:
    """Up to where the centre has read; None where it asks for something else."""
    found = _ASKED.fullmatch(words)
    return Position(int(found[1]), int(found[2])) if found else None


def found(verifier: Path | None, since: Position) -> dict[str, Any]:
    """``verifier``: the folder of the node's verifier, None where the node was not told of one.

    ``now``: this clock; ``at``, ``swept_at``: of the verifier's state, 0 without; ``lines`` from ``file`` up to
    ``offset``, or ``failed`` with why there are none.
    """
    answer: dict[str, Any] = {"now": time.time()}
    if verifier is None:
        return answer | {"failed": "unset"}
    answer |= _state(verifier / _STATE)
    try:
        piece = read_piece(verifier / _FILE, since, _AT_ONCE)
    except Unsafe:
        return answer | {"failed": "unsafe"}
    except OSError as error:
        return answer | {"failed": "errno", "errno": error.errno}
    return answer | {
        "file": piece.position.file,
        "offset": piece.position.offset,
        "lost": piece.is_lost,
        "unclear": piece.too_long,
        "lines": [line.decode("utf-8", "backslashreplace") for line in piece.lines],
    }


def _state(path: Path) -> dict[str, Any]:
    """As ``verifying.state`` writes it; that knows Django."""
    try:
        known = json.loads(path.read_bytes())
        return {name: known[name] for name in ("at", "swept_at")}
    except (OSError, ValueError, TypeError, KeyError):
        return {}
