"""The characters of a PDF page as a person sees them: drawn once, visible, and turned the right way up."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from pdfminer.layout import LTChar, LTContainer, LTPage
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import Matrix, apply_matrix_rect
from pdfplumber.page import Page
from pdfplumber.pdf import PDF

from govplatform.untrusted_files.pdf_sight import Box, Colour, Paintings, Unseen, colour_of
from sites.documents_in.extraction.pdf.annotations import Annotations, Shown, read_annotations
from sites.documents_in.extraction.pdf.interpreter import (
    ANNOTATION,
    NOT_PAINTED,
    OUTLINE,
    Device,
    Interpreter,
    page_matrix,
)
from sites.documents_in.extraction.pdf.second import LAST, SecondReading, agree, is_plausible, is_unreadable
from sites.documents_in.extraction.word.symbols import symbol

Char = dict[str, Any]
MIN_CHARACTERS = 10
FIELD_SIZE = 10.0
_MOST_SAME = 20
#: The sign of printers for a type that is missing.
UNREAD = "〓"
Reading = Literal["own", "other", "disputed"]


@dataclass
class PageChars:
    """The characters of a page.

    raw: those that are seen, at their places on the page, by how many quarters of a circle, clockwise, the page is
    turned to read them (0 to 3). turned: the same, at the places that they have on the page once turned. hidden: what
    is not seen, by reason. recognised: whether the text is what a text recognition laid unseen over a scan. reading:
    whose they are: "other" for the second library, "disputed" when no two agree. unread: how many neither could read,
    for which a mark stands. doubled: what is drawn again at its place, to look bold. annotations: what those show.
    """

    turned: dict[int, list[Char]] = field(default_factory=dict)
    hidden: dict[Unseen, list[Char]] = field(default_factory=dict)
    raw: dict[int, list[Char]] = field(default_factory=dict)
    recognised: bool = False
    reading: Reading = "own"
    unread: int = 0
    doubled: list[str] = field(default_factory=list)
    annotations: Annotations = field(default_factory=lambda: Annotations([], []))


@dataclass(frozen=True)
class Viewing:
    """How a document is shown. off: numbers of the layers that are not; needs_appearances: fields by their values."""

    off: frozenset[int] = frozenset()
    needs_appearances: bool = False


def viewing_of(document: PDF) -> Viewing:
    """Return how the file says that it is to be shown."""
    catalog = document.doc.catalog
    layers = resolve1(catalog.get("OCProperties"))
    default = resolve1(layers.get("D")) if isinstance(layers, dict) else None
    off: set[int] = set()
    if isinstance(default, dict):
        state = resolve1(default.get("BaseState"))
        if isinstance(state, PSLiteral) and literal_name(state) == "OFF":
            off = _numbers(layers.get("OCGs")) - _numbers(default.get("ON"))
        off |= _numbers(default.get("OFF"))
    form = resolve1(catalog.get("AcroForm"))
    needs = isinstance(form, dict) and resolve1(form.get("NeedAppearances")) is True
    return Viewing(frozenset(off), needs)


def _numbers(items: Any) -> set[int]:
    items = resolve1(items)
    return {item.objid for item in items if isinstance(item, PDFObjRef)} if isinstance(items, list) else set()


def read_chars(page: Page, second: SecondReading, viewing: Viewing) -> PageChars:
    """Return the characters of a page. Takes time in proportion to them.

    The page's own list of characters holds afterwards what was taken from the other library, and what fields show.
    """
    device = Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    interpreter = Interpreter(page.pdf.rsrcmgr, device)
    interpreter.off = viewing.off
    result = PageChars()
    result.annotations = read_annotations(page.page_obj, needs_appearances=viewing.needs_appearances)
    interpreter.show(page.page_obj, result.annotations.shown)
    page._layout = device.get_result()
    page._objects = _objects(page, page._layout)
    _name_symbols(page)
    result.reading = _choose_reading(page, second)
    result.unread = _mend(page, second)
    for shown in result.annotations.shown:
        if shown.appearance is None and not interpreter.is_off(shown.layer):
            page.objects.setdefault("char", []).extend(_written(shown, page))
    seen = _look(page, device, result)
    for char in seen:
        result.raw.setdefault(_turned(char), []).append(char)
    result.turned = {turned: [upright(char, turned, page) for char in chars] for turned, chars in result.raw.items()}
    return result


def _objects(page: Page, layout: LTPage) -> dict[str, list[Char]]:
    """Return what a page paints by kind, as the library does; the characters with what is asked of them only."""
    result: dict[str, list[Char]] = {}
    left, above = float(page.mediabox[0]), float(page.height) + float(page.mediabox[1])
    waiting: list[Any] = [iter(layout)]
    while waiting:
        item: Any = next(waiting[-1], None)
        if item is None:
            waiting.pop()
        elif isinstance(item, LTContainer):
            waiting.append(iter(item))
        elif isinstance(item, LTChar):
            colour: Any = item.graphicstate.ncolor
            found = {
                "object_type": "char",
                "text": item.get_text(),
                "x0": item.x0 + left,
                "x1": item.x1 + left,
                "top": above - item.y1,
                "bottom": above - item.y0,
                "size": item.size,
                "matrix": item.matrix,
                "fontname": item.fontname,
                "ncs": item.ncs.name,
                "non_stroking_color": colour if isinstance(colour, tuple) else (colour,),
                "mcid": item.mcid,  # type: ignore[attr-defined]
                "tag": item.tag,  # type: ignore[attr-defined]
            }
            result.setdefault("char", []).append(found)
        else:
            other = page.process_object(item)
            result.setdefault(other["object_type"], []).append(other)
    return result


def _look(page: Page, device: Device, result: PageChars) -> list[Char]:
    """Return the characters that are seen, and note the others by the reason."""
    paintings = _paintings(page, device)
    colours: dict[Any, Colour | None] = {}
    seen: list[Char] = []
    for char in page.chars:
        tag = char.get("tag")
        key = char.get("ncs"), char["non_stroking_color"]
        try:
            if key not in colours:
                colours[key] = colour_of(str(key[0]), key[1])
            colour = colours[key]
        except TypeError:
            colour = None
        reason = paintings.unseen(
            (char["x0"], char["top"], char["x1"], char["bottom"]),
            char["size"] if _turned(char) % 2 == 0 else char["x1"] - char["x0"],
            char.get("mcid") or LAST,
            None if tag == OUTLINE else colour,
            painted=tag != NOT_PAINTED,
        )
        if reason is None:
            seen.append(char)
        else:
            result.hidden.setdefault(reason, []).append(char)
    # What is seen counts first: a letter below it at the same place is the same letter.
    hidden = [char for reason in result.hidden.values() for char in reason]
    once = {id(char) for char in _drawn_once([*seen, *hidden])}
    result.doubled = [char["text"] for char in [*seen, *hidden] if id(char) not in once]
    seen = [char for char in seen if id(char) in once]
    result.hidden = {
        reason: kept for reason, chars in result.hidden.items() if (kept := [c for c in chars if id(c) in once])
    }
    # A text recognition lays its letters unpainted over a scan, or paints them below it.
    laid: list[Unseen] = ["not painted", "covered"]
    unpainted = [char for reason in laid for char in result.hidden.get(reason, ())]
    if _count(seen) < MIN_CHARACTERS <= _count(unpainted) and page.images:
        seen += unpainted
        result.recognised = True
        for reason in laid:
            result.hidden.pop(reason, None)
    return seen


def _paintings(page: Page, device: Device) -> Paintings:
    left, top, height = float(page.mediabox[0]), float(page.mediabox[1]), float(page.height)

    def placed(box: Box) -> Box:
        return box[0] + left, height - box[3] + top, box[2] + left, height - box[1] + top

    # The library's own crop box stands elsewhere on a page that is turned.
    result = Paintings(placed(apply_matrix_rect(page_matrix(page.page_obj), _shown_box(page.page_obj))))
    for box, number, colour, covers in device.areas:
        result.add(placed(box), number, colour, covers=covers)
    return result


def _shown_box(page: PDFPage) -> Box:
    """Return the box of the page that is shown, in its own coordinates: the crop box within the media box."""
    media, crop = page.mediabox, page.cropbox or page.mediabox
    return max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3])


def _name_symbols(page: Page) -> None:
    """Write the characters that symbol fonts draw, such as bullets, in the place of their numbers."""
    for char in page.chars:
        if "\uf020" <= char["text"] <= "\uf0ff":
            font = str(char["fontname"]).rpartition("+")[2].partition("-")[0].lower()
            # A program that lacks the font of Word draws its symbols with this one.
            char["text"] = symbol("symbol" if font == "opensymbol" else font, ord(char["text"])) or char["text"]


def _choose_reading(page: Page, second: SecondReading) -> Reading:
    """Put the other library's characters in the place of those that the first one cannot read; say whose they are."""
    own = [char for char in page.chars if char.get("tag") != ANNOTATION]
    number = page.page_number - 1
    theirs = second.text(number)
    ours = "".join(char["text"] for char in own)
    if not is_plausible(theirs):
        return "own" if is_plausible(ours) else "disputed"
    if is_plausible(ours) and (own or not theirs.strip()):
        if agree(ours, theirs):
            return "own"
        # Both are fluent, so a third library is asked.
        third = second.third(number)
        if agree(ours, third) or not agree(theirs, third):
            return "own" if agree(ours, third) else "disputed"
    found = _second_chars(page, second)
    if not found:
        return "disputed" if own else "own"
    page.objects["char"] = found + [char for char in page.chars if char.get("tag") == ANNOTATION]
    return "other"


