"""A dictionary's table as CSV and XLSX files."""

from collections.abc import Iterable
from pathlib import Path

from govplatform.spreadsheets import reading, writing

from .word_table import HEADINGS, HEADINGS_KNOWN, KIND_WORDS, SEVERITY_WORDS, WordRow

SHEET = "词库"
_WIDTHS = (24, 12, 12, 24, 14, 14, 40)


def read_table(path: Path, filename: str) -> reading.Table:
    """Read (line, cells) of the CSV or XLSX file at ``path``; ``filename`` tells which.

    A title above the headings is left out, and a row of which nobody can say what it means is named in ``bad``.
    Raises Refused for a file that cannot be read.
    """
    return reading.read_table(path, filename, sheet=SHEET, headings=HEADINGS_KNOWN)


def write_table(rows: Iterable[WordRow], kind: str) -> bytes:
    """Return the file of ``rows`` as ``kind`` (csv, xlsx)."""
    table = [list(HEADINGS.values()), *(_cells(row) for row in rows)]
    return writing.write_table(table, kind, sheet=SHEET, widths=_WIDTHS)


def _cells(row: WordRow) -> list[str]:
    shown = {"kind": KIND_WORDS[row.kind], "severity": SEVERITY_WORDS[row.severity]}
    return [shown.get(name, getattr(row, name)) for name in HEADINGS]
