"""The lists of a Word document and their counting (ECMA-376 Part 1, 17.9): which number each paragraph carries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sites.documents_in.extraction.word.names import attribute, child, children, is_on, name_of, number, value
from sites.documents_in.extraction.word.number_formats import format_number
from sites.documents_in.extraction.word.styles import Style

LEVELS = 9
_PLACE = re.compile("%([1-9])")


@dataclass(frozen=True)
class Level:
    """One level of a list. form, pattern: its number format; text: such as "第%1条"; restart: None as usual.

    restart: the level, counted from one, after which this one begins anew; 0: never. legal: all numbers in digits.
    style: id of the paragraph style that stands for this level. suffix: tab, space or nothing.
    """

    form: str = "decimal"
    pattern: str = ""
    text: str = ""
    start: int = 0
    restart: int | None = None
    legal: bool = False
    suffix: str = "tab"
    style: str = ""
    font: str = ""


@dataclass(frozen=True)
class List:
    """One list as paragraphs name it. counted_with: what it shares its counters with.

    starts: first numbers that this list has of its own, by level.
    """

    counted_with: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(frozen=True)
class Label:
    """The number of one paragraph. text: as printed, without what separates it from the paragraph; unknown: format."""

    text: str
    level: int
    value: int
    definition: Level
    counted_with: str
    unknown: str = ""

    @property
    def is_bullet(self) -> bool:
        """Whether it is a bullet and no number."""
        return self.definition.form == "bullet"


class Lists:
    """The lists of a document by their ids.

    root: of the part with numberings, or None; numbering_styles: numId by the id of the style.
    """

    def __init__(self, root: Any, numbering_styles: dict[str, str]) -> None:
        self._lists: dict[str, List] = {}
        if root is None:
            return
        abstract = {attribute(node, "w:abstractNumId"): node for node in children(root, "w:abstractNum")}
        instances = {attribute(node, "w:numId"): node for node in children(root, "w:num")}
        named: dict[str, str] = {}
        levels: dict[str, dict[int, Level]] = {}
        for key, node in abstract.items():
            named.setdefault(value(node, "w:styleLink"), key)
        for identity, node in instances.items():
            target = value(node, "w:abstractNumId")
            for _ in range(LEVELS):
                # A list by a numbering style: the style's own list has the levels.
                link = value(abstract.get(target), "w:numStyleLink")
                through = instances.get(numbering_styles.get(link, ""))
                linked = named.get(link) or value(through, "w:abstractNumId") if link else ""
                if not linked or linked == target:
                    break
                target = linked
            if target not in levels:
                levels[target] = dict(_levels(abstract[target])) if target in abstract else {}
            self._lists[identity] = _list(node, target, levels[target])

    def get(self, identity: str) -> List | None:
        """Return a list by its numId, None for an unknown one."""
        return self._lists.get(identity)

    def reference(self, properties: Any, styles: list[Style]) -> tuple[str, int]:
        """Return (numId, level) of a paragraph, from itself or its styles; ("", 0) for one without a number."""
        own = child(properties, "w:numPr")
        identity, level_text = value(own, "w:numId"), value(own, "w:ilvl")
        passed: list[Style] = []
        for style in styles:
            if identity:
                break
            passed.append(style)
            inherited = child(style.paragraph, "w:numPr")
            identity = value(inherited, "w:numId")
            if not level_text and passed and inherited is not None:
                level_text = value(inherited, "w:ilvl")
        found = self._lists.get(identity)
        if found is None:
            return "", 0
        if own is None or not value(own, "w:ilvl"):
            by_style = {level.style: index for index, level in found.levels.items() if level.style}
            for style in passed:
                if style.identity in by_style:
                    return identity, by_style[style.identity]
        return identity, min(max(number(level_text), 0), LEVELS - 1)


@dataclass
class Counters:
    """The counting through one document, in its order."""

    lists: Lists
    _values: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def count(self, identity: str, level: int) -> Label | None:
        """Count a paragraph in the list of that numId and return its number, None where the level does not exist."""
        found = self.lists.get(identity)
        if found is None or level not in found.levels:
            return None
        values = self._values.setdefault(found.counted_with, [None] * LEVELS)
        current = values[level]
        begins = level in found.starts and (identity, level) not in self._begun
        values[level] = _start(found, level) if current is None or begins else current + 1
        self._begun.add((identity, level))
        for deeper in range(level + 1, LEVELS):
            if deeper in found.levels and _restarts(found.levels[deeper], deeper, after=level):
                values[deeper] = None
        for upper in range(level):
            if values[upper] is None:
                values[upper] = _start(found, upper)
        return self._label(found, level, values)

    def _label(self, found: List, level: int, values: list[int | None]) -> Label:
        definition = found.levels[level]
        unknown = ""

        def put(place: re.Match[str]) -> str:
            nonlocal unknown
            index = int(place[1]) - 1
            counted = values[index]
            if index > level or counted is None or index not in found.levels:
                return ""
            shown = found.levels[index]
            if shown.form == "bullet":
                return ""
            form = "decimal" if definition.legal else shown.form
            formatted = format_number(form, counted, shown.pattern)
            if formatted is None:
                unknown = shown.form
                return str(counted)
            return formatted

        return Label(
            text=definition.text if definition.form == "bullet" else _PLACE.sub(put, definition.text),
            level=level,
            value=values[level] or 0,
            definition=definition,
            counted_with=found.counted_with,
            unknown=unknown,
        )


def _list(node: Any, target: str, shared: dict[int, Level]) -> List:
    levels = shared
    starts: dict[int, int] = {}
    for override in children(node, "w:lvlOverride"):
        index = number(attribute(override, "w:ilvl"))
        levels = levels | dict(_levels(override))
        start = value(override, "w:startOverride")
        if start:
            starts[index] = number(start)
    return List(target, levels, starts)


def _levels(parent: Any) -> Iterator[tuple[int, Level]]:
    for node in children(parent, "w:lvl"):
        index = number(attribute(node, "w:ilvl"))
        if not 0 <= index < LEVELS:
            continue
        form = _number_format(node)
        text = child(node, "w:lvlText")
        restart = value(node, "w:lvlRestart")
        legal = child(node, "w:isLgl")
        yield (
            index,
            Level(
                form=attribute(form, "w:val") or "decimal",
                pattern=attribute(form, "w:format"),
                text=attribute(text, "w:val"),
                start=number(value(node, "w:start")),
                restart=number(restart) if restart else None,
                legal=legal is not None and is_on(legal),
                suffix=value(node, "w:suff") or "tab",
                style=value(node, "w:pStyle"),
                font=attribute(child(node, "w:rPr", "w:rFonts"), "w:ascii"),
            ),
        )


def _number_format(level: Any) -> Any:
    """Return the number format of a level; one that newer versions alone know stands in a choice beside an older."""
    for node in level:
        if name_of(node) == "mc:AlternateContent":
            found = child(node, "mc:Choice", "w:numFmt")
            if found is not None:
                return found
    return child(level, "w:numFmt")


def _start(found: List, level: int) -> int:
    return found.starts.get(level, found.levels[level].start if level in found.levels else 1)


def _restarts(definition: Level, level: int, *, after: int) -> bool:
    restart = definition.restart
    if restart is None or restart > level:
        return after < level
    return after <= restart - 1
