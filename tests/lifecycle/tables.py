"""Tables of sites for the tests: rows by heading, written as people send them."""

import csv
import io
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from govplatform.lifecycle.batches.table import HEADINGS, SiteTable, TableRow, read_site_rows


def row(number: int, **changed: str) -> dict[str, str]:
    """A county that can be opened, with what a test changes about it."""
    return {
        "full_name": f"云江省第{number}测试县人民政府",
        "code": f"test{number}",
        "kind": "门户网站",
        "level": "县级",
        "host": f"test{number}.localhost",
        **changed,
    }


def table_of(*rows: dict[str, str]) -> SiteTable:
    """The rows as they come out of a file, lines beginning with 2."""
    given = [TableRow(line, {field: one.get(field, "") for field in HEADINGS}) for line, one in enumerate(rows, 2)]
    return SiteTable(given, [], [])


def cells(*rows: dict[str, str]) -> list[list[str]]:
    """Headings and rows, with the columns that any of the rows fills."""
    fields = [field for field in HEADINGS if any(field in one for one in rows)]
    return [[HEADINGS[field] for field in fields], *([one.get(field, "") for field in fields] for one in rows)]


def csv_file(path: Path, *rows: dict[str, str], encoding: str = "utf-8-sig") -> Path:
    stream = io.StringIO()
    csv.writer(stream).writerows(cells(*rows))
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def xlsx_file(path: Path, *lines: list[Any]) -> Path:
    book = Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


def read(lines: list[list[str]]) -> SiteTable:
    return read_site_rows(list(enumerate(lines, 1)))
