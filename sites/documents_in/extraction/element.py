"""The common form between the readers (one per format) and the recognition (one for all)."""

from dataclasses import dataclass, field
from html import escape
from typing import Literal

from sites.documents_in.extraction.second_reading import Passage

#: How the main area of a page was found: a container that says so, no need to look, the library (sure or not, several
#: articles side by side), or not at all.
AreaGrade = Literal["known", "whole", "sure", "unsure", "several", "none"]
ElementKind = Literal["paragraph", "heading", "list", "table", "image", "quotation"]


@dataclass
class Element:
    """One piece of a document in reading order.

    text: plain text, for a list one item a line. html: cleaned inline HTML of a paragraph, or the
    whole `<ul>`/`<ol>` of a list; "" means: the text, escaped. level: 1 (a title) to 6, of a heading. repeats: row and
    column of the cells that say once more what a cell over several rows says. merged: row, column, number of rows and
    of columns of each cell over several.
    """

    kind: ElementKind
    text: str = ""
    html: str = ""
    level: int = 0
    rows: list[list[str]] = field(default_factory=list)
    header: bool = False
    caption: str = ""
    image: int = -1
    repeats: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def inline_html(self) -> str:
        """Return the inline HTML of a paragraph."""
        return self.html or escape(self.text, quote=False)

    def retext(self, text: str) -> "Element":
        """Return the piece with another plain text; a changed text loses its inline marks."""
        if text == self.text:
            return self
        return Element(kind=self.kind, text=text, level=self.level)


def paragraph(text: str, html: str = "") -> Element:
    """Return a paragraph element."""
    return Element(kind="paragraph", text=text, html=html)


@dataclass
class ReadFile:
    """What a reader found in a file. hints: what the file says of itself outside its text, by field name.

    second: its plain second reading; left_out: texts that were left out and told of, or are shown in another form;
    put_in: texts that stand in the elements by rule and not in the file; area, share: as grade and share of `Choice`.
    """

    elements: list[Element] = field(default_factory=list)
    images: list["ReadImage"] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    hints: dict[str, str] = field(default_factory=dict)
    second: list[Passage] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    put_in: list[str] = field(default_factory=list)
    area: AreaGrade = "whole"
    share: float = 1.0


@dataclass
class ReadImage:
    """A picture as found in the file, unchecked."""

    data: bytes
    alt: str = ""
