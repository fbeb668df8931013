"""The last sweep over an office file: texts and attribute values of every part that no reader has claimed.

Readers know the places that people know. Numbers and marks also stand where nobody thinks of looking: in the text of a
list's numbers, in names of styles and shapes, in prompts, filters, tags, comments of the XML itself.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from govplatform.untrusted_files.xml_limits import limited_feed
from govplatform.untrusted_files.zip_limits import BROKEN, BoundedReader, Readable, check_member

from .context import Items
from .flow import Flow
from .office_package import Package, guarded_part
from .unreadable import CORRUPT, Unreadable, faults_in_words
from .xml_parts import SPEAKING

#: Elements whose text the readers of a part take, and those inside of which they take none.
_TAKEN = frozenset(
    (
        "t", "text", "v", "f", "delText", "instrText", "delInstrText", "formula1", "formula2", "definedName",
        "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter",
    )
)  # fmt: skip
_PASSED_OVER = frozenset(("rt", "rPh", "sdtPr"))
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
    """Read what no reader has claimed, as ``elsewhere in the file: PART``. Call last."""
    whole, part_read = set(package.read_whole), set(package.read)
    for name in package.infos:
        if name.lower().endswith((".xml", ".rels", ".vml")):
            known = "whole" if name in whole else "read" if name in part_read else "unread"
            yield from guarded_part(package, name, _sweep(package, name, known))


def _sweep(package: Package, name: str, known: str) -> Items:
    flow = Flow(package.context, f"elsewhere in the file: {name}", hidden=True)
    drops: list[str] = []
    stream = package.open(name) if known == "unread" else _again(package, name)
    with faults_in_words():
        for _fed in limited_feed(stream, _Unclaimed(drops.append, known)):
            for drop in drops:
                flow.add(drop)
            drops.clear()
            yield from flow.full()
    yield from flow.finish()


def _again(package: Package, name: str) -> Readable:
    """Open a part once more; its bytes were counted when it was read."""
    info = package.infos[name]
    with faults_in_words():
        check_member(info, package.context.limits.zip_limits())
    try:
        stream = package.archive.open(info)
    except BROKEN as error:
        raise Unreadable(CORRUPT) from error
    return BoundedReader(stream, info.compress_size, package.context.limits.zip_limits(), lambda _count: None)


class _Unclaimed:
    """Takes the events of a parser. ``known``: whether the part was read as a whole, by a reader, or not at all."""

    def __init__(self, take: Callable[[str], None], known: str) -> None:
        self._take, self._known = take, known
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
            self._say(value, claimed)

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
        self._say(text, False)

    def close(self) -> None:
        return None

    def _say_text(self) -> None:
        if self._text:
            self._say("".join(self._text), False)
            self._text.clear()

    def _say(self, value: str, claimed: bool) -> None:
        if len(value) < 2 or _TELLING.search(value) is None:
            return
        if _MEASURE.fullmatch(value) or _IDENTIFIER.fullmatch(value):
            return
        if not claimed:
            self._take(value.strip() + _END)
        if "%" in value and (decoded := unquote(value, errors="replace")) != value:
            self._take(decoded.strip() + _END)