def _mend(page: Page, second: SecondReading) -> int:
    """Take single characters that could not be read from the other library; return how many neither could read."""
    bad = [char for char in page.chars if is_unreadable(char["text"])]
    if not bad:
        return 0
    theirs: dict[tuple[int, int], Char] = {}
    for char in _second_chars(page, second):
        theirs[_cell(char)] = char
    left = 0
    for char in bad:
        column, row = _cell(char)
        near = [theirs.get((column + x, row + y)) for x in (0, -1, 1) for y in (0, -1, 1)]
        text = next((other["text"] for other in near if other and other["text"].strip()), "")
        if text and not is_unreadable(text):
            char["text"] = text
        else:
            char["text"] = UNREAD
            left += 1
    return left


def _cell(char: Char) -> tuple[int, int]:
    return int((char["x0"] + char["x1"]) / 6), int((char["top"] + char["bottom"]) / 12)


def _second_chars(page: Page, second: SecondReading) -> list[Char]:
    origin = float(page.mediabox[0]), float(page.mediabox[1])
    return second.chars(page.page_number - 1, page_matrix(page.page_obj), float(page.height), origin)


def _written(shown: Shown, page: Page) -> list[Char]:
    """Return characters that stand where a field without an appearance shows its text."""
    x0, y0, x1, y1 = apply_matrix_rect(page_matrix(page.page_obj), shown.rectangle)
    left, top = x0 + float(page.mediabox[0]), float(page.height) - y1 + float(page.mediabox[1])
    size = min(FIELD_SIZE, max(y1 - y0, 4.0))
    upright: Matrix = (1, 0, 0, 1, 0, 0)
    result: list[Char] = []
    x, y = left, top + (max(0.0, y1 - y0 - size) / 2 if y1 - y0 < 2.5 * size else 0.0)
    for letter in shown.text:
        width = size * (0.5 if letter.isascii() else 1.0)
        if letter == "\n" or (x > left and x + width > left + (x1 - x0) and y + 2.4 * size < top + y1 - y0):
            x, y = left, y + size * 1.2
        if letter == "\n":
            continue
        place = {"x0": x, "x1": x + width, "top": y, "bottom": y + size}
        kind = {"object_type": "char", "text": letter, "size": size, "fontname": "", "matrix": upright}
        ink = {"ncs": "DeviceGray", "non_stroking_color": (0.0,), "mcid": LAST, "tag": OUTLINE}
        result.append(place | kind | ink)
        x += width
    return result


