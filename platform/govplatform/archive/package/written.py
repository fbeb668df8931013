"""How facts are written: the same facts always give the same bytes."""

import json
from datetime import UTC, datetime
from typing import Any


def canonical(value: Any) -> bytes:
    """``value`` as JSON in one form: keys sorted, no blanks, UTF-8, no newline. What is signed is in this form."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def line(value: Any) -> bytes:
    """One line of a file of JSON lines."""
    return canonical(value) + b"\n"


def readable(value: Any) -> bytes:
    """``value`` as JSON for people: indented, keys in their own order, with a newline at the end."""
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def moment(at: datetime) -> str:
    """A time of a record: ``2026-11-29T06:03:04Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp(written: str) -> str:
    """``2026-11-29T06:03:04Z`` as 14 digits, the form of indexes."""
    return "".join(character for character in written if character.isdecimal())
