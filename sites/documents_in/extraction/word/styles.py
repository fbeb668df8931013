"""The styles of a Word document: what a paragraph or run inherits through the styles that it is based on (17.7)."""

from dataclasses import dataclass
from typing import Any

from sites.documents_in.extraction.word.names import attribute, child, children, flag, is_set, number, value

_LONGEST_CHAIN = 50
_TITLES = frozenset({"title", "标题", "文件标题", "公文标题"})
_QUOTES = frozenset({"quote", "intense quote", "引用", "明显引用"})
_CONTENTS = ("toc ", "目录 ", "table of figures", "图表目录")


@dataclass(frozen=True)
class Style:
    """One style. name: in lower case; paragraph and run: its properties, elements or None."""

    identity: str
    kind: str
    name: str
    based_on: str
    paragraph: Any
    run: Any


class Styles:
    """The styles of a document by their ids. root: of the part with styles, or None."""

    def __init__(self, root: Any) -> None:
        self._styles: dict[str, Style] = {}
        self._toggled: dict[tuple[str, str, str], bool] = {}
        self._properties: dict[tuple[str, str, str], Any] = {}
        self._chains: dict[tuple[str, str], list[Style]] = {}
        self._default = ""
        self._run_defaults = child(root, "w:docDefaults", "w:rPrDefault", "w:rPr")
        for node in children(root, "w:style") if root is not None else ():
            identity = attribute(node, "w:styleId")
            kind = attribute(node, "w:type") or "paragraph"
            self._styles.setdefault(
                identity,
                Style(
                    identity=identity,
                    kind=kind,
                    name=value(node, "w:name").strip().lower(),
                    based_on=value(node, "w:basedOn"),
                    paragraph=child(node, "w:pPr"),
                    run=child(node, "w:rPr"),
                ),
            )
            if kind == "paragraph" and is_set(node, "w:default"):
                self._default = identity

    def chain(self, identity: str, kind: str) -> list[Style]:
        """Return a style and those it is based on, nearest first. An unknown paragraph style is the default one."""
        if kind == "paragraph" and identity not in self._styles:
            identity = self._default
        if (identity, kind) not in self._chains:
            self._chains[identity, kind] = self._follow(identity, kind)
        return self._chains[identity, kind]

    def _follow(self, identity: str, kind: str) -> list[Style]:
        found: list[Style] = []
        while identity in self._styles and len(found) < _LONGEST_CHAIN:
            style = self._styles[identity]
            if style.kind != kind or style in found:
                break
            found.append(style)
            identity = style.based_on
        return found

    def numbering_styles(self) -> dict[str, str]:
        """Return the numId of each numbering style by the style's id."""
        return {
            style.identity: value(style.paragraph, "w:numPr", "w:numId")
            for style in self._styles.values()
            if style.kind == "numbering"
        }

    def of_paragraph(self, properties: Any) -> list[Style]:
        """Return the styles of a paragraph with these properties (an element or None), nearest first."""
        return self.chain(value(properties, "w:pStyle"), "paragraph")

    def toggled(self, name: str, run: Any, paragraph_styles: list[Style]) -> bool:
        """Say whether a toggle property such as "w:vanish" is on for a run (17.7.3).

        Said of the run itself it counts as said; of a paragraph style and a character style, one undoes the other.
        """
        direct = flag(run, name)
        if direct is not None:
            return direct
        key = (name, value(run, "w:rStyle"), paragraph_styles[0].identity if paragraph_styles else "")
        if key not in self._toggled:
            by_paragraph = bool(_first_flag(name, paragraph_styles))
            by_character = bool(_first_flag(name, self.chain(key[1], "character")))
            self._toggled[key] = bool(flag(self._run_defaults, name)) or by_paragraph != by_character
        return self._toggled[key]

    def of_run_alone(self, name: str, run: Any) -> bool:
        """Say whether a toggle property is on by the run itself or its character style, whatever its paragraph is."""
        direct = flag(run, name)
        if direct is not None:
            return direct
        return bool(_first_flag(name, self.chain(value(run, "w:rStyle"), "character")))

    def run_property(self, name: str, run: Any, paragraph_styles: list[Style]) -> Any:
        """Return the element of a run's property ("w:rFonts"), of itself or the nearest style that has it; or None."""
        direct = child(run, name)
        if direct is not None:
            return direct
        key = (name, value(run, "w:rStyle"), paragraph_styles[0].identity if paragraph_styles else "")
        if key not in self._properties:
            styles = [*self.chain(key[1], "character"), *paragraph_styles]
            found = (child(properties, name) for properties in (*(s.run for s in styles), self._run_defaults))
            self._properties[key] = next((element for element in found if element is not None), None)
        return self._properties[key]

    def character_names(self, run: Any) -> set[str]:
        """Return the names of a run's character style and of those it is based on."""
        return {style.name for style in self.chain(value(run, "w:rStyle"), "character")}


def heading_level(properties: Any, styles: list[Style]) -> int:
    """Return 1 for a title, 2 to 4 for a heading, 0 for any other paragraph."""
    outline = value(properties, "w:outlineLvl")
    if outline:
        return _outlined(outline)
    for style in styles:
        if style.name in _TITLES:
            return 1
        outline = value(style.paragraph, "w:outlineLvl")
        if outline:
            return _outlined(outline)
        for prefix in ("heading ", "标题 "):
            depth = number(style.name.removeprefix(prefix)) if style.name.startswith(prefix) else 0
            if 1 <= depth <= 9:
                return min(depth + 1, 4)
    return 0


def is_quotation(styles: list[Style]) -> bool:
    """Say whether a paragraph has one of Word's styles for quotations."""
    return any(style.name in _QUOTES for style in styles)


def is_contents_line(styles: list[Style]) -> bool:
    """Say whether a paragraph has a style of Word's for the lines of a table of contents."""
    return bool(styles) and styles[0].name.startswith(_CONTENTS) and not is_contents_heading(styles)


def is_contents_heading(styles: list[Style]) -> bool:
    """Say whether a paragraph has Word's style for the heading above a table of contents."""
    return bool(styles) and styles[0].name in ("toc heading", "toc 标题")


def _outlined(text: str) -> int:
    depth = number(text, 9)
    return min(depth + 2, 4) if 0 <= depth <= 8 else 0


def _first_flag(name: str, styles: list[Style]) -> bool | None:
    """Return what the nearest of the styles that has the property says, None where none has it."""
    return next((said for style in styles if (said := flag(style.run, name)) is not None), None)