def _count(chars: Iterable[Char]) -> int:
    return sum(bool(char["text"].strip()) for char in chars)


def _drawn_once(chars: list[Char]) -> list[Char]:
    """Leave out a character that is drawn again at nearly the same place, as programs do to make it look bold."""
    cells: dict[tuple[str, int, int], list[Char]] = {}
    kept = []
    for char in chars:
        text, x0, top, size = char["text"], char["x0"], char["top"], char["size"]
        near = min(1.0, size * 0.12)
        again = False
        for x in range(int((x0 - near) // 2), int((x0 + near) // 2) + 1):
            for y in range(int((top - near) // 2), int((top + near) // 2) + 1):
                for other in cells.get((text, x, y), ()):
                    if (
                        abs(other["x0"] - x0) <= near
                        and abs(other["top"] - top) <= near
                        and abs(other["size"] - size) <= near
                    ):
                        again = True
        if not again:
            # Letters of very many sizes at one place are nobody's bold type.
            same = cells.setdefault((text, int(x0 // 2), int(top // 2)), [])
            if len(same) < _MOST_SAME:
                same.append(char)
            kept.append(char)
    return kept


def _turned(char: Char) -> int:
    """Return by how many quarters, clockwise, the page has to be turned to read a character."""
    across, up = char["matrix"][0], char["matrix"][1]
    if abs(across) >= abs(up):
        return 0 if across >= 0 else 2
    return 1 if up > 0 else 3


def upright(char: Char, turned: int, page: Page) -> Char:
    """Return a character with the position that it has once the page is turned, by quarters clockwise."""
    width, height = float(page.width), float(page.height)
    if turned == 0:
        return char
    if turned == 1:
        x0, x1, top, bottom = height - char["bottom"], height - char["top"], char["x0"], char["x1"]
    elif turned == 2:
        x0, x1, top, bottom = width - char["x1"], width - char["x0"], height - char["bottom"], height - char["top"]
    else:
        x0, x1, top, bottom = char["top"], char["bottom"], width - char["x1"], width - char["x0"]
    return char | {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "size": bottom - top}
