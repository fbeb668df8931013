"""Dictionary files of the tests."""

import io
import zipfile
from pathlib import Path

from openpyxl import Workbook

HEADINGS = "词语,类别,程度,建议,生效日期,失效日期,备注"


def csv_file(
    folder: Path, *lines: str, headings: str = HEADINGS, encoding: str = "utf-8-sig", name: str = "words.csv"
) -> Path:
    path = folder / name
    path.write_bytes("\r\n".join([headings, *lines]).encode(encoding))
    return path


def xlsx_file(folder: Path, *rows: list[object], name: str = "words.xlsx") -> Path:
    book = Workbook()
    sheet = book.active
    sheet.append(HEADINGS.split(","))
    for row in rows:
        sheet.append(row)
    path = folder / name
    book.save(path)
    return path


def bomb(folder: Path) -> Path:
    """A spreadsheet whose one part unpacks to far more than is read."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        for _number in range(250):
            part.write(b" " * 1_048_576)
    path = folder / "bomb.xlsx"
    path.write_bytes(stream.getvalue())
    return path
