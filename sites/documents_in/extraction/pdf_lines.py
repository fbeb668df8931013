"""The making of lines from the characters of a PDF, and of paragraphs from lines."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from sites.documents_in.extraction.numbering import read_numbering
from sites.documents_in.extraction.spacing import join_lines, tidy

_PAGE_NUMBER = re.compile(
    r"^[-—–－·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，]?\s*(?:共\s*)?\d{0,4}\s*页?)?[-—–－·\s]*$"
)
_UNBROKEN = re.compile(r"[!-~]+")
EDGE = 0.12
SAME_LINE = 0.5


@dataclass
class Line:
    """A line of a PDF. Positions in points from the page's top left; size: font size in points; page from 0.

    height: that of the page, in points.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    page: int
    height: float


def lines_of(chars: list[dict[str, Any]], page: int, height: float) -> list[Line]:
    """Group the characters of a page (pdfplumber's) into lines, from the top down; wide gaps become a space."""
    rows: list[list[dict[str, Any]]] = []
    for char in sorted(chars, key=lambda c: (round(c["bottom"], 1), c["x0"])):
        size = max(char["size"], 1)
        if rows and abs(rows[-1][-1]["bottom"] - char["bottom"]) < size * SAME_LINE:
            rows[-1].append(char)
        else:
            rows.append([char])
    lines = []
    for row in rows:
        row.sort(key=lambda c: c["x0"])
        text = ""
        right: float | None = None
        for char in row:
            size = max(char["size"], 1)
            if right is not None and char["x0"] - right > size * 0.3:
                ascii_pair = text[-1:].isascii() and char["text"].isascii()
                # Chinese lines are stretched to the margin; only a real gap is a space.
                if ascii_pair or char["x0"] - right > size * 0.9:
                    text += " "
            text += char["text"]
            right = max(right or 0, char["x1"])
        text = tidy(text)
        visible = [char for char in row if char["text"].strip(" 　")]
        if text and visible:
            lines.append(
                Line(
                    text=text,
                    x0=min(char["x0"] for char in visible),
                    x1=max(char["x1"] for char in visible),
                    top=min(char["top"] for char in visible),
                    bottom=max(char["bottom"] for char in visible),
                    size=median(char["size"] for char in visible),
                    page=page,
                    height=height,
                )
            )
    return lines


def without_page_marks(lines: list[Line], pages: int) -> tuple[list[Line], int]:
    """Return (lines without page numbers and running heads, how many were removed).

    A running head stands at the upper or lower edge of at least half of the pages.
    """

    def at_edge(line: Line) -> bool:
        return line.bottom < line.height * EDGE or line.top > line.height * (1 - EDGE)

    seen = Counter(
        key for key in {(line.page, _shape(line.text), line.top < line.height / 2) for line in lines if at_edge(line)}
    )
    repeats = Counter((shape, above) for _, shape, above in seen)
    kept = [
        line
        for line in lines
        if not at_edge(line)
        or not (
            _PAGE_NUMBER.match(line.text)
            or (pages > 1 and repeats[_shape(line.text), line.top < line.height / 2] >= max(2, pages * 0.5))
        )
    ]
    return kept, len(lines) - len(kept)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text)


@dataclass
class Paragraph:
    """Lines that belong together. size: font size in points; page and top: of its first line."""

    text: str
    size: float
    page: int
    top: float
    last: Line


def paragraphs_of(lines: list[Line]) -> list[Paragraph]:
    """Join lines to paragraphs; a new one begins at an indent, after a short line, at a gap or a new size."""
    if not lines:
        return []
    body_size = body_size_of(lines)
    body = [line for line in lines if abs(line.size - body_size) < 0.6] or lines
    left = _common(line.x0 for line in body)
    right = max(line.x1 for line in body)
    pitches = [
        below.top - above.top
        for above, below in itertools.pairwise(body)
        if above.page == below.page and below.top > above.top
    ]
    pitch = median(pitches) if pitches else body_size * 1.6
    result: list[Paragraph] = []
    for line in lines:
        previous = result[-1].last if result else None
        if previous is None or _begins(line, previous, left=left, right=right, pitch=pitch, size=body_size):
            result.append(Paragraph(line.text, line.size, line.page, line.top, line))
        else:
            result[-1].text = join_lines(result[-1].text, line.text)
            result[-1].last = line
    return result


def body_size_of(lines: list[Line]) -> float:
    """Return the font size of most of the text, in points."""
    weights: Counter[float] = Counter()
    for line in lines:
        weights[round(line.size * 2) / 2] += len(line.text)
    return max(weights, key=lambda size: weights[size])


def _common(values: Iterable[float]) -> float:
    """Return the leftmost position that many lines share."""
    counts = Counter(round(value) for value in values)
    most = max(counts.values())
    return min(value for value, count in counts.items() if count >= max(1, most * 0.4))


def _begins(line: Line, previous: Line, *, left: float, right: float, pitch: float, size: float) -> bool:
    if abs(line.size - previous.size) > size * 0.1:
        return True
    if line.page == previous.page and line.top - previous.top > max(pitch * 1.45, line.size * 2.4):
        return True
    if line.x0 > left + line.size * 1.2:
        return True
    # A long word or number that did not fit leaves a short line without ending the paragraph.
    word = _UNBROKEN.match(line.text)
    needed = max(2.2, len(word[0]) * 0.55 if word else 0)
    if previous.x1 < right - previous.size * needed:
        return True
    numbering = read_numbering(line.text)
    return numbering is not None and previous.text[-1] in "。；：;:"
