"""The text of a PDF page: what a person sees of it, and what not: covered, unpainted, in the colour of its ground."""

import ctypes
from dataclasses import dataclass
from functools import partial
from typing import Any

import pypdfium2.raw as pdfium

from govplatform.untrusted_files.pdf_sight import (
    FAINT,
    OPAQUE,
    OUTLINED,
    TINY,
    UNPAINTED,
    Box,
    Colour,
    Paintings,
    Unseen,
)

#: So few characters on a page with a picture are a page number under a scanned page.
FEW = 12
#: Of more objects than these a page's sight is not asked: all of its text counts as seen.
MOST_OBJECTS = 50_000
_DEEPEST = 5
_PALE = 0.9
#: So many pictures of a page are compared with its text, and so many of them looked at closely.
_MOST_COMPARED = 500
_MOST_PICTURES = 50
_LAID: tuple[Unseen, ...] = ("not painted", "covered")
_Matrix = tuple[float, float, float, float, float, float]
_PLAIN: _Matrix = (1, 0, 0, 1, 0, 0)


@dataclass
class PageText:
    """The text of a page; hidden: what is not seen of it; pictures: whether the page has any, asked for short texts."""

    text: str
    hidden: str = ""
    pictures: bool = False


def read_page(document: Any, index: int) -> PageText:
    """Read a page, which counts from 0. Raises PdfiumError."""
    page = document[index]
    try:
        texts = page.get_textpage()
        try:
            painted = _Painted(page, document)
            parts = _apart(texts, painted) if painted.is_doubtful else None
            if parts is None:
                parts = str(texts.get_text_range(errors="replace")), ""
        finally:
            texts.close()
        return PageText(_clean(parts[0]), _clean(parts[1]), painted.pictures)
    finally:
        page.close()


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").replace("\ufffe", "")


def _address(item: Any) -> int:
    return ctypes.cast(item, ctypes.c_void_p).value or 0


@dataclass
class _Ink:
    order: int
    painted: bool
    outlined: bool


@dataclass
class _Area:
    box: Box
    order: int
    colour: Colour | None
    covers: bool
    image: Any = None


class _Painted:
    """What a page paints, in order. is_doubtful: whether some of its text may not be seen."""

    def __init__(self, page: Any, document: Any) -> None:
        self.page = page
        self.document = document
        self.box: Box = tuple(page.get_cropbox())
        self.areas: list[_Area] = []
        self.texts: list[tuple[int, Box]] = []
        self.inks: dict[int, _Ink] = {}
        self.pictures = False
        self.is_doubtful = False
        self._seen = 0
        count = pdfium.FPDFPage_CountObjects(page)
        self._walk((pdfium.FPDFPage_GetObject(page, place) for place in range(count)), _PLAIN, 0)
        if self._seen > MOST_OBJECTS:
            self.is_doubtful = False

    def _walk(self, items: Any, matrix: _Matrix, depth: int) -> None:
        for item in items:
            self._seen += 1
            if not item or self._seen > MOST_OBJECTS:
                return
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self._text(item, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM:
                if depth < _DEEPEST:
                    own = pdfium.FS_MATRIX()
                    pdfium.FPDFPageObj_GetMatrix(item, own)
                    inner = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
                    count = pdfium.FPDFFormObj_CountObjects(item)
                    parts = (pdfium.FPDFFormObj_GetObject(item, place) for place in range(count))
                    self._walk(parts, inner, depth + 1)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self.pictures = True
                opaque = not pdfium.FPDFPageObj_HasTransparency(item)
                self._area(item, matrix, None, covers=opaque, image=item)
            elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                mode, stroke = ctypes.c_int(), ctypes.c_int()
                if pdfium.FPDFPath_GetDrawMode(item, mode, stroke) and mode.value:
                    colour, alpha = _colour(pdfium.FPDFPageObj_GetFillColor, item)
                    whole = _is_box(pdfium.FPDFPath_CountSegments(item), item)
                    plain = whole and alpha >= OPAQUE and not pdfium.FPDFPageObj_HasTransparency(item)
                    self._area(item, matrix, colour if plain else None, covers=plain)

    def _text(self, item: Any, matrix: _Matrix) -> None:
        mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
        colour, alpha = _colour(pdfium.FPDFPageObj_GetFillColor, item)
        painted = mode not in UNPAINTED and alpha >= FAINT
        self.inks[_address(item)] = _Ink(self._seen, painted, mode in OUTLINED)
        box = _bounds(item, matrix)
        if box is not None:
            self.texts.append((self._seen, box))
        outside = box is not None and (
            box[0] < self.box[0] or box[1] < self.box[1] or box[2] > self.box[2] or box[3] > self.box[3]
        )
        small = box is not None and min(box[2] - box[0], box[3] - box[1]) < 2 * TINY
        pale = colour is not None and min(colour) >= _PALE
        self.is_doubtful = self.is_doubtful or not painted or outside or small or pale

    def paintings(self) -> Paintings:
        """Return the areas; of the pictures that lie over text, those that one sees through cover nothing."""
        result = Paintings(self.box)
        looked = asked = 0
        for area in self.areas:
            covers = area.covers
            if covers and area.image is not None:
                looked += 1
                over = looked <= _MOST_COMPARED and any(
                    order < area.order and _overlap(box, area.box) for order, box in self.texts
                )
                asked += over
                covers = over and asked <= _MOST_PICTURES and self._is_whole(area.image)
            result.add(area.box, area.order, area.colour, covers=covers)
        return result

    def _is_whole(self, image: Any) -> bool:
        """Say whether a picture is opaque everywhere: no mask cuts it out."""
        bitmap = pdfium.FPDFImageObj_GetRenderedBitmap(self.document, self.page, image)
        if not bitmap:
            return False
        try:
            if pdfium.FPDFBitmap_GetFormat(bitmap) != pdfium.FPDFBitmap_BGRA:
                return True
            width, height = pdfium.FPDFBitmap_GetWidth(bitmap), pdfium.FPDFBitmap_GetHeight(bitmap)
            stride = pdfium.FPDFBitmap_GetStride(bitmap)
            data = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
            # The outermost lines of a turned or scaled picture are mixed with nothing.
            rows = range(1, height - 1) if height > 2 else range(height)
            inner = slice(7, 4 * (width - 1), 4) if width > 2 else slice(3, 4 * width, 4)
            return all(min(data[row * stride : row * stride + 4 * width][inner]) > 229 for row in rows)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)

    def _area(self, item: Any, matrix: _Matrix, colour: Colour | None, *, covers: bool, image: Any = None) -> None:
        box = _bounds(item, matrix)
        if box is None:
            return
        clip, exact = _clip(item)
        if clip is not None and matrix == _PLAIN:
            box = max(box[0], clip[0]), max(box[1], clip[1]), min(box[2], clip[2]), min(box[3], clip[3])
        covers = covers and exact and (clip is None or matrix == _PLAIN)
        self.areas.append(_Area(box, self._seen, colour if covers else None, covers, image))
        # A rule of a table hides no letter.
        self.is_doubtful = self.is_doubtful or min(box[2] - box[0], box[3] - box[1]) > 2 * TINY


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _is_box(segments: int, item: Any, get: Any = pdfium.FPDFPath_GetPathSegment) -> bool:
    if not 4 <= segments <= 6:
        return False
    xs, ys = _points(segments, item, get)
    return len(set(xs)) == 2 and len(set(ys)) == 2


