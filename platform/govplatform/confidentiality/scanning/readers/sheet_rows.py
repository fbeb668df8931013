"""The rows of one sheet, streamed: text with tabs, and for every character the cell in which it stands."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from govplatform.spreadsheets.columns import column_name, column_number
from govplatform.untrusted_files.xml_limits import set_free
from govplatform.untrusted_files.zip_limits import Readable

from ..findings import Finding
from ..pieces import Locate, Piece
from .context import Context
from .flow import PIECE
from .office_package import Package
from .shared_strings import SharedStrings, rich_text
from .unreadable import hidden_content
from .xml_parts import xml_events

_SPACES = re.compile(r"[\t\r\n\x0b\x0c]+")
#: Cells further right than this many empty ones are not pushed out by tabs.
_GAP = 64
ROW_HIDDEN, COLUMN_HIDDEN, CELL_HIDDEN = 1, 2, 4
_ROWS = 2**21


class Cells:
    """Collects rows of text, with the cell of each stretch, into pieces. ``what``: word before the names of cells."""

    def __init__(self, context: Context, sheet: str, *, hidden: bool, what: str = "") -> None:
        self.context, self.sheet, self.hidden, self.what = context, sheet, hidden, what
        self.header: tuple[str, ...] = ()
        self._begin()

    def _begin(self) -> None:
        self._rows: list[str] = []
        self._length = 0
        self._starts = array("l")
        self._cells = array("q")

    def add_row(self, cells: list[str], places: list[int]) -> None:
        """Add the texts of a row; ``places``: row, column and flags of each in one number (see ``pack``)."""
        position = self._length
        for text, place in zip(cells, places, strict=True):
            if text:
                self._starts.append(position)
                self._cells.append(place)
            position += len(text) + 1
        self.context.budget.spend_text(position - self._length)
        self._rows.append("\t".join(cells))
        self._length = position
        if not self.header:
            self.header = tuple(cells)

    def full(self) -> Iterator[Piece]:
        """Yield a piece when there are enough rows for one."""
        if self._length >= PIECE:
            yield from self.finish()

    def finish(self) -> Iterator[Piece]:
        """Yield the rest of the rows."""
        text = "\n".join(self._rows)
        if text.strip():
            name = ("hidden sheet " if self.hidden else "sheet ") + self.sheet
            where = self.context.place(name)
            locate = self._locate(list(self._starts), list(self._cells))
            yield Piece(text, where, locate, self.hidden, self.sheet, self.header)
        self._begin()

    def _locate(self, starts: list[int], cells: list[int]) -> Locate:
        def locate(offset: int) -> tuple[str, int]:
            index = max(0, bisect_right(starts, offset) - 1)
            return self.context.place(self._name(cells[index])), max(0, offset - starts[index])

        return locate

    def _name(self, place: int) -> str:
        flags, row, column = place & 7, place >> 3 & (_ROWS - 1), place >> 24
        cell = f"{self.sheet}!{column_name(column)}{row}"
        if self.what:
            return f"{self.what} {cell}"
        if self.hidden:
            return f"hidden sheet {cell}"
        if flags & ROW_HIDDEN:
            return f"hidden row {cell}"
        if flags & COLUMN_HIDDEN:
            return f"hidden column {cell}"
        return f"hidden text {cell}" if flags & CELL_HIDDEN else f"sheet {cell}"


def pack(row: int, column: int, flags: int) -> int:
    """Put row, column and flags of a cell into one number: three bits of flags, 21 of the row, then the column."""
    return column << 24 | (row & (_ROWS - 1)) << 3 | flags


class SheetRows:
    """Reads the rows of one sheet. ``formats``: numbers of the cell formats that show nothing."""

    def __init__(
        self, package: Package, sheet: str, strings: SharedStrings, formats: frozenset[str], *, hidden: bool
    ) -> None:
        self.context, self.sheet, self.strings, self.formats = package.context, sheet, strings, formats
        self.hidden = hidden
        self._columns: dict[str, int] = {}
        self._hidden_columns: list[tuple[int, int]] = []
        self._met: dict[int, str] = {}
        self._row = 0

    def read(self, stream: Readable) -> Iterator[Piece | Finding]:
        """Yield pieces of rows and formulas, then findings for hidden rows, columns and cells."""
        cells = Cells(self.context, self.sheet, hidden=self.hidden)
        formulas = Cells(self.context, self.sheet, hidden=self.hidden)
        for _event, element in xml_events(stream, tag=("{*}row", "{*}col", "{*}oddHeader", "{*}oddFooter",
                                                       "{*}evenHeader", "{*}evenFooter", "{*}firstHeader",
                                                       "{*}firstFooter", "{*}formula1", "{*}formula2")):  # fmt: skip
            name = element.tag.rpartition("}")[2]
            if name == "row":
                self._read_row(element, cells, formulas)
                yield from cells.full()
                yield from formulas.full()
            elif name == "col":
                self._read_column(element)
            else:
                yield from self._read_other(name, element.text or "")
                continue
            set_free(element)
        yield from cells.finish()
        yield from formulas.finish()
        for flag, (kind, words) in {
            ROW_HIDDEN: ("hidden row", "隐藏的行"),
            COLUMN_HIDDEN: ("hidden column", "隐藏的列"),
            CELL_HIDDEN: ("hidden text", "不显示内容的单元格"),
        }.items():
            if flag in self._met and not self.hidden:
                where = self.context.place(f"{kind} {self._met[flag]}")
                yield hidden_content(where, f"工作表“{self.sheet}”中有{words}，请核对后删除或取消隐藏。")

    def _read_column(self, element: Any) -> None:
        if element.get("hidden") in ("1", "true") or element.get("width") == "0":
            first, last = int(element.get("min", "0")), int(element.get("max", "0"))
            self._hidden_columns.append((first, min(last, 16384)))

    def _read_other(self, name: str, text: str) -> Iterator[Piece]:
        # &L, &"Arial,Bold" and their like are not text.
        text = re.sub(r'&(?:"[^"]*"|[LCRPNDTFAGBIUESXYZ]|\d+|K[0-9A-F+-]{6})', " ", text)
        kind = "header" if name.endswith("Header") else "footer" if name.endswith("Footer") else "data validation"
        if text.strip():
            self.context.budget.spend_text(len(text))
            yield Piece(text, self.context.place(f"{kind} {self.sheet}"), hidden=True)

    def _read_row(self, element: Any, cells: Cells, formulas: Cells) -> None:
        number = element.get("r")
        self._row = int(number) if number else self._row + 1
        flags = ROW_HIDDEN if element.get("hidden") in ("1", "true") or element.get("ht") == "0" else 0
        texts: list[str] = []
        places: list[int] = []
        formula_texts: list[str] = []
        formula_places: list[int] = []
        column = 0
        for cell in element:
            column = self._column(cell.get("r"), column)
            text, formula = self._cell(cell)
            if not text and not formula:
                continue
            own = flags | (COLUMN_HIDDEN if self._is_hidden(column) else 0)
            if cell.get("s") in self.formats:
                own |= CELL_HIDDEN
            self._note(own, column)
            place = pack(self._row, column, own)
            if text:
                for empty in range(len(texts) + 1, min(column, len(texts) + 1 + _GAP)):
                    texts.append("")
                    places.append(pack(self._row, empty, flags))
                texts.append(text)
                places.append(place)
            if formula:
                formula_texts.append(formula)
                formula_places.append(place)
        if texts:
            cells.add_row(texts, places)
        if formula_texts:
            formulas.add_row(formula_texts, formula_places)

    def _note(self, flags: int, column: int) -> None:
        for flag in (ROW_HIDDEN, COLUMN_HIDDEN, CELL_HIDDEN):
            if flags & flag and flag not in self._met:
                place = {ROW_HIDDEN: str(self._row), COLUMN_HIDDEN: column_name(column)}
                self._met[flag] = f"{self.sheet}!{place.get(flag, f'{column_name(column)}{self._row}')}"

    def _column(self, reference: str | None, before: int) -> int:
        if not reference:
            return before + 1
        letters = reference.rstrip("0123456789")
        number = self._columns.get(letters)
        if number is None:
            number = self._columns[letters] = column_number(letters.upper()) if letters.isalpha() else before + 1
        return number

    def _is_hidden(self, column: int) -> bool:
        return any(first <= column <= last for first, last in self._hidden_columns)

    def _cell(self, cell: Any) -> tuple[str, str]:
        """(what is shown, the formula's text)"""
        kind = cell.get("t")
        text = formula = ""
        for child in cell:
            name = child.tag.rpartition("}")[2]
            if name == "v":
                text = child.text or ""
            elif name == "f":
                formula = child.text or ""
            elif name == "is":
                text = rich_text(child)
        if kind == "s" and text:
            text = self.strings.take(text)
        elif kind in (None, "n") and ("E" in text or "e" in text or "." in text):
            text = plain_number(text)
        elif kind == "e":
            text = ""
        return _one_line(text), _one_line(formula)


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text) if "\n" in text or "\t" in text or "\r" in text else text


def plain_number(text: str) -> str:
    """A number of a cell without exponent, as people read it: 1.3800138E+10 is a telephone number."""
    try:
        value = float(text)
    except ValueError:
        return text
    return str(int(value)) if value.is_integer() and abs(value) < 1e20 else text
