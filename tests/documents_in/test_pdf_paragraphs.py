"""Sentences of a PDF that go on over a page are one; what stands between them is not drawn into them."""

from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from sites.documents_in.extraction import ExtractedDocument
from tests.documents_in.fictional import extract, outline
from tests.documents_in.pdf_drawing import FONT

pytestmark = pytest.mark.unit

FULL = "为落实农村供水工作要求，保障山区群众常年用上放心水，"
REST = "经省人民政府同意，现提出以下意见。"


def paged(tmp_path: Path, *pages: list[tuple[float, float, str, float]]) -> ExtractedDocument:
    """Pages of lines: (left, height above the foot, text, size); the first page has a title as well."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(tmp_path / "p.pdf"))
    for number, lines in enumerate(pages):
        if number == 0:
            canvas.setFont(FONT, 12)
            canvas.drawString(150, 780, "关于年末盘点工作的通知")
        for x, y, text, size in lines:
            if text == "table":
                canvas.setFont(FONT, 12)
                canvas.grid([80, 180, 300], [y, y + 25, y + 50])
                for place, word in (
                    ((90, y + 32), "县"),
                    ((190, y + 32), "数"),
                    ((90, y + 7), "甲"),
                    ((190, y + 7), "九"),
                ):
                    canvas.drawString(*place, word)
                continue
            canvas.setFont("Helvetica" if text.isascii() else FONT, size)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return extract(tmp_path / "p.pdf")


def test_a_sentence_over_a_page(tmp_path: Path) -> None:
    document = paged(tmp_path, [(80, 100, FULL, 12)], [(80, 700, REST, 12)])
    assert outline(document) == [FULL + REST]


def test_a_divided_word_over_a_page(tmp_path: Path) -> None:
    first = "The province keeps the water works of its mountain villages in good con-"
    document = paged(tmp_path, [(80, 100, first, 12)], [(80, 700, "dition all year.", 12)])
    assert outline(document) == [first[:-1] + "dition all year."]


def test_a_note_at_the_foot_does_not_cut_the_sentence(tmp_path: Path) -> None:
    document = paged(
        tmp_path,
        [(104, 140, FULL, 12), (80, 120, FULL, 12), (80, 95, "① 含丙镇新增的三处水源地。", 9)],
        [(80, 700, REST, 12), (104, 680, "各地要抓好落实。", 12)],
    )
    assert outline(document) == [FULL + FULL + REST, "① 含丙镇新增的三处水源地。", "各地要抓好落实。"]


def test_notes_of_two_pages_stay_apart(tmp_path: Path) -> None:
    long = "① 含丙镇新增的三处水源地，其水量按季度实测并经水务部门核定，未核定者不列入本表，"
    document = paged(
        tmp_path,
        [(80, 140, FULL, 12), (80, 115, long, 9), (80, 103, "由各镇另行报送", 9)],
        [(80, 700, REST, 12), (104, 680, FULL, 12), (80, 115, "② 不含已停用的。", 9)],
    )
    assert outline(document) == [FULL + REST, long + "由各镇另行报送", FULL, "② 不含已停用的。"]


def test_nothing_is_joined_over_a_table(tmp_path: Path) -> None:
    document = paged(tmp_path, [(80, 200, FULL, 12), (80, 110, "table", 0)], [(80, 700, REST, 12)])
    assert outline(document) == [FULL, "县|数", "甲|九", REST]


def test_nothing_is_joined_over_a_table_at_the_head_of_the_next_page(tmp_path: Path) -> None:
    document = paged(tmp_path, [(80, 110, FULL, 12)], [(80, 700, "table", 0), (80, 650, REST, 12)])
    assert outline(document) == [FULL, "县|数", "甲|九", REST]


def test_a_heading_at_the_foot_stays_one(tmp_path: Path) -> None:
    heading = "二、关于进一步加强山区供水设施运行和管护工作的若干要求"
    document = paged(tmp_path, [(80, 130, FULL + "。", 12), (80, 110, heading, 12)], [(80, 700, REST, 12)])
    assert outline(document)[-2:] == ["#2 " + heading, REST]


def test_left_and_right_pages_with_margins_of_their_own(tmp_path: Path) -> None:
    lines = [FULL + "一", FULL + "二", FULL + "三", FULL + "四"]
    pages = [
        [(80 + 30 * (page % 2), 700 - 20 * line, text, 12) for line, text in enumerate(lines * 3)] for page in range(4)
    ]
    assert len(outline(paged(tmp_path, *pages))) == 1
