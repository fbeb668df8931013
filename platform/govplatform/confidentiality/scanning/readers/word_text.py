"""The text of a paragraph or table row of a Word document, sorted by how it is seen."""

from dataclasses import dataclass, field
from typing import Any

from .word_styles import PLAIN, Look, look_of
from .xml_parts import attribute, local

INSERTED = "tracked insertion"
_SKIPPED = frozenset(("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr", "rt", "binData"))
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(slots=True)
class WordText:
    """The texts of one block. ``shown``: (text, mark) in order; the others are seen only by whoever looks for them.

    ``footnotes``, ``endnotes``: ids of the notes that it refers to.
    """

    shown: list[tuple[str, str]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    endnotes: list[str] = field(default_factory=list)

    def plain(self) -> str:
        """The text that is shown, without its marks."""
        return "".join(text for text, _mark in self.shown)


@dataclass(frozen=True, slots=True)
class _State:
    look: Look = field(default_factory=Look)
    inserted: bool = False
    deleted: bool = False
    row: bool = False


def table_look(table: Any | None) -> Look:
    """The look that a table gives its cells.

    A table style may colour cells in ways that only Word works out, so with a style white letters are not taken for
    hidden.
    """
    styled = table is not None and next(table.iterfind("./{*}tblPr/{*}tblStyle"), None) is not None
    return Look(shaded=True if styled else None)


class WordWalker:
    """Reads one block after the other. ``styles``: style id -> look."""

    def __init__(self, styles: dict[str, Look]) -> None:
        self.styles = styles

    def read(self, block: Any, around: Look = PLAIN) -> WordText:
        """Read one paragraph or row; ``around``: the look of what it stands in."""
        found = WordText()
        self._walk(block, _State(around), found)
        return found

    def _walk(self, element: Any, state: _State, found: WordText) -> None:
        name = local(element)
        if name in _SKIPPED or not name:
            return
        if name == "t":
            self._put(element.text or "", state, found)
        elif name == "delText":
            found.deleted.append(element.text or "")
        elif name in ("instrText", "delInstrText"):
            found.fields.append(element.text or "")
        elif name in _SIGNS:
            self._put(" " if state.row else _SIGNS[name], state, found)
        elif name in ("footnoteReference", "endnoteReference"):
            (found.footnotes if name[0] == "f" else found.endnotes).append(attribute(element, "id"))
        elif name == "txbxContent":
            found.boxes.append(self._separate(element, found))
        elif name == "AlternateContent":
            self._alternate(element, state, found)
        elif name in ("docPr", "cNvPr"):
            self._alternative_text(element, found)
        else:
            self._inside(name, element, state, found)

    def _inside(self, name: str, element: Any, state: _State, found: WordText) -> None:
        if name == "fldSimple":
            found.fields.append(attribute(element, "instr"))
        elif name in ("ins", "moveTo"):
            state = _State(state.look, True, state.deleted, state.row)
        elif name in ("del", "moveFrom"):
            state = _State(state.look, state.inserted, True, state.row)
        elif name == "tbl":
            state = _State(table_look(element).over(state.look), state.inserted, state.deleted, True)
        elif name == "tr":
            state = _State(state.look, state.inserted, state.deleted, True)
        elif name in ("p", "r", "tc"):
            state = self._looked(name, element, state)
        for child in element:
            self._walk(child, state, found)
            if local(child) == "tc" and name == "tr":
                found.shown.append(("\t", ""))
        if name == "p":
            found.shown.append((" " if state.row else "\n", ""))

    def _looked(self, name: str, element: Any, state: _State) -> _State:
        properties = next((child for child in element if local(child) == f"{name}Pr"), None)
        own = look_of(properties)
        if properties is not None and name in ("p", "r"):
            for child in properties:
                if local(child) == ("pStyle" if name == "p" else "rStyle"):
                    own = own.over(self.styles.get(attribute(child, "val"), PLAIN))
        return _State(own.over(state.look), state.inserted, state.deleted, state.row)

    def _put(self, text: str, state: _State, found: WordText) -> None:
        if state.deleted:
            found.deleted.append(text)
        elif state.look.hidden and text.strip():
            found.hidden.append(text)
        else:
            found.shown.append((text, INSERTED if state.inserted else ""))

    def _separate(self, element: Any, found: WordText) -> str:
        inner = WordText()
        for child in element:
            self._walk(child, _State(), inner)
        for name in ("deleted", "hidden", "boxes", "fields", "alternatives", "footnotes", "endnotes"):
            getattr(found, name).extend(getattr(inner, name))
        return inner.plain()

    def _alternate(self, element: Any, state: _State, found: WordText) -> None:
        """The choice is what is shown; the fallback repeats it, or hides something else behind it."""
        choices = [child for child in element if local(child) == "Choice"]
        for choice in choices[:1]:
            for child in choice:
                self._walk(child, state, found)
        known = "".join("".join(choice.itertext()) for choice in choices[:1])
        for other in [*choices[1:], *(child for child in element if local(child) == "Fallback")]:
            text = "".join(other.itertext())
            if not choices:
                for child in other:
                    self._walk(child, state, found)
            elif text.strip() and text.strip() not in known:
                found.hidden.append(text)

    def _alternative_text(self, element: Any, found: WordText) -> None:
        for key in ("descr", "title"):
            text = attribute(element, key)
            if text and text not in found.alternatives:
                found.alternatives.append(text)
        for child in element:
            self._walk(child, _State(), found)
