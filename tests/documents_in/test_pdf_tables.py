"""Tables of a PDF come out whole: with some of their rules only, with turned heads, with lines in their cells."""

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.documents_in.fictional import outline, warned
from tests.documents_in.pdf_drawing import FONT, body, drawn, tables

pytestmark = pytest.mark.unit

ROWS = [["县", "金额", "备注"], ["青溪县", "12", "已拨"], ["白石县", "15", "待拨"], ["合计", "27", "无"]]
XS = [80, 180, 280, 380]
YS = [600, 575, 550, 525, 500]


def cells(canvas: Canvas, rows: list[list[str]] = ROWS) -> None:
    for y, row in zip(YS, rows, strict=False):
        for x, text in zip(XS, row, strict=False):
            canvas.drawString(x + 6, y - 17, text)


def horizontal(canvas: Canvas, ys: list[int]) -> None:
    for y in ys:
        canvas.line(XS[0], y, XS[-1], y)


def vertical(canvas: Canvas, xs: list[int], top: int = YS[0]) -> None:
    for x in xs:
        canvas.line(x, YS[-1], x, top)


@pytest.mark.parametrize(
    "rules",
    [
        lambda canvas: (horizontal(canvas, YS), vertical(canvas, XS)),
        lambda canvas: (horizontal(canvas, YS), vertical(canvas, XS[1:-1])),
        lambda canvas: (horizontal(canvas, YS), vertical(canvas, XS[1:])),
        lambda canvas: (horizontal(canvas, YS[1:-1]), vertical(canvas, XS)),
        lambda canvas: (horizontal(canvas, YS[1:-1]), vertical(canvas, XS[1:-1])),
        lambda canvas: horizontal(canvas, [YS[0], YS[1], YS[-1]]),
        lambda canvas: horizontal(canvas, YS),
    ],
    ids=["all", "no sides", "no left side", "no top and foot", "inner only", "three rules", "horizontal only"],
)
def test_rules(tmp_path: Path, rules: Callable[[Canvas], object]) -> None:
    def draw(canvas: Canvas) -> None:
        rules(canvas)
        cells(canvas)
        canvas.drawString(80, 450, "以上数据截至年底。")

    document = drawn(tmp_path, draw)
    assert tables(document) == [ROWS]
    assert outline(document)[-1] == "以上数据截至年底。"
    assert body(document).count("青溪县") == 1


def test_rules_between_paragraphs_are_no_table(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        horizontal(canvas, [610, 560, 510])
        canvas.drawString(80, 580, "本表由各县填写后报送，")
        canvas.drawString(80, 530, "逾期不再受理。")

    document = drawn(tmp_path, draw)
    assert tables(document) == []
    assert "逾期不再受理。" in body(document)


def test_an_underlined_blank_beside_a_rule_is_no_table(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 600, "姓名：")
        canvas.line(120, 596, 200, 596)
        canvas.line(300, 640, 300, 580)

    assert tables(drawn(tmp_path, draw)) == []


@pytest.mark.parametrize("angle", [90, 270])
def test_turned_heads(tmp_path: Path, angle: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid(XS, [500, 525, 620])
        for x, text in zip(XS, ("县名", "补助金额", "备注说明"), strict=False):
            canvas.saveState()
            canvas.translate(x + (50 if angle == 90 else 45), 530 if angle == 90 else 610)
            canvas.rotate(angle)
            canvas.setFont(FONT, 12)
            canvas.drawString(0, 0, text)
            canvas.restoreState()
        for x, text in zip(XS, ("青溪县", "12", "已拨"), strict=False):
            canvas.drawString(x + 6, 508, text)

    document = drawn(tmp_path, draw)
    assert tables(document) == [[["县名", "补助金额", "备注说明"], ["青溪县", "12", "已拨"]]]
    assert not warned(document, "已转正")


def test_letters_below_each_other_in_a_head_are_one_word(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([80, 110, 300], [500, 525, 620])
        for line, letter in enumerate("补助金额"):
            canvas.drawString(89, 600 - 20 * line, letter)
        canvas.drawString(120, 570, "备注")
        canvas.drawString(85, 508, "12")
        canvas.drawString(120, 508, "已拨")

    assert tables(drawn(tmp_path, draw)) == [[["补助金额", "备注"], ["12", "已拨"]]]


def test_lines_of_a_cell_are_apart_unless_one_is_full(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([80, 180, 290], [500, 600, 630])
        canvas.drawString(86, 610, "事项")
        canvas.drawString(186, 610, "要求")
        for line, text in enumerate(("巡查", "维修", "登记")):
            canvas.drawString(86, 580 - 20 * line, text)
        for line, text in enumerate(("每月初巡查水源地", "一次；", "每季度末维修。")):
            canvas.drawString(186, 580 - 20 * line, text)

    assert tables(drawn(tmp_path, draw)) == [
        [["事项", "要求"], ["巡查\n维修\n登记", "每月初巡查水源地一次；\n每季度末维修。"]]
    ]


def test_a_cell_over_several_rows(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        horizontal(canvas, [YS[0], YS[1], YS[3]])
        canvas.line(XS[1], YS[2], XS[-1], YS[2])
        for x in XS:
            canvas.line(x, YS[0], x, YS[3])
        for x, text in zip(XS, ROWS[0], strict=False):
            canvas.drawString(x + 6, YS[0] - 17, text)
        canvas.drawString(86, YS[1] - 30, "青溪县")
        for y, row in ((YS[1], ("12", "已拨")), (YS[2], ("15", "待拨"))):
            for x, text in zip(XS[1:], row, strict=False):
                canvas.drawString(x + 6, y - 17, text)

    assert tables(drawn(tmp_path, draw)) == [[["县", "金额", "备注"], ["青溪县", "12", "已拨"], ["", "15", "待拨"]]]


def test_a_drawing_of_very_many_lines_is_no_table_and_said(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for step in range(100):
            canvas.line(80 + 4 * step, 100, 80 + 4 * step, 600)
            canvas.line(80, 100 + 4 * step, 500, 100 + 4 * step)

    document = drawn(tmp_path, draw)
    assert tables(document) == []
    assert warned(document, "第 1 页线条过多")
