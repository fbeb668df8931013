"""The making of lines from the characters of a PDF, and of paragraphs from lines."""

import itertools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from sites.documents_in.extraction.recognition.numbering import read_numbering
from sites.documents_in.extraction.recognition.titles import is_complete, may_be_title_line
from sites.documents_in.extraction.spacing import join_lines, squeeze, tidy

_DIGITS = re.compile(r"([0-9]+)")
_MOST_NUMBERS, _LONGEST_NUMBER = 4, 9
_PAGE_NUMBER = re.compile(
    r"^[-—–－·\s]*+(?:第\s*+)?\d{1,4}(?:\s*+页)?(?:\s*+[/／,，]?\s*+(?:共\s*+)?\d{0,4}\s*+页?)?[-—–－·\s]*+$"
)
_DECORATED = re.compile(r"^(?:[-—–－·]\s*\d{1,4}\s*[-—–－·]|第\s*\d{1,4}\s*页.{0,12})$")
_UNBROKEN = re.compile(r"[!-~]+")
EDGE = 0.12
PLACE = 6.0
SAME_LINE = 0.5
WORD_GAP = 0.2
ENDS = "。！？；：!?;:"
#: What no paragraph ends with: a comma, or half a word.
_GOES_ON = re.compile(r"(?:[，、,]|[A-Za-z]-)\Z")


#: What a note at the foot of a page begins with.
_NOTE = re.compile(r"[\[［〔(（]?[①-⑳⒈-⒛\d*＊†‡]{1,3}[\]］〕)）.、．]?|注\s*\d{0,2}[:：]")
#: So many lines show a margin.
_ENOUGH = 10


@dataclass
class Line:
    """A line of a PDF. Positions in points from the page's top left; size: font size in points; page from 0.

    height: that of the page, in points. column: its place from the left and how many stand side by side; turned: by how
    many quarters the page is turned to read it. order: its place on the page when read, like `top` but never falling.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    page: int
    height: float
    column: tuple[int, int] = (0, 1)
    turned: int = 0
    order: float = 0.0


def rows_of(chars: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return characters (pdfplumber's) that stand on one line together, from the top down and from left to right."""
    rows: list[list[dict[str, Any]]] = []
    for char in sorted(chars, key=lambda c: (round(c["bottom"], 1), c["x0"])):
        size = max(char["size"], 1)
        if rows and abs(rows[-1][-1]["bottom"] - char["bottom"]) < size * SAME_LINE:
            rows[-1].append(char)
        else:
            rows.append([char])
    for row in rows:
        row.sort(key=lambda c: c["x0"])
    return rows


def lines_of(
    chars: list[dict[str, Any]], page: int, height: float, column: tuple[int, int] = (0, 1), turned: int = 0
) -> list[Line]:
    """Group the characters of a page, or of a column of it, into lines; wide gaps become a space."""
    rows = rows_of(chars)
    lines = []
    for row in rows:
        text = ""
        right: float | None = None
        for char in row:
            size = max(char["size"], 1)
            if right is not None and char["x0"] - right > size * WORD_GAP:
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
                    column=column,
                    turned=turned,
                    order=min(char["top"] for char in visible),
                )
            )
    return lines


def without_page_marks(lines: list[Line], pages: int) -> tuple[list[Line], list[str]]:
    """Return (lines without page numbers and running heads, the lines that were removed).

    They stand at one place at the upper or lower edge of most pages, which left and right pages may share. One that
    reads like a title stays on the first page, unless another line there does as well. A number such as "— 1 —" may
    stand on one page alone.
    """
    places: dict[tuple[str, int], set[int]] = {}
    for line in lines:
        if _at_edge(line):
            for shape in _places(line):
                places.setdefault(shape, set()).add(line.page)
    most = max(2.0, pages * 0.5 if pages < 4 else pages * 0.45)

    def repeats(line: Line) -> bool:
        return _at_edge(line) and any(
            len(places.get((shape, place + by), ())) >= most for shape, place in _places(line) for by in (-1, 0, 1)
        )

    body_size = body_size_of(lines) if lines else 0.0
    titled = any(_is_titular(line, body_size) and not repeats(line) for line in lines)
    kept: list[Line] = []
    removed: list[str] = []
    for line in lines:
        alone = pages == 1 and _at_edge(line) and bool(_DECORATED.match(line.text))
        if alone or (repeats(line) and (titled or not _is_titular(line, body_size))):
            removed.append(line.text)
        else:
            kept.append(line)
    return kept, removed


def _is_titular(line: Line, body_size: float) -> bool:
    """Say whether a line of the first page reads like its title."""
    return (
        line.page == 0
        and (line.size >= body_size * 1.2 or is_complete(line.text))
        and may_be_title_line(line.text)
        and not _PAGE_NUMBER.match(line.text)
    )


def _at_edge(line: Line) -> bool:
    return line.bottom < line.height * EDGE or line.top > line.height * (1 - EDGE)


def _places(line: Line) -> list[tuple[str, int]]:
    """Return what a line says, in each way to take its numbers, and where it stands: from its edge, in cells.

    A number is the same on every page, or rises with the pages. Numbers of rows of data, which stand at one place of
    every page as well, do neither.
    """
    above = line.bottom < line.height * EDGE
    place = round((line.top if above else line.top - line.height) / PLACE)
    if _PAGE_NUMBER.match(line.text):
        return [("#", place)]
    parts = _DIGITS.split(squeeze(line.text))
    numbers = parts[1::2]
    if len(numbers) > _MOST_NUMBERS or any(len(number) > _LONGEST_NUMBER for number in numbers):
        return [("".join(parts), place)]
    shapes = [parts[0]]
    for number, text in zip(numbers, parts[2::2], strict=True):
        forms = (number, f"#{int(number) - line.page}")
        shapes = [f"{shape}{form}{text}" for shape in shapes for form in forms]
    return [(shape, place) for shape in shapes]


