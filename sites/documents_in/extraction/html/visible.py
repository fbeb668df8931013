"""What of an HTML page a person does not see: taken out of its tree before it is read, and counted."""

from dataclasses import dataclass, field, replace
from typing import Any

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.html.styles import (
    Colour,
    Style,
    StyleSheets,
    colour,
    hides,
    is_alike,
    is_clear,
    is_struck,
    length,
)
from sites.documents_in.extraction.spacing import shortened, tidy

WHITE = (255, 255, 255)
ENOUGH = 60
_STRUCK = ("del", "s", "strike")
_NO_TEXT = ("script", "style", "template", "noscript", "head", "title")


@dataclass(frozen=True)
class _Sight:
    """What an element takes over from those around it. background: None where it is not known."""

    hidden: bool = False
    tiny: bool = False
    clear: bool = False
    colour: Colour | None = (0, 0, 0)
    background: Colour | None = WHITE

    def sees(self) -> bool:
        alike = self.colour is not None and self.background is not None and is_alike(self.colour, self.background)
        return not (self.hidden or self.tiny or self.clear or alike)


@dataclass
class _Found:
    unseen: list[Any] = field(default_factory=list)
    struck: list[Any] = field(default_factory=list)
    raised: list[tuple[Tag, str]] = field(default_factory=list)
    seen: int = 0


def take_out_unseen(body: Tag, main: list[Tag], sheets: StyleSheets) -> tuple[list[str], list[str]]:
    """Take out of a page what its styles hide and what is struck through; return the warnings on it and its texts.

    main: the elements that hold the article, if known. Pages that a script shows once it has run hide it at first, so
    it counts as seen, and so does a hidden element where hardly anything else is left. Ruby readings get brackets,
    text that a style raises or lowers becomes `<sup>` or `<sub>`.
    """
    warnings: list[str] = []
    left_out: list[str] = []
    kept = {id(node) for tag in main for node in (tag, *tag.parents)}
    found = _look(body, sheets, kept)
    if not main and found.seen < ENOUGH:
        hidden = max((node for node in found.unseen if isinstance(node, Tag)), key=_size, default=None)
        if hidden is not None and _size(hidden) >= ENOUGH:
            kept = {id(hidden)} | {id(tag) for tag in hidden.parents}
            found = _look(body, sheets, kept)
            warnings.append(gettext_noop("网页的正文要由脚本显示出来，原样打开时看不见；已取其文字，请核对。"))
    for sentence, nodes in (
        (gettext_noop("隐藏内容 %(count)s 处（看不见的文字）未导入，请核对：%(shown)s。"), found.unseen),
        (gettext_noop("文档含有 %(count)s 处带删除线的文字，未导入，请核对：%(shown)s。"), found.struck),
    ):
        texts = [text for text in map(_text, nodes) if text]
        left_out += texts
        if texts:
            shown = "；".join(f"“{shortened(text, 20)}”" for text in texts[:8])
            warnings.append(said(sentence, count=len(texts), shown=shown))
    for node in found.unseen + found.struck:
        node.extract()
    for tag, name in found.raised:
        tag.name = name
    _bracket_readings(body)
    return warnings, left_out


def _look(body: Tag, sheets: StyleSheets, kept: set[int]) -> _Found:
    found = _Found()

    def look(tag: Tag, around: _Sight) -> None:
        for child in tag.children:
            if isinstance(child, Tag):
                style = sheets.style_of(child)
                name = child.name.lower()
                if name in _NO_TEXT:
                    continue
                if id(child) not in kept:
                    if child.has_attr("hidden") or hides(style):
                        found.unseen.append(child)
                        continue
                    if name in _STRUCK or is_struck(style):
                        found.struck.append(child)
                        continue
                elif "visibility" in style:
                    del style["visibility"]
                if name == "span" and style.get("vertical-align") in ("super", "sub"):
                    found.raised.append((child, "sup" if style["vertical-align"] == "super" else "sub"))
                look(child, _sight(child, style, around))
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString) and child.strip():
                if around.sees():
                    found.seen += len(child)
                else:
                    found.unseen.append(child)

    look(body, _Sight())
    return found


def _sight(tag: Tag, style: Style, around: _Sight) -> _Sight:
    sight = around
    if "visibility" in style:
        sight = replace(sight, hidden=style["visibility"] in ("hidden", "collapse"))
    size = style.get("font-size", "")
    number = length(size)
    if number is not None and (number < 0.5 or not size.endswith(("em", "%")) or size.endswith("rem")):
        # A size relative to nothing is nothing.
        sight = replace(sight, tiny=number < 0.5)
    ink = style.get("color") or (str(tag.get("color", "")) if tag.name == "font" else "")
    if ink and ink != "inherit":
        sight = replace(sight, colour=colour(ink), clear=is_clear(ink))
    ground = style.get("background-color") or style.get("background") or str(tag.get("bgcolor", ""))
    if "url(" in style.get("background", "") + style.get("background-image", "") or tag.get("background"):
        sight = replace(sight, background=None)
    elif ground and not is_clear(ground) and ground not in ("none", "inherit", "initial"):
        sight = replace(sight, background=colour(ground.split(" ")[0] if "(" not in ground else ground))
    return sight


def _bracket_readings(body: Tag) -> None:
    """Set the readings of `<ruby>` in brackets behind their base text; brackets that the page has are not doubled."""
    for tag in body.find_all("rp"):
        tag.extract()
    for tag in body.find_all("rt"):
        text = tidy(tag.get_text())
        if text:
            tag.replace_with(NavigableString(f"（{text}）"))


def _text(node: Any) -> str:
    return tidy(node.get_text() if isinstance(node, Tag) else str(node))


def _size(node: Tag) -> int:
    return len(tidy(node.get_text()))
