"""A piece of text as rules read it, with what one pass over it finds for several of them."""

import re
from collections.abc import Iterator
from functools import cached_property

from ..pieces import Piece
from ..settings import ScanSettings
from ..stretches import Stretches, find_in, near_codes
from .numbers import classify
from .rule import Hit, narrow


class Reading:
    """A piece as the rules read it. ``text``: digits and letters in half width; offsets are those of the piece.

    ``first``: whether it is the first piece of the document, so that its head is the document's.
    """

    def __init__(self, piece: Piece, settings: ScanSettings, first: bool) -> None:
        self.piece = piece
        self.settings = settings
        self.first = first
        self.text = narrow(piece.text)

    @cached_property
    def numbers(self) -> dict[str, list[Hit]]:
        """Rule id -> hits of the rules about numbers, from one pass over all digits."""
        return classify(self)

    @cached_property
    def near_codes(self) -> Stretches:
        """The stretches of the text that have an ASCII letter or digit within reach."""
        return near_codes(self.text)

    def find_near_codes(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Find a pattern that takes an ASCII letter or digit."""
        return find_in(self.text, pattern, self.near_codes)

    @cached_property
    def is_table(self) -> bool:
        """Whether the lines of the text are rows of a table, with tabs between the cells."""
        return bool(self.piece.table or self.piece.header)

    def line(self, start: int, end: int) -> tuple[int, int]:
        """Offsets of the first character and behind the last one of the line or cell around ``start`` to ``end``.

        Looks no further than 200 characters.
        """
        low, high = max(0, start - 200), min(len(self.text), end + 200)
        first = max(self.text.rfind("\n", low, start), self.text.rfind("\t", low, start)) + 1
        lasts = [at for at in (self.text.find("\n", end, high), self.text.find("\t", end, high)) if at >= 0]
        return (first or low), (min(lasts) if lasts else high)

    def label(self, start: int, reach: int = 24) -> str:
        """The words before a value that may say what it is, ``reach`` characters; in a table also the column's head."""
        before = self.text[max(0, start - reach) : start]
        return f"{self.column(start)} {before}" if self.is_table else before

    def column(self, offset: int) -> str:
        """The head of the table's column in which ``offset`` lies, '' when there is none."""
        header = self.piece.header
        first = self.text.rfind("\n", 0, offset) + 1
        if not header:
            head = self.text[: max(0, self.text.find("\n"))]
            if not first or len(head) > 2000:
                return ""
            header = tuple(head.split("\t"))
        at = self.text.count("\t", first, offset)
        return header[at] if at < len(header) else ""
