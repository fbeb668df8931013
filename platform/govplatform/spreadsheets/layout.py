"""What a worksheet says of its looks that changes what a person reads in it: merged cells, hidden rows and columns.

Runs in the guarded process, before the rows are read: the merged ranges stand behind them in the file.
"""

import re
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from .columns import column_number

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
#: More merged ranges than a table of so many rows has any use for.
MOST_RANGES = 200_000
#: Rows of a worksheet; a file may claim more.
MOST_ROWS = 1_048_576
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range: columns and rows from 1, the last ones included; ``name`` as a spreadsheet has it ("B2:B4")."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int
    name: str


@dataclass
class Layout:
    """The looks of a sheet. ``hidden_columns``: (first, last) of each run; what has no width is hidden too."""

    merged: list[Merged] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    too_many: bool = False

    def hides_column(self, number: int) -> bool:
        """Whether the column with this number, from 1, is hidden."""
        return any(first <= number <= last for first, last in self.hidden_columns)


def read_layout(sheet: IO[bytes]) -> Layout:
    """Read the layout of the worksheet part ``sheet``. Raises ``expat.ExpatError`` for what is no XML."""
    layout = Layout()
    row = 0

    def element(name: str, given: dict[str, str]) -> None:
        nonlocal row
        local = name.rpartition(":")[2]
        if local == "row":
            row = _number(given.get("r"), row + 1)
            if row <= MOST_ROWS and _is_hidden(given, "ht"):
                layout.hidden_rows.add(row)
        elif local == "col":
            first = _number(given.get("min"), 0)
            if first and _is_hidden(given, "width"):
                layout.hidden_columns.append((first, _number(given.get("max"), first)))
        elif local == "mergeCell":
            found = _RANGE.fullmatch(given.get("ref", ""))
            if found is not None:
                layout.merged.append(_merged(found))
            layout.too_many = len(layout.merged) > MOST_RANGES

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    while (chunk := sheet.read(_CHUNK)) and not layout.too_many:
        parser.Parse(chunk, False)
    return layout


class Spreading:
    """Gives the cells below the first one of a merged range its text, row by row from the top."""

    def __init__(self, merged: list[Merged]) -> None:
        self._waiting = sorted(merged, key=lambda one: one.first_row, reverse=True)
        self._running: dict[int, tuple[int, str]] = {}

    def spread(self, line: int, cells: list[str]) -> None:
        """Change ``cells`` of row ``line``; a row in which nothing else stands stays empty."""
        while self._waiting and self._waiting[-1].first_row <= line:
            one = self._waiting.pop()
            if one.first_row == line and one.first_column <= len(cells):
                self._running[one.first_column] = (one.last_row, cells[one.first_column - 1])
        if not any(cell.strip() for at, cell in enumerate(cells, 1) if at not in self._running):
            return
        for column, (last, text) in list(self._running.items()):
            if last < line:
                del self._running[column]
            elif column <= len(cells):
                cells[column - 1] = text


def _merged(found: re.Match[str]) -> Merged:
    first, last = found[1], found[3] or found[1]
    name = found[0].replace("$", "")
    return Merged(column_number(first), int(found[2]), column_number(last), int(found[4] or found[2]), name)


def _is_hidden(given: dict[str, str], size: str) -> bool:
    try:
        nothing = float(given.get(size, "1")) == 0
    except ValueError:
        nothing = False
    return nothing or given.get("hidden", "").strip().lower() in ("1", "true", "on")


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else otherwise
