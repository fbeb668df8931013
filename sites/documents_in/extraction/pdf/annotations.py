"""The annotations of a PDF page that show text: form fields, text on the page, stamps."""

from dataclasses import dataclass
from typing import Any

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import decode_text

#: Flags of an annotation (ISO 32000-1, 12.5.3): hidden, not on the screen. One that is only not printed is seen.
_HIDDEN = 1 << 1
_NO_VIEW = 1 << 5
#: Flags of fields (12.7.4).
_PASSWORD = 1 << 13
_RADIO = 1 << 15
_BUTTON = 1 << 16
#: What shows as a sign, or only when somebody points at it.
_SIGNS = ("Link", "Popup", "Text", "FileAttachment", "Sound", "Movie", "Screen", "Highlight", "Underline", "Squiggly")
_VALUED = ("Widget", "FreeText")
_DEEPEST = 32


@dataclass
class Shown:
    """What an annotation shows.

    rectangle: x0, y0, x1, y1 in the page's own coordinates. appearance: the stream that paints it; text: what stands
    there without one, or when it is damaged. layer: the layer that it belongs to, as the file has it.
    """

    rectangle: tuple[float, float, float, float]
    appearance: PDFStream | None = None
    text: str = ""
    layer: Any = None


@dataclass
class Annotations:
    """What the annotations of a page show.

    hidden: the texts of those that do not show. notes: how many remarks open only on a click; buttons: how many there
    are, which are no part of the text.
    """

    shown: list[Shown]
    hidden: list[str]
    notes: int = 0
    buttons: int = 0


def read_annotations(page: PDFPage, *, needs_appearances: bool = False) -> Annotations:
    """Return what the annotations of a page show. needs_appearances: whether viewers paint fields by their values."""
    result = Annotations([], [])
    items = resolve1(page.annots)
    for item in items if isinstance(items, list) else []:
        annotation = resolve1(item)
        if isinstance(annotation, dict):
            _read(annotation, result, needs_appearances=needs_appearances)
    return result


def _read(annotation: dict[str, Any], result: Annotations, *, needs_appearances: bool) -> None:
    kind = _name(annotation.get("Subtype"))
    contents = _text(annotation.get("Contents"))
    flags = _number(annotation.get("F"))
    rectangle = _rectangle(annotation.get("Rect"))
    if kind in _SIGNS:
        result.notes += bool(contents) and kind not in ("Link", "Popup")
        return
    field_kind = _name(_inherited(annotation, "FT")) if kind == "Widget" else ""
    field_flags = _number(_inherited(annotation, "Ff"))
    text = contents
    if kind == "Widget":
        text = "" if field_kind == "Tx" and field_flags & _PASSWORD else _value(annotation)
    if field_kind == "Btn" and field_flags & _BUTTON:
        result.buttons += 1
        return
    if flags & (_HIDDEN | _NO_VIEW) or rectangle is None or rectangle[0] == rectangle[2]:
        if text and field_kind != "Btn":
            result.hidden.append(text)
        return
    appearance, is_on = _appearance(annotation)
    layer = annotation.get("OC")
    if field_kind == "Btn":
        signs = "○●" if field_flags & _RADIO else "☐☑"
        result.shown.append(Shown(rectangle, text=signs[is_on], layer=layer))
    elif appearance is not None and not (needs_appearances and kind == "Widget" and text):
        result.shown.append(Shown(rectangle, appearance, text if kind in _VALUED else "", layer))
    elif text and kind in _VALUED:
        result.shown.append(Shown(rectangle, text=text, layer=layer))


def _appearance(annotation: dict[str, Any]) -> tuple[PDFStream | None, bool]:
    """Return (the stream that paints an annotation now, whether a box or a button is on)."""
    state = _name(annotation.get("AS"))
    looks = resolve1(annotation.get("AP"))
    normal = resolve1(looks.get("N")) if isinstance(looks, dict) else None
    if isinstance(normal, dict):
        normal = resolve1(normal.get(state))
    if not isinstance(normal, PDFStream) or not isinstance(resolve1(normal.get("BBox")), list):
        normal = None
    return normal, state not in ("", "Off")


def _value(annotation: dict[str, Any]) -> str:
    """Return what is filled in: a text, or the names of what was chosen."""
    value = resolve1(_inherited(annotation, "V"))
    chosen = [_text(one) for one in (value if isinstance(value, list) else [value])]
    names: dict[str, str] = {}
    options = resolve1(_inherited(annotation, "Opt"))
    for option in options if isinstance(options, list) else []:
        pair = resolve1(option)
        if isinstance(pair, list) and len(pair) == 2:
            names[_text(pair[0])] = _text(pair[1])
    return "，".join(names.get(one, one) for one in chosen if one)


def _inherited(annotation: dict[str, Any], key: str) -> Any:
    node: Any = annotation
    for _ in range(_DEEPEST):
        if not isinstance(node, dict):
            return None
        if key in node:
            return resolve1(node[key])
        node = resolve1(node.get("Parent"))
    return None


def _text(value: Any) -> str:
    value = resolve1(value)
    if isinstance(value, PDFStream):
        value = value.get_data()
    if isinstance(value, bytes):
        return decode_text(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    return value.strip() if isinstance(value, str) else ""


def _name(value: Any) -> str:
    value = resolve1(value)
    return str(literal_name(value)) if isinstance(value, PSLiteral) else ""


def _number(value: Any) -> int:
    value = resolve1(value)
    return value if isinstance(value, int) else 0


def _rectangle(value: Any) -> tuple[float, float, float, float] | None:
    value = resolve1(value)
    numbers = [resolve1(one) for one in value] if isinstance(value, list) else []
    if len(numbers) != 4 or not all(isinstance(one, (int, float)) for one in numbers):
        return None
    x0, y0, x1, y1 = map(float, numbers)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
