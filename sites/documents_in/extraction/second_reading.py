"""The plain second reading of a file, which the result of an import is compared with.

It knows nothing of lists, tables, styles and titles: what the first reading loses, this one still has.
"""

from dataclasses import dataclass
from typing import Literal

PlaceKind = Literal["paragraph", "note", "page", "line"]


@dataclass(frozen=True)
class Passage:
    """A piece of a file's visible text. number: of its kind, from 1."""

    kind: PlaceKind
    number: int
    text: str


def numbered(kind: PlaceKind, texts: list[str]) -> list[Passage]:
    """Return the texts that are not blank as passages, numbered as a person counts them."""
    return [Passage(kind, number, text) for number, text in enumerate((t for t in texts if t.strip()), start=1)]
