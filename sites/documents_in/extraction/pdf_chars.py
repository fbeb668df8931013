"""The characters of a PDF page as a person sees them: drawn once, visible, and turned the right way up."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent

Char = dict[str, Any]
#: Text render modes that paint nothing (ISO 32000-1, 9.3.6).
_UNPAINTED = (3, 7)
_MARK = "not painted"
_CELL = 12.0
TINY = 1.5
MIN_CHARACTERS = 10


class _Device(PDFPageAggregatorWithMarkedContent):
    """Marks the characters that the page does not paint; the library's own device forgets the render mode."""

    painted = True

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        self.painted = textstate.render not in _UNPAINTED
        super().render_string(textstate, seq, ncs, graphicstate)
        self.painted = True

    def tag_cur_item(self) -> None:
        super().tag_cur_item()
        if not self.painted and self.cur_item._objs:
            self.cur_item._objs[-1].tag = _MARK  # type: ignore[attr-defined]


@dataclass
class PageChars:
    """The characters of a page.

    turned: by how many quarters of a circle, clockwise, a page is turned to read them, from 0 to 3; those of 1 to 3
    have the positions that they have on the page once turned. hidden: what is not seen. kept: the identities of the
    library's own characters that are seen. recognised: whether the text
    is what a text recognition laid unseen over a scan.
    """

    turned: dict[int, list[Char]] = field(default_factory=dict)
    hidden: list[Char] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    recognised: bool = False


def read_chars(page: Page) -> PageChars:
    """Return the characters of a page. Takes time in proportion to them."""
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    page._layout = device.get_result()
    seen: list[Char] = []
    unpainted: list[Char] = []
    result = PageChars()
    grounds = _Grounds(page)
    for char in _drawn_once(page.chars):
        if not _is_on_page(char, page.cropbox) or char["size"] < TINY:
            result.hidden.append(char)
        elif char.get("tag") == _MARK:
            unpainted.append(char)
        elif _is_white(char["non_stroking_color"]) and not grounds.lie_under(char):
            result.hidden.append(char)
        else:
            seen.append(char)
    if _count(seen) < MIN_CHARACTERS <= _count(unpainted) and page.images:
        seen += unpainted
        result.recognised = True
    else:
        result.hidden += unpainted
    result.kept = {id(char) for char in seen}
    for char in seen:
        turned = _turned(char)
        result.turned.setdefault(turned, []).append(_upright(char, turned, float(page.width), float(page.height)))
    return result


def _count(chars: Iterable[Char]) -> int:
    return sum(bool(char["text"].strip()) for char in chars)


def _drawn_once(chars: list[Char]) -> list[Char]:
    """Leave out a character that is drawn again at nearly the same place, as programs do to make it look bold."""
    cells: dict[tuple[str, int, int], list[Char]] = {}
    kept = []
    for char in chars:
        near = min(1.0, char["size"] * 0.12)
        column, row = int(char["x0"] // 1), int(char["top"] // 1)
        again = any(
            abs(other["x0"] - char["x0"]) <= near
            and abs(other["top"] - char["top"]) <= near
            and abs(other["size"] - char["size"]) <= near
            for x in (column - 1, column, column + 1)
            for y in (row - 1, row, row + 1)
            for other in cells.get((char["text"], x, y), ())
        )
        if not again:
            cells.setdefault((char["text"], column, row), []).append(char)
            kept.append(char)
    return kept


def _is_on_page(char: Char, box: tuple[float, float, float, float]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _is_white(colour: Any) -> bool:
    parts = colour if isinstance(colour, (tuple, list)) else (colour,)
    if not parts or not all(isinstance(part, (int, float)) for part in parts):
        return False
    if len(parts) == 4:
        return max(parts) <= 0.03
    return len(parts) in (1, 3) and min(parts) >= 0.97


class _Grounds:
    """Where a page has pictures or coloured areas, by cells of some points."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cells: set[tuple[int, int]] | None = None

    def lie_under(self, char: Char) -> bool:
        if self.cells is None:
            self.cells = set()
            areas = [
                area
                for area in [*self.page.rects, *self.page.curves]
                if area.get("fill") and not _is_white(area.get("non_stroking_color"))
            ]
            for area in [*areas, *self.page.images]:
                self._enter(area)
        return (int(char["x0"] // _CELL), int(char["top"] // _CELL)) in self.cells

    def _enter(self, area: Char) -> None:
        assert self.cells is not None
        width, height = float(self.page.width), float(self.page.height)
        left, right = max(0.0, area["x0"]), min(width, area["x1"])
        top, bottom = max(0.0, area["top"]), min(height, area["bottom"])
        if len(self.cells) > (width / _CELL + 1) * (height / _CELL + 1) * 0.98:
            return
        for x in range(int(left // _CELL), int(right // _CELL) + 1):
            for y in range(int(top // _CELL), int(bottom // _CELL) + 1):
                self.cells.add((x, y))


def _turned(char: Char) -> int:
    """Return by how many quarters, clockwise, the page has to be turned to read a character."""
    across, up = char["matrix"][0], char["matrix"][1]
    if abs(across) >= abs(up):
        return 0 if across >= 0 else 2
    return 1 if up > 0 else 3


def _upright(char: Char, turned: int, width: float, height: float) -> Char:
    if turned == 0:
        return char
    if turned == 1:
        x0, x1, top, bottom = height - char["bottom"], height - char["top"], char["x0"], char["x1"]
    elif turned == 2:
        x0, x1, top, bottom = width - char["x1"], width - char["x0"], height - char["bottom"], height - char["top"]
    else:
        x0, x1, top, bottom = char["top"], char["bottom"], width - char["x1"], width - char["x0"]
    return char | {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "size": bottom - top}
