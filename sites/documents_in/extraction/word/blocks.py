"""The pieces that the walk through a Word document finds, and the counts of what it leaves out."""

from collections import Counter
from dataclasses import dataclass, field

from sites.documents_in.extraction.element import Element
from sites.documents_in.extraction.spacing import shortened
from sites.documents_in.extraction.word.numbering import Label
from sites.documents_in.extraction.word.spans import Span

_SHOWN = 3
#: Kinds whose text is the file's own; of others it is a name or what was made of it.
_TEXTS = frozenset({"hidden", "struck", "prompt", "contents", "deleted", "moved"})
_EXCERPT = 20


@dataclass
class Paragraph:
    """A paragraph with what shows of it. level: of a heading (1 a title), 0 for none; label: its number or bullet."""

    spans: list[Span] = field(default_factory=list)
    label: Label | None = None
    level: int = 0
    quoted: bool = False


@dataclass
class Cell:
    """A cell of a table; across: how many columns; continues: it is the lower part of the cell above it."""

    blocks: "list[Block]"
    across: int = 1
    continues: bool = False


@dataclass
class Row:
    """A row of a table. before: how many columns are left out at its beginning; header: marked as a header row."""

    cells: list[Cell]
    before: int = 0
    header: bool = False


@dataclass
class Grid:
    """A table."""

    rows: list[Row]


@dataclass
class Foreign:
    """Elements out of a piece of another format in the document."""

    elements: list[Element]


Block = Paragraph | Grid | Foreign


@dataclass
class LeftOut:
    """What a reading leaves out or cannot tell: counts by kind, and the beginning of some of its texts.

    texts: the whole of what is left out or shown in another form; put_in: what it put in by rule.
    """

    counts: Counter[str] = field(default_factory=Counter)
    excerpts: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    put_in: list[str] = field(default_factory=list)

    def add(self, kind: str, text: str = "", count: int = 1) -> None:
        """Count something of a kind, with its text for an excerpt."""
        self.counts[kind] += count
        text = " ".join(text.split())
        if text and kind in _TEXTS:
            self.texts.append(text)
        shown = self.excerpts.setdefault(kind, [])
        if text and len(shown) < _SHOWN:
            shown.append(shortened(text, _EXCERPT))

    def shows_instead(self, text: str, made: str) -> None:
        """Note that ``made`` stands where the file has ``text``; either may be empty."""
        if text:
            self.texts.append(text)
        if made:
            self.put_in.append(made)

    def shown(self, kind: str) -> str:
        """Return the excerpts of a kind as a list in quotation marks."""
        return "、".join(f"“{text}”" for text in self.excerpts.get(kind, []))
