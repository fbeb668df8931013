"""Lines made to send a pattern astray come back at once (a hang would end in the suite's own limit)."""

from pathlib import Path

import pytest
from bs4 import Tag

from sites.documents_in.extraction.element import paragraph
from sites.documents_in.extraction.html.styles import StyleSheets
from sites.documents_in.extraction.pdf.chars import _drawn_once
from sites.documents_in.extraction.pdf.lines import Line, without_page_marks
from sites.documents_in.extraction.recognition.duplicates import repeats_in
from tests.documents_in.fictional import NOTICE, TITLE, from_lines

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "line",
    [
        "局" * 79 + "x",
        "返回首页" * 45 + "x",
        "打印 " * 60 + "x",
        "云江省财政厅 " * 11 + "x",
        "第一章" * 5000,
        "（" * 8_000,
        "〔2023〕" * 1500,
        "一、" * 5000,
        "关于" * 1500 + "通知",
        "发布日期：" * 3000,
        "2023年" * 1500,
        "总 则 " * 5000,
        "云江省人民政府" * 800 + "2023年5月9日",
        "《" * 2000 + "关于" + "》" * 2000,
    ],
)
def test_line(tmp_path: Path, line: str) -> None:
    document = from_lines(tmp_path, [TITLE, NOTICE[4], line, NOTICE[6]])
    assert document.title == TITLE


LONG = 200_000


@pytest.mark.parametrize(
    "unit",
    [
        "局",
        " ",
        "　 ",
        "云江省人民政府，",
        "《",
        "〔2023",
        "2023年5月",
        "关于推进",
        "发布日期：",
        "各市县政府",
        "1",
        "a-",
        "<",
    ],
)
def test_a_paragraph_that_never_ends(tmp_path: Path, unit: str) -> None:
    document = from_lines(tmp_path, [TITLE, NOTICE[4], "甲" + unit * (LONG // len(unit)) + "乙", NOTICE[6]])
    assert document.title == TITLE


@pytest.mark.parametrize(
    "lines", [["甲乙丙丁戊己庚辛壬癸"], ["云江省财政厅", "2023年5月9日"], ["甲。", "乙。", "甲。"]]
)
def test_lines_that_repeat_for_ever(lines: list[str]) -> None:
    elements = [paragraph(line) for line in lines * (LONG // 10)]
    assert len(repeats_in(elements)) <= 1


@pytest.mark.parametrize(
    "style",
    ["/*" * LONG, "{" * LONG, ".a{" * (LONG // 3), "}" * LONG, "a," * (LONG // 2) + "{display:none}", "rgb(" * LONG],
)
def test_style_sheets_that_never_end(style: str) -> None:
    assert StyleSheets([style]).style_of(Tag(name="p")) == {}


def test_a_character_drawn_over_and_over() -> None:
    page = [{"text": "一", "x0": n * 2.0 % 500, "top": n // 250 * 2.0, "size": 9.0} for n in range(20_000)]
    assert len(_drawn_once(page + page)) == 20_000


def _line(text: str, page: int, top: float = 20.0) -> Line:
    return Line(text, 60, 400, top, top + 12, 12, page, 842)


def test_rows_of_data_at_the_edge_of_pages_are_no_running_heads() -> None:
    rows = [_line(f"第{30 + page * 7}批检查企业{100 + page * 13}家", page) for page in range(6)]
    body = [_line(f"正文第{page}页的一句话，说明情况。", page, 400.0) for page in range(6)]
    kept, removed = without_page_marks([*rows, *body], 6)
    assert removed == [] and len(kept) == 12


def test_running_heads_with_the_page_and_the_count_of_pages_are_taken_away() -> None:
    heads = [_line(f"云江省公报 第 {page + 1} 页 共 6 页", page) for page in range(6)]
    years = [_line("二〇二五年第12期", page, 800.0) for page in range(6)]
    body = [_line(f"正文第{page}页的一句话，说明情况。", page, 400.0) for page in range(6)]
    kept, removed = without_page_marks([*heads, *years, *body], 6)
    assert kept == body and len(removed) == 12
