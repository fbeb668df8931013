"""The fields of a Word document (17.16): which text is an instruction, which a result, and what some would show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sites.documents_in.extraction.word.eq_fields import read_eq
from sites.documents_in.extraction.word.names import attribute, child, children, flag, name_of, number, value
from sites.documents_in.extraction.word.symbols import symbol

#: Fields whose result is a table of contents.
CONTENTS = frozenset({"TOC"})
#: Fields whose result, if a file has one, is never printed.
_SILENT = frozenset({"XE", "TC", "TA", "RD", "SET", "ASK", "PRIVATE"})
#: Fields that are printed by their instruction, whatever result the file holds.
_BY_INSTRUCTION = frozenset({"SYMBOL", "EQ", "FORMCHECKBOX", "FORMDROPDOWN"})
#: Fields that number paragraphs by themselves, without a result in the file.
SELF_NUMBERING = frozenset({"AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "LISTNUM"})
_LONGEST_INSTRUCTION = 4000
_WORD = re.compile(r"[^\s\\]+")
_QUOTED = re.compile(r'"([^"]*)"')
_SKIPPED = frozenset({"w:del", "w:moveFrom", "mc:Fallback", "w:txbxContent"})


@dataclass
class Field:
    """One field that is open while the text is read. is_shown: text at this place of it is printed."""

    begin: Any
    instruction: str = ""
    in_result: bool = False
    is_shown: bool = False
    is_contents: bool = False
    address: str = ""


@dataclass
class Fields:
    """The fields that are open at one place of a story. broken: field characters without their partners.

    What holds at this place is counted as fields begin and end, since a stranger may open any number inside each other.
    """

    broken: frozenset[Any] = frozenset()
    open: list[Field] = field(default_factory=list)
    _unshown: int = 0
    _contents: int = 0
    _addresses: list[str] = field(default_factory=list)

    @property
    def is_shown(self) -> bool:
        """Whether text at this place is printed."""
        return self._unshown == 0

    @property
    def in_contents(self) -> bool:
        """Whether this place lies in a table of contents."""
        return self._contents > 0

    @property
    def address(self) -> str:
        """The address that a HYPERLINK field around this place leads to, "" without one."""
        return self._addresses[-1] if self._addresses else ""

    def take(self, mark: Any) -> tuple[str, str] | None:
        """Take a w:fldChar in; at the end of a field return (its kind, its text by its instruction), else None."""
        kind = attribute(mark, "w:fldCharType")
        if mark in self.broken:
            return None
        if kind == "begin":
            self.open.append(Field(mark))
            self._unshown += 1
        elif kind == "separate" and self.open and not self.open[-1].in_result:
            self._begin_result(self.open[-1])
        elif kind == "end" and self.open:
            ended = self.open.pop()
            self._unshown -= not ended.is_shown
            self._contents -= ended.is_contents
            if ended.address:
                self._addresses.pop()
            return kind_of(ended.instruction), by_instruction(ended.instruction, child(ended.begin, "w:ffData"))
        return None

    def instruct(self, text: str) -> None:
        """Add a piece of an instruction to the innermost field."""
        if self.open and not self.open[-1].in_result and len(self.open[-1].instruction) < _LONGEST_INSTRUCTION:
            self.open[-1].instruction += text[:_LONGEST_INSTRUCTION]

    def _begin_result(self, entry: Field) -> None:
        kind = kind_of(entry.instruction)
        entry.in_result = True
        entry.is_shown = shows_result(kind)
        self._unshown -= entry.is_shown
        entry.is_contents = kind in CONTENTS
        self._contents += entry.is_contents
        entry.address = address_of(entry.instruction) if kind == "HYPERLINK" else ""
        if entry.address:
            self._addresses.append(entry.address)


def kind_of(instruction: str) -> str:
    """Return the first word of an instruction in capitals."""
    found = _WORD.search(instruction)
    return found[0].upper() if found else ""


def shows_result(kind: str) -> bool:
    """Say whether the result of such a field is text of the document."""
    return kind not in CONTENTS and kind not in _SILENT and kind not in _BY_INSTRUCTION


def address_of(instruction: str) -> str:
    """Return the address in a HYPERLINK instruction, "" for a place in the document itself."""
    quoted = _QUOTED.search(instruction)
    before = instruction[: quoted.start()] if quoted else ""
    return quoted[1] if quoted and "\\l" not in before else ""


def by_instruction(instruction: str, form: Any) -> str:
    """Return the text of a field that its instruction (or form, a w:ffData) makes; "" for all other fields."""
    kind = kind_of(instruction)
    if kind == "SYMBOL":
        words = instruction.split()
        font = re.search(r'\\f\s*"?([^"\\]+)', instruction)
        code = words[1] if len(words) > 1 else ""
        place = int(code, 16) if re.fullmatch("0[xX][0-9a-fA-F]{1,5}", code) else number(code, -1)
        return symbol(font[1].strip() if font else "", place) if place >= 0 else ""
    if kind == "EQ":
        return read_eq(instruction)
    if kind == "FORMCHECKBOX":
        box = child(form, "w:checkBox")
        checked = flag(box, "w:checked")
        return "☑" if (flag(box, "w:default") if checked is None else checked) else "☐"
    if kind == "FORMDROPDOWN":
        choices = child(form, "w:ddList")
        entries = (
            [attribute(entry, "w:val") for entry in children(choices, "w:listEntry")] if choices is not None else []
        )
        chosen = number(value(choices, "w:result") or value(choices, "w:default"))
        return entries[chosen] if 0 <= chosen < len(entries) else ""
    return ""


def broken_marks(story: Any) -> frozenset[Any]:
    """Return the field characters of a story that have no partner: an open end would swallow the rest of the text."""
    waiting: list[list[Any]] = []
    broken: list[Any] = []
    for mark in _marks(story):
        kind = attribute(mark, "w:fldCharType")
        if kind == "begin":
            waiting.append([mark])
        elif not waiting:
            broken.append(mark)
        elif kind == "separate":
            waiting[-1].append(mark)
        else:
            waiting.pop()
    return frozenset(broken + [mark for marks in waiting for mark in marks])


def _marks(element: Any) -> Iterator[Any]:
    for node in element:
        name = name_of(node)
        if name == "w:fldChar":
            yield node
        elif name not in _SKIPPED and len(node):
            yield from _marks(node)
