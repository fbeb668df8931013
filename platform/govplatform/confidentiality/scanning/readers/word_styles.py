"""The looks of text in a Word document that nobody sees: hidden, white on white, or too small to read."""

from dataclasses import dataclass
from typing import Any

from govplatform.untrusted_files.xml_limits import set_free

from .office_package import Package
from .xml_parts import attribute, local, xml_events

#: Half-points: 3 pt and less is no size to read.
TINY = 6
_OFF = ("0", "false", "off", "none")


@dataclass(slots=True)
class Look:
    """How text looks, as far as it is said; None: not said here. ``shaded``: something dark lies behind the text."""

    vanish: bool | None = None
    white: bool | None = None
    tiny: bool | None = None
    shaded: bool | None = None

    def over(self, below: "Look") -> "Look":
        """This look, with what it does not say taken from ``below``."""
        return Look(
            below.vanish if self.vanish is None else self.vanish,
            below.white if self.white is None else self.white,
            below.tiny if self.tiny is None else self.tiny,
            below.shaded if self.shaded is None else self.shaded,
        )

    @property
    def hidden(self) -> bool:
        """Whether text of this look is not seen."""
        return bool(self.vanish or self.tiny or (self.white and not self.shaded))


PLAIN = Look()


def look_of(properties: Any | None) -> Look:
    """The look that w:rPr, w:pPr or w:tcPr says."""
    look = Look()
    if properties is None:
        return look
    for child in properties:
        name = local(child)
        value = attribute(child, "val").lower()
        if name == "vanish":
            look.vanish = value not in _OFF
        elif name == "color":
            look.white = value == "ffffff" or attribute(child, "themeColor") in ("background1", "light1")
        elif name == "sz" and value.isdigit():
            look.tiny = int(value) <= TINY
        elif name == "shd":
            look.shaded = is_dark(child)
        elif name == "highlight":
            look.shaded = value not in ("none", "white")
    return look


def is_dark(shading: Any) -> bool:
    """Whether the shading (w:shd) has a fill other than white, or a pattern."""
    fill = attribute(shading, "fill").lower()
    return fill not in ("", "auto", "ffffff") or bool(attribute(shading, "themeFill")) or (
        attribute(shading, "val").lower() not in ("", "clear", "nil")
    )  # fmt: skip


def read_styles(package: Package, name: str) -> dict[str, Look]:
    """Read the part with styles: style id -> its look, with what it takes over from the styles it builds on."""
    own: dict[str, tuple[str, Look]] = {}
    for _event, element in xml_events(package.open(name), tag="{*}style"):
        base, look = "", Look()
        for child in element:
            if local(child) == "basedOn":
                base = attribute(child, "val")
            elif local(child) in ("rPr", "pPr"):
                look = look_of(child).over(look)
        own[attribute(element, "styleId")] = (base, look)
        set_free(element)
    return {style: _resolved(style, own) for style in own}


def _resolved(style: str, own: dict[str, tuple[str, Look]]) -> Look:
    look, seen = Look(), set()
    while style in own and style not in seen:
        seen.add(style)
        base, below = own[style]
        look, style = look.over(below), base
    return look
