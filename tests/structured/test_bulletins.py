"""统计公报: charts are drawn on the server of the table beside them, which the scan reads and the library keeps."""

import re
from decimal import Decimal

import pytest

from content_library.models import Resource
from govplatform.review.queries import site_path
from sites.pages.drawing import HEIGHT, WIDTH, draw, read_figure, read_rows
from sites.statistics.models import StatisticsBulletin
from tests.structured.samples import draft, live


def chart(rows, **fields):
    table = {"caption": "", "header_row": True, "rows": rows}
    return {
        "type": "drawn_chart",
        "value": {"title": "图", "kind": "lines", "unit": "%", "note": "", "table": table, **fields},
    }


def test_a_chart_is_drawn_with_its_table_beside_it_and_says_what_it_shows(alpha, citizen):
    html = citizen("alpha").get(site_path(live(StatisticsBulletin))).content.decode()
    [figure] = re.findall(r'<figure class="drawn-chart">(.*?)</figure>', html, re.S)
    assert figure.count('<rect class="series series-1" x=') == 2
    assert 'role="img"' in figure
    assert "总值：2024年 238.7亿元，2025年 251.9亿元；最低为2024年 238.7亿元，最高为2025年 251.9亿元。" in figure
    assert '<th scope="row">2025年</th><td class="align-right">251.9</td>' in figure
    assert "style=" not in figure
    assert "<script" not in figure
    assert html.index("主要情况") < html.index("统计图表") < html.index("指标解释和说明")


@pytest.mark.parametrize("kind", ["columns", "lines"])
def test_every_shape_stands_within_the_picture(kind):
    rows = [["月", "甲", "乙"], *([f"{month}月", str(month * 3 - 20), str(1000 - month)] for month in range(1, 13))]
    drawing = draw(kind, "", *read_rows(rows), "")
    places = [(bar.x, bar.y) for bar in drawing.bars] + [(mark.x, mark.y) for mark in drawing.marks]
    places += [(bar.x + bar.width, bar.y + bar.height) for bar in drawing.bars]
    assert len(drawing.bars) + len(drawing.marks) == 24
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    assert drawing.levels[0].text.startswith("-")


def test_one_value_alone_and_equal_values_can_be_drawn():
    for values in (["5"], ["0"], ["-3", "-3"], ["100000000000", "0.0001"]):
        rows = [["年", "数"], *([str(place), value] for place, value in enumerate(values))]
        for kind in ("columns", "lines"):
            assert len(draw(kind, "", *read_rows(rows), "").levels) >= 2


def test_figures_are_read_as_people_write_them():
    assert [read_figure(text) for text in ("1,234.5", "12％", "-3", "－3", "", "约三成", "1e999", "NaN")] == [
        Decimal("1234.5"), Decimal(12), Decimal(-3), Decimal(-3), None, None, None, None,
    ]  # fmt: skip


def test_what_cannot_be_drawn_is_said_with_its_cell(alpha):
    page = draft(
        StatisticsBulletin,
        charts=[
            chart([["年", "数"], ["2025年", "约三成"]]),
            chart([["年"]]),
            chart([["年", *"甲乙丙丁戊"], ["1", *"12345"]]),
        ],
    )
    said = "\n".join(str(reason) for reason in page.reasons_against_submitting())
    assert "统计图第 1 张“图”：数据表第 2 行第 2 列“约三成”不是数字。" in said
    assert "统计图第 2 张“图”：数据表至少要有" in said
    assert "一张图最多画 4 列数值，现在有 5 列" in said


def test_words_and_figures_of_a_chart_are_scanned_masked_and_kept(alpha):
    rows = [["项目", "数"], ["机密项目", "12"]]
    page = draft(StatisticsBulletin, charts=[chart(rows, title="图题记号", note="注里的记号", unit="单位记号")])
    text = "\n".join(piece.text for piece in page.scan_pieces())
    for words in ("图题记号", "注里的记号", "单位记号", "机密项目"):
        assert words in text
    page.mask_values({"机密项目": "●●●●"})
    assert page.charts[0].value["table"]["rows"][1][0] == "●●●●"
    kept = live(StatisticsBulletin, slug="kept")
    held = Resource.objects.select_related("current").get(tenant=alpha, page_id=kept.pk)
    assert "251.9" in held.current.text
    assert "<svg" not in held.current.html
