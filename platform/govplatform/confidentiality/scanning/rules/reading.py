"""What a rule is shown: a piece of text, its widths unified, with what one pass over it finds for several rules."""

from functools import cached_property

from ..pieces import Piece
from ..settings import ScanSettings
from .numbers import classify
from .rule import Hit, narrow


class Reading:
    """A piece as the rules read it. ``text``: widths unified, every offset as in the piece.

    ``first``: nothing was read before it, so its head is the head of the document.
    """

    def __init__(self, piece: Piece, settings: ScanSettings, first: bool) -> None:
        self.piece = piece
        self.settings = settings
        self.first = first
        self.text = narrow(piece.text)

    @cached_property
    def numbers(self) -> dict[str, list[Hit]]:
        """Rule id -> hits, from the one pass over all digits."""
        return classify(self)

    @cached_property
    def is_table(self) -> bool:
        return bool(self.piece.table or self.piece.header)

    def line(self, start: int, end: int) -> tuple[int, int]:
        """(first, behind last) offset of the line or cell around; looks no further than 200 characters."""
        low, high = max(0, start - 200), min(len(self.text), end + 200)
        first = max(self.text.rfind("\n", low, start), self.text.rfind("\t", low, start)) + 1
        lasts = [at for at in (self.text.find("\n", end, high), self.text.find("\t", end, high)) if at >= 0]
        return (first or low), (min(lasts) if lasts else high)

    def label(self, start: int, reach: int = 24) -> str:
        """The words before a value that say what it is: those on its line, and the head of its column."""
        before = self.text[max(0, start - reach) : start]
        return f"{self.column(start)} {before}" if self.is_table else before

    def column(self, offset: int) -> str:
        """Head of the column that a character of a table stands in, '' when there is none."""
        header = self.piece.header
        first = self.text.rfind("\n", 0, offset) + 1
        if not header:
            head = self.text[: max(0, self.text.find("\n"))]
            if not first or len(head) > 2000:
                return ""
            header = tuple(head.split("\t"))
        at = self.text.count("\t", first, offset)
        return header[at] if at < len(header) else ""
