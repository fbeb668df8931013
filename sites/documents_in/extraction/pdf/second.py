"""The second reading of a PDF, by another library: whether the first one is right, and what stands for it if not."""

import ctypes
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
from pdfminer.utils import Matrix, apply_matrix_rect, mult_matrix

from govplatform.untrusted_files.characters import fold_characters
from govplatform.untrusted_files.encodings import is_everyday
from govplatform.untrusted_files.pdf_sight import OUTLINED, UNPAINTED

#: Fewer ideographs than this on a page prove nothing.
FEW = 10
_SAME = 0.8
_EVERYDAY = 0.8
_UNREADABLE = 0.05
#: After the library's own characters in the order of painting: what lies under it is all that the page paints.
LAST = 1 << 30


#: What no character of a reading is: a number in its place, a place holder, a control, of a private area.
_UNREAD = re.compile("\\(cid:\\d+\\)|[\ufffd\ue000-\uf8ff\x01-\x08\x0e-\x1f]")
#: Scripts that no Chinese document is written in, which the numbers of glyphs look like.
_STRANGE = re.compile("[\u0180-\u02ff\u0530-\u05ff\u0700-\u0eff\u1000-\u17ff\u1a00-\u1fff\ua4d0-\uabff]")


def is_unreadable(text: str) -> bool:
    """Say whether one character of a reading is none."""
    return _UNREAD.match(text) is not None


def ideographs(text: str) -> "Counter[str]":
    """Return how often each ideograph stands in a text, radicals folded into ordinary ones."""
    return Counter(char for char in fold_characters(text) if "\u4e00" <= char <= "\u9fff")


def is_plausible(text: str) -> bool:
    """Say whether a page's text may be right: hardly a character unreadable, and no text of rare ideographs."""
    readable, unreadable = _UNREAD.subn("", "".join(text.split()))
    unreadable += len(_STRANGE.findall(readable))
    if unreadable > (len(readable) + unreadable) * _UNREADABLE:
        return False
    found = ideographs(readable)
    everyday = sum(count for char, count in found.items() if is_everyday(char))
    return found.total() < FEW or everyday >= found.total() * _EVERYDAY


def agree(one: str, other: str) -> bool:
    """Say whether two readings of a page have the same ideographs but for a few, or too few to say."""
    ours, theirs = ideographs(one), ideographs(other)
    if min(ours.total(), theirs.total()) < FEW:
        return True
    return (ours & theirs).total() >= min(ours.total(), theirs.total()) * _SAME


class SecondReading:
    """A PDF as another library reads it; use with `with`. Pages count from 0."""

    def __init__(self, path: Path, reader: pypdf.PdfReader) -> None:
        self._reader = reader
        self._read: tuple[int, str] = (-1, "")
        try:
            self._document: Any = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError:
            self._document = None

    def __enter__(self) -> "SecondReading":
        return self

    def __exit__(self, *error: object) -> None:
        if self._document is not None:
            self._document.close()

    def text(self, number: int) -> str:
        """Return the text of a page; "" when it cannot be read. The page asked for last is remembered."""
        if self._read[0] != number:
            self._read = number, self._text(number)
        return self._read[1]

    def _text(self, number: int) -> str:
        if self._document is None or number >= len(self._document):
            return ""
        try:
            page = self._document[number]
        except pypdfium2.PdfiumError:
            return ""
        try:
            texts = page.get_textpage()
            try:
                return str(texts.get_text_range(errors="replace")).replace("\ufffe", "").replace("\x00", "")
            finally:
                texts.close()
        except pypdfium2.PdfiumError:
            return ""
        finally:
            page.close()

    def third(self, number: int) -> str:
        """Return the text of a page as a third library reads it, slowly; "" when it cannot."""
        try:
            return self._reader.pages[number].extract_text()
        except (MemoryError, RecursionError):
            raise
        except Exception:
            # It raises whatever a damaged object makes it stumble over.
            return ""

    def chars(self, number: int, matrix: Matrix, height: float, origin: tuple[float, float]) -> list[dict[str, Any]]:
        """Return the characters of a page in the form of the first library.

        matrix: turns the page's coordinates into those of its viewer, height in points; origin: left and top of the
        first library's page.
        """
        if self._document is None or number >= len(self._document):
            return []
        page = self._document[number]
        texts = page.get_textpage()
        try:
            found = (_char(texts, index, matrix, height, origin) for index in range(texts.count_chars()))
            return [char for char in found if char is not None]
        finally:
            texts.close()
            page.close()


def _char(texts: Any, index: int, matrix: Matrix, height: float, origin: tuple[float, float]) -> dict[str, Any] | None:
    text = chr(pdfium.FPDFText_GetUnicode(texts, index))
    if pdfium.FPDFText_IsGenerated(texts, index) == 1 or text in "\r\n\x00\ufffe":
        return None
    box, turned = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetLooseCharBox(texts, index, box) or not pdfium.FPDFText_GetMatrix(texts, index, turned):
        return None
    x0, y0, x1, y1 = apply_matrix_rect(matrix, (box.left, box.bottom, box.right, box.top))
    parts = [ctypes.c_uint() for _ in range(4)]
    known = pdfium.FPDFText_GetFillColor(texts, index, *parts)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(pdfium.FPDFText_GetTextObject(texts, index))
    upright = mult_matrix((turned.a, turned.b, turned.c, turned.d, turned.e, turned.f), matrix)
    sideways = abs(upright[1]) > abs(upright[0])
    return {
        "object_type": "char",
        "text": text,
        "x0": x0 + origin[0],
        "x1": x1 + origin[0],
        "top": height - y1 + origin[1],
        "bottom": height - y0 + origin[1],
        "size": x1 - x0 if sideways else y1 - y0,
        "matrix": upright,
        "fontname": "",
        "ncs": "DeviceRGB",
        "non_stroking_color": tuple(part.value / 255 for part in parts[:3]) if known else (0.0, 0.0, 0.0),
        "mcid": LAST,
        "tag": "not painted" if mode in UNPAINTED else "outline" if mode in OUTLINED else None,
    }
