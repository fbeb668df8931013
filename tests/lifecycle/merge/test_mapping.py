"""Where the columns of a closing site go: as asked for, else by name, else into a channel of its own."""

import pytest

from govplatform.lifecycle.merge.mapping import STAYS, moves, reasons_against_wishes, wishes_of
from govplatform.lifecycle.merge.parts import ColumnFacts

pytestmark = pytest.mark.unit


def column(path: str, title: str = "", kind: str = "news", pages: int = 1) -> ColumnFacts:
    return ColumnFacts(path, title or path, kind, pages, 0)


def paths(*found):
    return {move.column.path: move.to for move in found}


HERE = [
    column("news", "工作动态"),
    column("news/towns", "乡镇动态"),
    column("zfbg", "政府报告"),
    column("data", kind="data"),
]
THERE = [column("dongtai", "工作动态"), column("dongtai/towns"), column("data2", "data", kind="overview")]


def test_a_column_of_the_same_name_and_type_takes_it_and_others_get_a_channel():
    found = moves(HERE, THERE, {}, "qingshan")
    assert paths(*found) == {
        "news": "dongtai",
        "news/towns": "dongtai/towns",
        "zfbg": "qingshan/zfbg",
        "data": "qingshan/data",
    }
    assert [(move.is_new, move.by) for move in found] == [
        (False, "title"),
        (False, "parent"),
        (True, "channel"),
        (True, "channel"),
    ]


def test_what_tells_of_the_organ_itself_is_not_mixed_with_that_of_another_organ():
    def leaders(pages):
        return ColumnFacts("leaders", "负责人信息", "leaders", pages, 0, of_organ=True)

    there = [ColumnFacts("people", "负责人信息", "leaders", 3, 0, of_organ=True)]
    assert paths(*moves([leaders(2)], there, {}, "qingshan")) == {"leaders": "qingshan/leaders"}
    # What is empty opens no empty column.
    assert paths(*moves([leaders(0)], there, {}, "qingshan")) == {"leaders": "people"}
    below = ColumnFacts("leaders/deputies", "副县长", "news", 1, 0)
    assert paths(*moves([leaders(0), below], there, {}, "qingshan"))["leaders"] == "qingshan/leaders"


def test_a_wish_counts_for_the_column_and_all_below_it():
    found = moves(HERE, THERE, {"news": "a/b", "zfbg": STAYS}, "c")
    assert paths(*found) == {"news": "a/b", "news/towns": "a/b/towns", "zfbg": "", "data": "c/data"}


def test_below_a_column_that_stays_only_what_is_asked_for_goes():
    assert paths(*moves(HERE, THERE, {"news": STAYS}, "c"))["news/towns"] == ""
    assert paths(*moves(HERE, THERE, {"news": STAYS, "news/towns": "towns"}, "c"))["news/towns"] == "towns"


def test_the_table_is_read_with_slashes_blanks_and_guards_of_spreadsheets():
    lines = [(1, ["From ", "to"]), (2, [" /news/ ", "//a//b/"]), (3, ["zfbg", "'-"]), (4, ["", ""])]
    assert wishes_of(lines) == ({"news": "a/b", "zfbg": STAYS}, [])


@pytest.mark.parametrize(
    ("lines", "row", "heading", "words"),
    [
        ([], 1, "", "表头"),
        ([(1, ["栏目", "去处"])], 1, "", "表头"),
        ([(1, ["from", "to", "from", "to"]), (2, ["news", "a", "news", "b"])], 1, "", "重复的列"),
        ([(1, ["from", "to", "note"]), (2, ["news", "a", "x"])], 1, "", "不认识的表头：note"),
        ([(1, ["from", "to"]), (2, ["news", ""])], 2, "to", "不能为空"),
        ([(1, ["from", "to"]), (2, ["", "news"])], 2, "from", "不能为空"),
        ([(1, ["from", "to"]), (2, ["news", "a"]), (5, ["/news", "b"])], 5, "from", "前面已经写过"),
    ],
)
def test_a_faulty_line_is_named_with_its_row_and_heading(lines, row, heading, words):
    _wishes, faults = wishes_of(lines)
    assert [(fault.row, fault.column) for fault in faults] == [(row, heading)]
    assert words in faults[0].reason


@pytest.mark.parametrize("target", ["a b", "a/../b", "<x>", "a/b/c/d/e/f/g/h/i", "%2f", "a.b"])
def test_a_target_that_is_no_path_is_refused(target):
    assert [fault[:2] for fault in reasons_against_wishes({"news": target}, HERE, "x")] == [("news", "to")]


def test_an_unknown_column_is_refused():
    assert "没有栏目" in reasons_against_wishes({"nix": "a"}, HERE, "x")[0][2]
