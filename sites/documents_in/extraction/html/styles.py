"""What the styles of an HTML page say of each element: as far as they decide whether and how its text is seen."""

import re
from collections.abc import Iterable

from bs4 import Tag

Style = dict[str, str]

#: Properties that a reading needs; others are passed over.
_NEEDED = """
    display visibility opacity font-size color background background-color background-image position left right top
    bottom clip clip-path text-indent overflow width height max-width max-height transform text-decoration
    text-decoration-line vertical-align list-style list-style-type mso-hide
"""
PROPERTIES = frozenset(_NEEDED.split())
_SIMPLE = re.compile(r"[a-z0-9]*(?:[.#][\w-]+)?")
_NAMES = re.compile(r"[.#][\w-]+")
_RGB = re.compile(r"rgba?\(([^()]{1,60})\)")
_LENGTH = re.compile(r"(-?\d{0,8}\.?\d{0,8})(px|pt|em|rem|ex|ch|vw|vh|cm|mm|in|pc|%)?")
_POINTS = {"": 1.0, "px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 10.0, "vh": 10.0}
_POINTS |= {"cm": 38.0, "mm": 3.8, "in": 96.0, "pc": 16.0, "%": 10.0}
_COLOURS = {
    "white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "red": (255, 0, 0), "blue": (0, 0, 255), "green": (0, 128, 0), "yellow": (255, 255, 0), "gray": (128, 128, 128),
    "grey": (128, 128, 128), "silver": (192, 192, 192), "whitesmoke": (245, 245, 245), "navy": (0, 0, 128),
    "maroon": (128, 0, 0), "orange": (255, 165, 0), "purple": (128, 0, 128), "windowtext": (0, 0, 0),
}  # fmt: skip
Colour = tuple[int, int, int]


class StyleSheets:
    """The rules of a page's own `<style>` elements for one tag, class or id; rules of other forms are passed over.

    A name that a rule of another form shows (".tab.active") is hidden by none: which elements are meant is not known.
    """

    def __init__(self, sheets: Iterable[str]) -> None:
        self.rules: dict[str, Style] = {}
        shown: set[str] = set()
        for sheet in sheets:
            for selectors, style in _rules(sheet):
                for selector in map(str.strip, selectors.lower().split(",")):
                    if _SIMPLE.fullmatch(selector):
                        self.rules.setdefault(selector, {}).update(style)
                    elif not hides(style):
                        shown.update(_NAMES.findall(selector))
        for selector, style in self.rules.items():
            if shown.intersection(_NAMES.findall(selector)):
                for name in ("display", "visibility", "opacity"):
                    style.pop(name, None)

    def style_of(self, tag: Tag) -> Style:
        """Return the properties of an element, those of its own `style` over those of the page."""
        style: Style = {}
        if self.rules:
            name = tag.name.lower()
            classes = classes_of(tag)
            keys = [name]
            for each in classes:
                keys += [f".{each.lower()}", f"{name}.{each.lower()}"]
            if tag.get("id"):
                keys += [f"#{str(tag['id']).lower()}", f"{name}#{str(tag['id']).lower()}"]
            for key in keys:
                style.update(self.rules.get(key, {}))
        own = tag.get("style")
        if own:
            style.update(declarations(str(own)))
        return style


def classes_of(tag: Tag) -> list[str]:
    """Return the classes of an element."""
    value = tag.get("class")
    return value.split() if isinstance(value, str) else list(value or [])


def declarations(text: str) -> Style:
    """Return the properties in the text of a `style` attribute or of a rule; later ones count."""
    style: Style = {}
    for part in text.split(";"):
        name, colon, value = part.partition(":")
        name = name.strip().lower()
        if colon and name in PROPERTIES:
            style[name] = value.replace("!important", "").strip().lower()
    return style


def hides(style: Style) -> bool:
    """Say whether an element with this style is not seen, with all that it contains."""
    if style.get("display") == "none" or style.get("mso-hide") == "all":
        return True
    opacity = length(style.get("opacity", ""))
    if opacity is not None and opacity < 0.02:
        return True
    clip = style.get("clip", "").replace(" ", "").replace(",", "")
    if clip.startswith("rect(0") and not re.search("[2-9]", clip):
        return True
    if clip.startswith("rect(1px1px1px1px"):
        return True
    if re.match(r"inset\((?:50|100)%", style.get("clip-path", "")):
        return True
    if re.search(r"scale[xy]?\(0(?:\.0+)?[,)]", style.get("transform", "").replace(" ", "")):
        return True
    if style.get("overflow") in ("hidden", "clip") and any(
        _is_at_most(style.get(name, ""), 1) for name in ("width", "height", "max-width", "max-height")
    ):
        return True
    return _is_off_screen(style)


def _is_off_screen(style: Style) -> bool:
    if style.get("position") in ("absolute", "fixed") and any(
        _is_at_most(style.get(name, ""), -500) for name in ("left", "right", "top", "bottom")
    ):
        return True
    moved = re.match(r"translate[xy]?\(([^()]{1,40})\)", style.get("transform", ""))
    if moved and any(_is_at_most(part.strip(), -500) for part in moved[1].split(",")):
        return True
    return _is_at_most(style.get("text-indent", ""), -500)


def is_struck(style: Style) -> bool:
    """Say whether text of this style is struck through."""
    return "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", "")


