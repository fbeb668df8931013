"""Tables: how a grid's field becomes a value, how merged cells are shown, and that older digests hold."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from govplatform.review.gate.canonical import _block, _stored_block
from sites.pages.table_block import MOST_CELLS, TableBlock, as_table, spread
from sites.pages.text import PageText, _read_block
from sites.statistics.blocks import FiguresBlock
from sites.writing.numbers import columns_of_numbers

pytestmark = pytest.mark.unit

TABLE = TableBlock()


def sent(grid: Any) -> Any:
    return TABLE.value_from_datadict({"t-grid": grid if isinstance(grid, str) else json.dumps(grid)}, {}, "t")


def test_a_grid_becomes_a_full_rectangle_with_nothing_under_merged_cells() -> None:
    value = sent({"caption": " 表一 ", "header_row": True, "rows": [["甲", "藏"], ["乙"]], "merged": [[0, 0, 1, 2]]})
    stored = TABLE.get_prep_value(TABLE.clean(value))
    assert stored["caption"] == "表一"
    assert [[cell["value"] for cell in row["value"]] for row in stored["rows"]] == [["甲", ""], ["乙", ""]]
    again = TABLE.to_python(stored)
    assert TABLE.get_form_state(again)["merged"] == [[0, 0, 1, 2]]


@pytest.mark.parametrize("grid", ["", "x", "[]", "[" * 5000, '{"rows": 5}', '{"rows": [1, "a", [2, null]]}', "null"])
def test_what_is_no_grid_is_an_empty_table(grid: str) -> None:
    value = sent(grid)
    assert not any(cell for row in value["rows"] for cell in row)


@pytest.mark.parametrize(
    "merged",
    [[[0, 0, 3, 1]], [[-1, 0, 2, 1]], [[0, 0, 1, 1]], [[0, 0]], [["0", 0, 2, 1]], [[0, 0, 2, 1], [0, 0, 1, 2]], [7]],
)
def test_cells_that_cannot_be_merged_are_not(merged: Any) -> None:
    table = as_table({"rows": [["甲", "乙"], ["丙", "丁"]], "merged": merged})
    assert len(table["merged"]) == (1 if len(merged) == 2 else 0)


def test_blank_columns_at_the_end_go_and_blank_rows_only_from_tables_of_figures() -> None:
    grid = {
        "header_row": True,
        "rows": [["年份", "总值", ""], ["2025", "1", " "], ["", "", ""]],
        "alignment": ["", "", "right"],
    }
    said = [["年份", "总值"], ["2025", "1"]]
    kept = sent(grid)
    assert [list(row) for row in kept["rows"]] == [*said, ["", ""]] and list(kept["alignment"]) == []
    figures = FiguresBlock().value_from_datadict({"t-grid": json.dumps(grid)}, {}, "t")
    assert [list(row) for row in figures["rows"]] == said
    for same in ({**grid, "header_row": False}, {**grid, "merged": [[0, 1, 1, 2]]}, {**grid, "rows": [["", ""]]}):
        assert [list(row) for row in sent(same)["rows"]] == [list(row) for row in as_table(same)["rows"]]


def test_a_cell_that_is_too_long_is_named() -> None:
    with pytest.raises(ValidationError) as caught:
        TABLE.clean(sent({"rows": [["甲"], ["字" * 2001]]}))
    assert "第 2 行第 1 列" in str(caught.value.as_json_data())


def test_too_many_cells_are_refused() -> None:
    with pytest.raises(ValidationError):
        TABLE.clean(sent({"rows": [["甲"] * 200] * (MOST_CELLS // 200 + 1)}))


def test_merged_cells_and_alignment_are_shown_and_the_head_has_the_rows_it_reaches_into() -> None:
    rows = [["区", "任务", ""], ["", "上半年", "下半年"], ["东城", "1", "2"]]
    grid = {"header_row": True, "rows": rows, "merged": [[0, 0, 2, 1], [0, 1, 1, 2]], "alignment": ["", "right", ""]}
    html = str(TABLE.render(sent(grid))).replace("\n", "")
    assert (
        '<thead><tr><th scope="col" rowspan="2">区</th><th scope="col" colspan="2" class="align-right">任务</th></tr>'
        in html
    )
    assert '<tr><th scope="col" class="align-right">上半年</th><th scope="col">下半年</th></tr></thead>' in html
    assert '<tr><td>东城</td><td class="align-right">1</td><td>2</td></tr>' in html


def test_a_table_as_it_was_is_shown_as_it_was() -> None:
    html = str(TABLE.render(sent({"header_row": True, "rows": [["甲", "乙"], ["1", "2"]]})))
    assert (
        '<thead><tr><th scope="col">甲</th><th scope="col">乙</th></tr></thead>\n<tr><td>1</td><td>2</td></tr>' in html
    )


def test_the_scan_reads_all_cells() -> None:
    text = PageText()
    _read_block(text, "table", sent({"rows": [["甲", ""], ["乙", "丙"]], "merged": [[0, 0, 1, 2]]}))
    assert text.tables == [[["甲", ""], ["乙", "丙"]]]


def test_digests_of_tables_that_were_cleared_before_hold() -> None:
    old = {"caption": "", "header_row": True, "rows": [{"type": "item", "value": [], "id": "a"}]}
    told = {"caption": "", "header_row": True, "rows": [[]]}
    assert _block(TABLE, TABLE.to_python(old)) == told
    assert _stored_block(TABLE, old) == told


def test_what_is_merged_and_how_it_stands_counts_in_the_digest() -> None:
    plain = sent({"rows": [["甲", ""]]})
    merged = sent({"rows": [["甲", ""]], "merged": [[0, 0, 1, 2]]})
    right = sent({"rows": [["甲", ""]], "alignment": ["right", ""]})
    told = [_block(TABLE, value) for value in (plain, merged, right)]
    assert told[0] != told[1] and told[0] != told[2] and told[1] != told[2]


def test_columns_of_numbers_stand_to_the_right() -> None:
    rows = [["项目", "金额", "备注"], ["教育", "1,200.5", "3月"], ["卫生", "-86%", ""]]
    assert columns_of_numbers(rows) == ["", "right", ""]
    assert columns_of_numbers([["甲"], ["乙"]]) == []


def test_a_table_of_html_is_spread_over_its_places() -> None:
    rows, merged = spread([[("区", 2, 1), ("任务", 1, 2)], [("上半年", 1, 1), ("下半年", 1, 1)]])
    assert rows == [["区", "任务", ""], ["", "上半年", "下半年"]]
    assert merged == [[0, 0, 2, 1], [0, 1, 1, 2]]
    assert spread([]) == ([], [])