@dataclass
class Paragraph:
    """Lines that belong together. size: font size in points; page and top: of its first line."""

    text: str
    size: float
    page: int
    top: float
    last: Line


def paragraphs_of(lines: list[Line], breaks: Iterable[tuple[int, float]] = ()) -> list[Paragraph]:
    """Join lines to paragraphs; a new one begins at an indent, after a short line, at a gap or a new size.

    breaks: (page, top) of tables, over which nothing is joined. The notes at the foot of a page stand after the
    paragraph that goes on over them.
    """
    if not lines:
        return []
    body_size = body_size_of(lines)
    notes = foot_notes(lines, body_size)
    body = [line for index, line in enumerate(lines) if index not in notes]
    below = [line for index, line in enumerate(lines) if index in notes]
    places = sorted(breaks)
    result = _joined(body, body_size, places)
    for note in _joined(below, body_size, places, apart=True):
        # After the last paragraph that begins on its page.
        at = max((i for i, found in enumerate(result) if found.page <= note.page), default=-1) + 1
        result.insert(at, note)
    return result


def foot_notes(lines: list[Line], body_size: float) -> set[int]:
    """Return which lines are notes at the foot of a page that the text of the next page goes on after.

    They are the last lines of their page, in smaller type, and begin with a mark; the text stands above them.
    """
    found: set[int] = set()
    last = {line.page: index for index, line in enumerate(lines)}
    for index in last.values():
        block: list[int] = []
        place = index
        while place >= 0 and lines[place].page == lines[index].page and _is_small(lines[place], body_size):
            block.append(place)
            place -= 1
        while block and not _NOTE.match(lines[block[-1]].text):
            block.pop()
        if block and place >= 0 and lines[place].page == lines[index].page:
            found.update(block)
    return found


def _is_small(line: Line, body_size: float) -> bool:
    return line.size <= body_size * 0.92 and line.top > line.height * 0.5 and not line.turned


def _joined(
    lines: list[Line], body_size: float, breaks: list[tuple[int, float]], *, apart: bool = False
) -> list[Paragraph]:
    """Join lines to paragraphs. apart: nothing is joined over pages, and a mark begins a new paragraph."""
    if not lines:
        return []
    margins = _Margins(lines, body_size)
    pitches = [
        below.top - above.top
        for above, below in itertools.pairwise(lines)
        if above.page == below.page
        and above.column == below.column
        and below.top > above.top
        and abs(below.size - body_size) < 0.6
    ]
    pitch = median(pitches) if pitches else body_size * 1.6
    result: list[Paragraph] = []
    for line in lines:
        previous = result[-1].last if result else None
        begins = previous is None or _begins(line, previous, margins=margins, pitch=pitch, size=body_size)
        if previous is not None and not begins:
            between = bisect_right(breaks, (previous.page, previous.order)) < bisect_right(
                breaks, (line.page, line.order)
            )
            over = line.page != previous.page
            begins = (
                between
                or (apart and (over or _NOTE.match(line.text) is not None))
                or (over and _is_heading(result[-1].text))
            )
        if begins:
            result.append(Paragraph(line.text, line.size, line.page, line.order, line))
        else:
            result[-1].text = join_lines(result[-1].text, line.text)
            result[-1].last = line
    return result


def _is_heading(text: str) -> bool:
    numbering = read_numbering(text)
    return numbering is not None and numbering.is_heading()


class _Margins:
    """Where the text begins and ends, by columns and directions; left and right pages may differ."""

    def __init__(self, lines: list[Line], body_size: float) -> None:
        groups: dict[tuple[int, tuple[int, int], int], list[Line]] = {}
        for line in lines:
            for side in (line.page % 2, -1):
                groups.setdefault((line.turned, line.column, side), []).append(line)
        self.ends: dict[tuple[int, tuple[int, int], int], tuple[float, float]] = {}
        for key, same in groups.items():
            body = [line for line in same if abs(line.size - body_size) < 0.6] or same
            if key[2] == -1 or len(body) >= _ENOUGH:
                self.ends[key] = _common(line.x0 for line in body), max(line.x1 for line in body)

    def of(self, line: Line) -> tuple[float, float]:
        """Return (left, right) for the place of a line, in points."""
        both = self.ends[line.turned, line.column, -1]
        return self.ends.get((line.turned, line.column, line.page % 2), both)


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


def _begins(line: Line, previous: Line, *, margins: _Margins, pitch: float, size: float) -> bool:
    left, _ = margins.of(line)
    _, right = margins.of(previous)
    if abs(line.size - previous.size) > size * 0.1:
        return True
    if line.turned != previous.turned or line.column[1] != previous.column[1]:
        return True
    beside = line.column != previous.column
    if line.page == previous.page and not beside and line.top - previous.top > max(pitch * 1.45, line.size * 2.4):
        return True
    if line.x0 > left + line.size * 1.2:
        return True
    if _GOES_ON.search(previous.text):
        return False
    if (line.turned or (beside and line.page == previous.page)) and previous.text[-1] in ENDS:
        return True
    # A long word or number that did not fit leaves a short line without ending the paragraph.
    word = _UNBROKEN.match(line.text)
    needed = max(2.2, len(word[0]) * 0.55 if word else 0)
    if previous.x1 < right - previous.size * needed:
        return True
    numbering = read_numbering(line.text)
    return numbering is not None and previous.text[-1] in "。；：;:"