def length(value: str) -> float | None:
    """Return a length in about pixels, a bare number as it is; None for anything else."""
    found = _LENGTH.fullmatch(value)
    if found is None or not found[1].strip("-."):
        return None
    return float(found[1]) * _POINTS[found[2] or ""]


def _is_at_most(value: str, most: float) -> bool:
    number = length(value)
    return number is not None and number <= most


def colour(value: str) -> Colour | None:
    """Return a colour as red, green and blue of 0 to 255; None for one that is not known or not opaque."""
    value = value.strip().lower()
    if value in _COLOURS:
        return _COLOURS[value]
    if re.fullmatch("#[0-9a-f]{3}", value):
        value = "#" + "".join(char * 2 for char in value[1:])
    if re.fullmatch("#[0-9a-f]{6}", value):
        return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)
    found = _RGB.fullmatch(value)
    parts = re.split(r"[\s,/]+", found[1].strip()) if found else []
    if len(parts) < 3 or not all(part.isdigit() for part in parts[:3]):
        return None
    if len(parts) > 3 and length(parts[3].rstrip("%")) != (100 if parts[3].endswith("%") else 1):
        return None
    return min(int(parts[0]), 255), min(int(parts[1]), 255), min(int(parts[2]), 255)


def is_clear(value: str) -> bool:
    """Say whether a colour lets everything through."""
    if value == "transparent":
        return True
    found = _RGB.fullmatch(value)
    parts = re.split(r"[\s,/]+", found[1].strip()) if found else []
    return len(parts) == 4 and length(parts[3].rstrip("%")) == 0


def is_alike(first: Colour, second: Colour) -> bool:
    """Say whether nobody can tell two colours apart."""
    return all(abs(a - b) <= 12 for a, b in zip(first, second, strict=True))


def _rules(sheet: str) -> Iterable[tuple[str, Style]]:
    """Yield (selectors, properties) of the rules that stand in no other, such as those for print alone."""
    first, *commented = sheet.replace("<!--", "").replace("-->", "").split("/*")
    text = first + "".join(part.partition("*/")[2] for part in commented)
    depth = 0
    for part in text.split("}"):
        opened = part.count("{")
        if depth == 0 and opened == 1:
            selectors, _, body = part.partition("{")
            selectors = selectors.rpartition(";")[2]
            if "@" not in selectors:
                yield selectors, declarations(body)
        depth = max(0, depth + opened - 1)
