"""What a rule is, what it is shown, and what it answers."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar, NamedTuple

from govplatform.rule_packs.severity import Severity

from ..pieces import Piece
from ..settings import ScanSettings

#: The full-width characters that numbers, plates, passports and addresses of e-mail are written with.
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ＠．－＿＋＊]+")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

#: What stands between the parts of one number or one word: blanks of all kinds, and characters without width.
BLANKS = " \t\u00a0\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\u00ad"


def narrow(text: str) -> str:
    """``text`` with half-width digits and letters; as long as before, so offsets stay."""
    return _WIDE.sub(lambda found: found[0].translate(_NARROW), text)


class Hit(NamedTuple):
    """A rule's answer: characters ``start`` to ``end`` of the reading.

    ``value``: normalised; equal values are the same thing. ``severity``: where it differs from the rule's own.
    ``shown``: how the excerpt may show it, '' for masked. ``note``: added to the rule's message.
    """

    start: int
    end: int
    value: str
    severity: Severity | None = None
    shown: str = ""
    note: str = ""
    suggestion: str = ""


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
        from .numbers import classify

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


class Rule(ABC):
    """One kind of thing that a reviewer must judge. ``source``: the regulation it comes from."""

    id: ClassVar[str]
    severity: ClassVar[Severity]
    source: ClassVar[str]
    message: ClassVar[str]

    @abstractmethod
    def hits(self, reading: Reading) -> Iterable[Hit]:
        """Every place in the reading that the rule objects to."""