def _points(segments: int, item: Any, get: Any) -> tuple[list[float], list[float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    xs, ys = [], []
    for place in range(segments):
        segment = get(item, place)
        if segment and pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            xs.append(round(x.value, 2))
            ys.append(round(y.value, 2))
    return xs, ys


def _clip(item: Any) -> tuple[Box | None, bool]:
    """Return (the box in which an object shows, None for the page; whether that is the very figure)."""
    clip = pdfium.FPDFPageObj_GetClipPath(item)
    count = pdfium.FPDFClipPath_CountPaths(clip) if clip else 0
    box: Box | None = None
    exact = True
    for number in range(max(count, 0)):
        segments = pdfium.FPDFClipPath_CountPathSegments(clip, number)
        xs, ys = _points(segments, clip, partial(_segment, number))
        if not xs:
            continue
        own = min(xs), min(ys), max(xs), max(ys)
        exact = exact and 4 <= segments <= 6 and len(set(xs)) == 2 and len(set(ys)) == 2
        box = (
            own if box is None else (max(box[0], own[0]), max(box[1], own[1]), min(box[2], own[2]), min(box[3], own[3]))
        )
    return box, exact


def _segment(path: int, clip: Any, place: int) -> Any:
    return pdfium.FPDFClipPath_GetPathSegment(clip, path, place)


def _bounds(item: Any, matrix: _Matrix) -> Box | None:
    left, low, right, high = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item, left, low, right, high):
        return None
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (left.value, right.value) for y in (low.value, high.value)]
    xs = [a * x + c * y + e for x, y in corners]
    ys = [b * x + d * y + f for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _colour(get: Any, *item: Any) -> tuple[Colour | None, float]:
    """Return (colour, how opaque it is from 0 to 1)."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get(*item, red, green, blue, alpha):
        return None, 1.0
    return (red.value / 255, green.value / 255, blue.value / 255), alpha.value / 255


def _times(one: _Matrix, other: _Matrix) -> _Matrix:
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _apart(texts: Any, painted: _Painted) -> tuple[str, str] | None:
    """Return (what is seen, what is not) of a page's text; None when all is seen."""
    box = pdfium.FS_RECTF()
    letters: list[tuple[str, Unseen | None]] = []
    areas = painted.paintings()
    reason: Unseen | None = None
    for place in range(texts.count_chars()):
        code = pdfium.FPDFText_GetUnicode(texts, place)
        letter = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        # A space or line end that the library adds belongs to what stands before it.
        if pdfium.FPDFText_IsGenerated(texts, place) != 1 and pdfium.FPDFText_GetLooseCharBox(texts, place, box):
            ink = painted.inks.get(_address(pdfium.FPDFText_GetTextObject(texts, place)))
            if ink is not None:
                colour, _ = _colour(pdfium.FPDFText_GetFillColor, texts, place)
                size = max(box.right - box.left, box.top - box.bottom)
                where = box.left, box.bottom, box.right, box.top
                shade = None if ink.outlined else colour
                reason = areas.unseen(where, size, ink.order, shade, painted=ink.painted)
        letters.append((letter, reason))
    unseen = [reason for letter, reason in letters if reason and letter.strip()]
    if not unseen:
        return None
    seen = sum(bool(letter.strip()) for letter, reason in letters if reason is None)
    if seen <= FEW < sum(reason in _LAID for reason in unseen) and painted.pictures:
        # What a text recognition laid over a scan, or painted below it, is what the picture shows.
        return None
    return _joined(letters, hidden=False), _joined(letters, hidden=True)


def _joined(letters: list[tuple[str, Unseen | None]], *, hidden: bool) -> str:
    text: list[str] = []
    apart = False
    for letter, reason in letters:
        if bool(reason) is hidden:
            if apart and text:
                text.append("\n")
            text.append(letter)
        apart = bool(reason) is not hidden
    return "".join(text)
