"""Large files through the guarded process, as a page's attachments go: seconds and peak memory."""

import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import docx
import openpyxl

from govplatform.confidentiality.scanning.files import scan_file_guarded
from govplatform.confidentiality.scanning.settings import ScanSettings

#: Valid, of nobody; at the very end of each file, so that it is found only by reading to the end.
NUMBER = "11010519491231002X"
_LINE = "为贯彻落实政府信息公开条例，现将有关事项通知如下，请各单位认真执行。"
_BOMB_MEGABYTES = 512


@dataclass(frozen=True)
class FileFigure:
    """``seconds``: wall clock with the start of the process; ``megabytes``: its peak memory; ``found``: as planted."""

    work: str
    seconds: float
    megabytes: float
    found: bool


def file_figures() -> list[FileFigure]:
    """The files of the issue, and one that unpacks to more than anything may."""
    with tempfile.TemporaryDirectory(prefix="bench-files-") as folder:
        return [
            _figure("DOCX of 200 pages", Path(folder) / "a.docx", _document, "id-card"),
            _figure("XLSX of 50,000 rows", Path(folder) / "a.xlsx", _workbook, "id-card"),
            _figure(f"ZIP with {_BOMB_MEGABYTES} MB of one letter", Path(folder) / "a.zip", _bomb, "unreadable"),
        ]


def _figure(work: str, path: Path, make: Callable[[Path], None], rule: str) -> FileFigure:
    make(path)
    started = time.perf_counter()
    answer = scan_file_guarded(path, path.name, ScanSettings(), with_parts=True)
    taken = time.perf_counter() - started
    found = any(finding["rule"] == rule for finding in answer["findings"])
    return FileFigure(work, taken, float(answer["peak_mb"]), found)


def _document(path: Path) -> None:
    document = docx.Document()
    for _ in range(200 * 20):
        document.add_paragraph(_LINE * 2)
    document.add_paragraph(NUMBER)
    document.save(str(path))


def _workbook(path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    for number in range(1, 50_001):
        sheet.append([number, f"单位{number}", "政府信息公开", number * 1.5, NUMBER if number == 50_000 else "无"])
    book.save(path)


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.txt", "w") as target:
        for _ in range(_BOMB_MEGABYTES):
            target.write(b"a" * (1 << 20))
