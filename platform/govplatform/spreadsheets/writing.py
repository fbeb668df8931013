"""Writing a table for a spreadsheet: every cell is text, none becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from types import MappingProxyType

CONTENT_TYPES = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
#: What a spreadsheet would take for a formula, the wide signs that an input method writes among it; a ' before it says
#: that it is none.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_table(rows: Iterable[Sequence[str]], kind: str, *, sheet: str, widths: Sequence[int]) -> bytes:
    """The file of ``rows``, the first of them the headings, as ``kind`` ("csv" with a byte order mark, or "xlsx").

    ``sheet``: name of the worksheet; ``widths`` of its columns in characters. What a CSV file guards against being
    calculated, ``unguarded`` gives back.
    """
    return _as_xlsx(rows, sheet, widths) if kind == "xlsx" else _as_csv(rows)


def unguarded(cell: str) -> str:
    """The text before a CSV file guarded it."""
    if cell.startswith("'") and cell[1:2] and cell[1] in FORMULA_STARTS:
        return cell[1:]
    return cell


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    stream = io.StringIO()
    # A spreadsheet that opens the file must not calculate what somebody wrote as a word.
    csv.writer(stream).writerows([_guarded(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _as_xlsx(rows: Iterable[Sequence[str]], title: str, widths: Sequence[int]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row in rows:
        line = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=text)
            # openpyxl takes a leading = for a formula; this is a word.
            cell.data_type = "s"
            cell.number_format = "@"
            line.append(cell)
        sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
