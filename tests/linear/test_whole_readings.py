"""The whole import and the whole scan of a text made to keep them busy: work that grows with its length."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from govplatform.confidentiality.scanning.engine import scan_pieces
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.scanning.settings import DictionaryWord, ScanSettings
from tests.documents_in.fictional import NOTICE, TITLE, extract, write_docx, write_html, write_text
from tests.linear.work import grows_too_fast

pytestmark = pytest.mark.unit

FULL = 1024 * 1024
#: An import takes a million characters and no more.
FULL_IMPORT = 900 * 1024
WRITERS: dict[str, Callable[[Path, list[str]], Path]] = {"docx": write_docx, "html": write_html, "txt": write_text}
#: One line without a full stop.
LINES = (
    "中", "　", " ", "1", "局", "甲 ", "《", "（", "a-", "、", "一、", "云江省人民政府办公厅 ",
    "〔2023", "2023年5月", "关于推进", "发布日期：", "各市县政府", "云江省人民政府，", "第一章 ",
)  # fmt: skip
#: What the rules of the scanner begin to look at.
TEXTS = (
    "1", "1 ", "1-", "中", " ", "\n", "密", "机 ", "★机密", "a.", "a@a.", "村一", "路一号", "不予公开",
    "内部资料", "第1份", "京A", "E1234567", "张三，男，", "王·", "110101", "0471-", "(010)", "12345678 ", "军官证号",
    "京 A 1 ", "姓名\t", "１", "①", "一", "l", "Ⅹ", "\u200b", "1.", "⼀",
)  # fmt: skip
WORDS = (DictionaryWord("甲乙", "wrong", "warn"), DictionaryWord("中中中丙", "wrong", "warn"))


def import_grows(folder: Path, kind: str, unit: str, size: int) -> float:
    def run(length: int) -> object:
        line = "甲" + unit * (length // len(unit)) + "乙"
        path = folder / f"{length}.{kind}"
        if not path.exists():
            WRITERS[kind](path, [TITLE, NOTICE[4], line, NOTICE[6]])
            if kind == "docx":
                unpacked(path)
        return extract(path)

    return grows_too_fast(run, size)


def unpacked(path: Path) -> None:
    """Store what is in a ZIP as it is: the same signs again and again, packed, would be refused as a bomb."""
    with zipfile.ZipFile(path) as packed:
        parts = [(name, packed.read(name)) for name in packed.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as stored:
        for name, content in parts:
            stored.writestr(name, content)


def scan_grows(unit: str, size: int) -> float:
    settings = ScanSettings(words=WORDS)
    return grows_too_fast(lambda length: scan_pieces([Piece(unit * (length // len(unit)), "body")], settings), size)


@pytest.mark.parametrize("unit", LINES)
def test_a_line_without_an_end_is_imported_in_work_that_grows_with_its_length(tmp_path: Path, unit: str) -> None:
    assert not import_grows(tmp_path, "txt", unit, 32 * 1024)


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_a_line_without_an_end_is_read_alike_in_every_kind_of_file(tmp_path: Path, kind: str) -> None:
    assert not import_grows(tmp_path, kind, "中", 32 * 1024)


@pytest.mark.parametrize("unit", TEXTS)
def test_a_text_is_scanned_in_work_that_grows_with_its_length(unit: str) -> None:
    assert not scan_grows(unit, 32 * 1024)


def test_a_line_of_many_offices_comes_to_its_end(tmp_path: Path) -> None:
    """Each name can be read in two ways: tried in turn, thirty of them would take until the next year."""
    line = "云江省人民政府办公厅 " * 60 + "印"
    path = write_text(tmp_path / "a.txt", [TITLE, NOTICE[4], line, NOTICE[6]])
    assert extract(path).title == TITLE


@pytest.mark.soak
@pytest.mark.parametrize("unit", LINES)
@pytest.mark.parametrize("kind", WRITERS)
def test_a_megabyte_without_an_end_is_imported(tmp_path: Path, kind: str, unit: str) -> None:
    assert not import_grows(tmp_path, kind, unit, FULL_IMPORT)


@pytest.mark.soak
@pytest.mark.parametrize("unit", TEXTS)
def test_a_megabyte_of_the_worst_text_is_scanned(unit: str) -> None:
    assert not scan_grows(unit, FULL)
