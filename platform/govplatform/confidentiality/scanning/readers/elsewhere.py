"""The last sweep over an office file: texts and attribute values of every part that no reader has claimed.

Readers know the places that people know. Numbers and marks also stand where nobody thinks of looking: in the text of a
list's numbers, in names of styles and shapes, in prompts, filters, tags, comments of the XML itself.
"""

import re
from typing import Any
from urllib.parse import unquote

from govplatform.untrusted_files.xml_limits import limited_feed

from .context import Items
from .flow import Flow
from .office_package import Package, guarded_part
from .unreadable import faults_in_words
from .xml_parts import SPEAKING

#: Elements whose text the readers of a part take, and those inside of which they take none.
_TAKEN = frozenset(
    (
        "t", "text", "v", "f", "delText", "instrText", "delInstrText", "formula1", "formula2", "definedName",
        "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter",
    )
)  # fmt: skip
_PASSED_OVER = frozenset(("rt", "rPh", "sdtPr"))
#: Places that people see or would look for, by element and attribute ("" for its text, "*" for any element).
_NAMED = {
    ("textpath", "string"): "WordArt", ("shape", "alt"): "alternative text", ("lvlText", "val"): "list numbers",
    ("sheet", "name"): "sheet names", ("rt", ""): "reading aid", ("rPh", ""): "reading aid",
    ("listItem", "displayText"): "drop-down list", ("listItem", "value"): "drop-down list",
    ("default", "val"): "form field", ("helpText", "val"): "form field", ("statusText", "val"): "form field",
    ("*", "author"): "author of comments and changes", ("person", "displayName"): "author of comments and changes",
    ("cmAuthor", "name"): "author of comments and changes",
}  # fmt: skip
_SEEN = frozenset(("WordArt", "list numbers", "sheet names", "reading aid", "drop-down list", "form field"))
#: Attributes that readers take, by the element they stand at.
_TAKEN_ATTRIBUTES = {
    "docPr": ("descr", "title"), "cNvPr": ("descr", "title"), "docVar": ("name", "val"), "fldSimple": ("instr",),
    "definedName": ("name",), "property": ("name",), "Relationship": ("Target",),
}  # fmt: skip
#: Numbers without words: measures, colours, identifiers. Nobody's number has fewer than seven digits.
_TELLING = re.compile(r"[^\x00-\x7f]|[0-9](?:[ \t-]?[0-9]){6}|@|%[0-9A-Fa-f]{2}")
_MEASURE = re.compile(r"-?[0-9.]{1,10}|[0-9A-Fa-f]{8}")
_IDENTIFIER = re.compile(
    r"\{?[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?|(?:https?://schemas\.|urn:)\S{1,200}"
)
_SHORTEST = 7
#: Between two values; no number reads on over it.
_END = "；\n"


def read_elsewhere(package: Package) -> Items:
    """Read what no reader has claimed: ``list numbers`` and the like, or ``elsewhere in the file: PART``. Call last."""
    whole, part_read = set(package.read_whole), set(package.read)
    for name in package.infos:
        if name.lower().endswith((".xml", ".rels", ".vml")):
            known = "whole" if name in whole else "read" if name in part_read else "unread"
            yield from guarded_part(package, name, _sweep(package, name, known))


def _sweep(package: Package, name: str, known: str) -> Items:
    flows: dict[str, Flow] = {}
    drops: list[tuple[str, str]] = []
    # The bytes of a part that was read are counted already.
    stream = package.open(name) if known == "unread" else package.open_again(name)
    with faults_in_words():
        for _fed in limited_feed(stream, _Unclaimed(drops, known)):
            for place, drop in drops:
                if (flow := flows.get(place)) is None:
                    where = place or f"elsewhere in the file: {name}"
                    flow = flows[place] = Flow(package.context, where, hidden=place not in _SEEN)
                flow.add(drop)
                yield from flow.full()
            drops.clear()
    for flow in flows.values():
        yield from flow.finish()


class _Unclaimed:
    """Takes the events of a parser and puts into ``drops`` what is said where: the name of the place ("" for none).

    ``known``: whether the part was read as a whole, by a reader, or not at all.
    """

    def __init__(self, drops: list[tuple[str, str]], known: str) -> None:
        self._drops, self._known = drops, known
        self._names: list[str] = []
        self._passed = 0
        self._text: list[str] = []

    def start(self, tag: str, attrib: Any) -> None:
        self._say_text()
        name = tag.rpartition("}")[2]
        self._names.append(name)
        self._passed += name in _PASSED_OVER
        taken = _TAKEN_ATTRIBUTES.get(name, ()) if self._known == "read" else ()
        for key, value in attrib.items():
            # A sheet has millions of short ones.
            if len(value) < _SHORTEST and value.isascii():
                continue
            plain = key.rpartition("}")[2]
            claimed = plain in taken or (self._known == "whole" and plain in SPEAKING)
            self._say(value, claimed, _NAMED.get((name, plain)) or _NAMED.get(("*", plain), ""))

    def data(self, text: str) -> None:
        if self._known == "whole":
            return
        if self._known == "read" and not self._passed and self._names[-1] in _TAKEN:
            return
        self._text.append(text)

    def end(self, tag: str) -> None:
        self._say_text()
        self._passed -= self._names.pop() in _PASSED_OVER

    def comment(self, text: str) -> None:
        self._say(text, False, "")

    def close(self) -> None:
        return None

    def _say_text(self) -> None:
        if self._text:
            self._say("".join(self._text), False, self._reading_aid())
            self._text.clear()

    def _reading_aid(self) -> str:
        return next((_NAMED[name, ""] for name in self._names if (name, "") in _NAMED), "") if self._passed else ""

    def _say(self, value: str, claimed: bool, place: str) -> None:
        if len(value) < 2 or _TELLING.search(value) is None:
            return
        if _MEASURE.fullmatch(value) or _IDENTIFIER.fullmatch(value):
            return
        if not claimed:
            self._drops.append((place, value.strip() + _END))
        if "%" in value and (decoded := unquote(value, errors="replace")) != value:
            self._drops.append((place, decoded.strip() + _END))
