"""What a spreadsheet's looks change in what is read: merged cells, hidden rows and columns, text kept as a formula."""

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from content_library.vocabularies.exchange import _lines
from govplatform.dictionaries.actions import read_words
from govplatform.dictionaries.word_file import read_table
from govplatform.lifecycle.batches.actions import read_sites
from govplatform.lifecycle.batches.table import COLUMNS
from govplatform.refusals import Refused
from govplatform.spreadsheets.columns import column_name
from govplatform.spreadsheets.layout import read_layout

pytestmark = pytest.mark.unit

MERGED = Path(__file__).parent / "cases" / "70-merged.xlsx"


def workbook(folder: Path, *rows: list[object], change=lambda sheet: None) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    path = folder / "table.xlsx"
    book.save(path)
    return path


def rows_of(path: Path) -> list[list[str]]:
    return [cells for _line, cells in read_table(path, path.name)]


def test_a_cell_merged_over_rows_counts_for_each_of_them():
    rows, faults, notes = read_words(MERGED, MERGED.name)
    assert faults == [] and notes == ()
    assert [(row.word, row.kind, row.severity, row.suggestion) for row in rows] == [
        ("老城关", "sensitive", "block", "城关镇"),
        ("丙公社", "sensitive", "block", "丙镇"),
        ("水管站", "sensitive", "block", "水务站"),
    ]


def test_the_row_behind_a_merged_cell_has_its_own_value_again(tmp_path):
    rows = [["甲乙", "敏感词"], ["丙丁", None], ["戊己", None], ["庚辛", "错误表述"]]
    path = workbook(tmp_path, ["词语", "类别"], *rows, change=lambda sheet: sheet.merge_cells("B2:B3"))
    assert rows_of(path)[1:] == [["甲乙", "敏感词"], ["丙丁", "敏感词"], ["戊己"], ["庚辛", "错误表述"]]


def test_an_empty_row_below_a_merged_cell_stays_empty(tmp_path):
    path = workbook(tmp_path, ["词语", "类别"], ["甲乙", "敏感词"], change=lambda sheet: sheet.merge_cells("B2:B9"))
    assert rows_of(path) == [["词语", "类别"], ["甲乙", "敏感词"]]


def test_what_stands_unseen_below_a_merged_cell_does_not_count(tmp_path):
    """Some programs keep the values of cells that were merged away; nobody sees them."""

    def unseen(sheet):
        sheet.merge_cells("B2:B3")
        sheet._cells[3, 2] = sheet.cell(row=9, column=9, value="提示")
        sheet._cells[3, 2].row, sheet._cells[3, 2].column = 3, 2
        del sheet._cells[9, 9]

    path = workbook(tmp_path, ["词语", "程度"], ["甲乙", "必须处理"], ["丙丁", None], change=unseen)
    assert rows_of(path)[1:] == [["甲乙", "必须处理"], ["丙丁", "必须处理"]]


ROWS = (["甲乙", "敏感词", None], ["丙丁", None, None], ["戊己", None, None], ["庚辛", None, None])


def test_headings_that_are_merged_refuse_the_table(tmp_path):
    path = workbook(tmp_path, ["词语", "类别", "程度"], *ROWS, change=lambda sheet: sheet.merge_cells("A1:B1"))
    with pytest.raises(Refused, match="A1:B1"):
        rows_of(path)


@pytest.mark.parametrize(("cells", "lines"), [("A2:B2", [2]), ("B2:C4", [2, 3, 4])])
def test_a_row_with_a_cell_merged_over_columns_is_named_and_the_rest_is_read(tmp_path, cells, lines):
    path = workbook(tmp_path, ["词语", "类别", "程度"], *ROWS, change=lambda sheet: sheet.merge_cells(cells))
    words, faults, _notes = read_words(path, path.name)
    assert [fault.line for fault in faults] == lines
    assert all(cells in fault.reason for fault in faults)
    assert [row.line for row in words] == [line for line in range(2, 6) if line not in lines]


@pytest.mark.parametrize("merged", [True, False])
def test_a_title_above_the_headings_is_left_out_and_named(tmp_path, merged):
    def title(sheet):
        if merged:
            sheet.merge_cells("A1:C1")

    head, given = ["* 词 语", "类别", "程度"], [["云江省错误表述词库", None, None], ["2026 年版", None, None]]
    path = workbook(tmp_path, given[0], given[1], head, *ROWS[:2], change=title)
    words, faults, notes = read_words(path, path.name)
    assert ([row.word for row in words], faults) == (["甲乙", "丙丁"], [])
    assert [row.line for row in words] == [4, 5], "lines as the spreadsheet counts them"
    assert "第 1 行" in notes[0] and "云江省错误表述词库" in notes[0]
    assert "第 2 行" in notes[1]


def test_a_title_above_the_headings_of_a_csv_file(tmp_path):
    path = tmp_path / "words.csv"
    path.write_text("云江省错误表述词库,,\n词语,类别,程度\n甲乙,敏感词,\n", encoding="utf-8-sig")
    words, faults, notes = read_words(path, path.name)
    assert ([row.word for row in words], faults, len(notes)) == (["甲乙"], [], 1)


def test_a_table_without_headings_is_refused_as_before(tmp_path):
    path = workbook(tmp_path, ["甲乙", "丙丁"], ["戊己", "庚辛"])
    words, faults, notes = read_words(path, path.name)
    assert (words, notes) == ([], ())
    assert "不认识的表头" in faults[0].reason


def test_hidden_rows_and_columns_are_read_and_named(tmp_path):
    def hide(sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[5].hidden = True
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.column_dimensions["F"].hidden = True

    rows = [["甲乙", "敏感词"], ["丙丁", "敏感词"], ["戊己", "敏感词"]]
    path = workbook(tmp_path, ["词语", "类别"], *rows, change=hide)
    words, faults, notes = read_words(path, path.name)
    assert [row.word for row in words] == ["甲乙", "丙丁", "戊己"] and faults == []
    assert len(notes) == 2
    assert "2 行" in notes[0] and "第 3、4 行" in notes[0]
    assert "1 列" in notes[1] and "B 列" in notes[1]


def test_a_table_in_which_everything_shows_has_nothing_to_name(tmp_path):
    path = workbook(tmp_path, ["词语"], ["甲乙"], change=lambda sheet: sheet.column_dimensions.__getitem__("A"))
    assert read_words(path, path.name)[2] == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [('="0871"', "0871"), ('= "甲乙" ', "甲乙"), ('="说""好""的"', '说"好"的'), ('=""', "")],
)
def test_text_that_is_kept_as_a_formula_is_that_text(tmp_path, written, meant):
    path = workbook(tmp_path, ["词语", "备注"], ["甲乙", written])
    assert [*rows_of(path)[1], ""][1] == meant
    quoted = written.replace('"', '""')
    (tmp_path / "table.csv").write_text(f'词语,备注\r\n甲乙,"{quoted}"\r\n', encoding="utf-8-sig")
    assert [*rows_of(tmp_path / "table.csv")[1], ""][1].strip() == meant


@pytest.mark.parametrize("formula", ['="a"&"b"', "=1+1", '=A1&"0871"', '="a'])
def test_a_row_with_a_formula_is_named_and_the_rest_is_read(tmp_path, formula):
    path = workbook(tmp_path, ["词语", "备注"], ["甲乙", formula], ["丙丁", "好"])
    words, faults, _notes = read_words(path, path.name)
    assert [row.word for row in words] == ["丙丁"]
    assert [(fault.line, "第 2 列是公式" in fault.reason) for fault in faults] == [(2, True)]


def test_a_list_of_sites_is_read_by_the_same_reader(tmp_path):
    def change(sheet):
        sheet.merge_cells("C2:C3")
        sheet.row_dimensions[3].hidden = True

    fields = ("full_name", "code", "kind", "level", "host", "identity_code")
    headings = {column.field: column.heading for column in COLUMNS}
    rows = [
        ["甲县人民政府", "jia", "门户网站", "县级", "jia.example", '="0530100001"'],
        ["乙县人民政府", "yi", None, "县级", "yi.example", "0530100002"],
    ]
    path = workbook(tmp_path, [headings[name] for name in fields], *rows, change=change)
    table = read_sites(path, path.name)
    assert table.faults == []
    assert [(row.given["kind"], row.given["identity_code"]) for row in table.rows] == [
        ("门户网站", "0530100001"),
        ("门户网站", "0530100002"),
    ]
    assert len(table.notes) == 1 and "第 3 行" in table.notes[0]


def test_terms_are_read_by_the_same_rule_for_text_kept_as_a_formula():
    assert _lines('code,label\r\n"=""0871""",甲\r\n') == [(2, {"code": "0871", "label": "甲"})]


def test_a_worksheet_with_prefixed_elements_is_understood():
    sheet = (
        b'<x:worksheet xmlns:x="u"><x:cols><x:col min="2" max="3" hidden="true"/></x:cols><x:sheetData><x:row/>'
        b'<x:row hidden="1"/><x:row r="5" ht="0" customHeight="1"/></x:sheetData><x:mergeCells>'
        b'<x:mergeCell ref="$AA$1:AB12"/></x:mergeCells></x:worksheet>'
    )
    layout = read_layout(BytesIO(sheet))
    assert layout.hidden_rows == {2, 5}
    assert [layout.hides_column(at) for at in (1, 2, 3, 4)] == [False, True, True, False]
    assert [(one.first_column, one.last_column, one.last_row) for one in layout.merged] == [(27, 28, 12)]
    assert [column_name(at) for at in (1, 26, 27, 28, 703)] == ["A", "Z", "AA", "AB", "AAA"]


def test_a_copy_under_an_upload_s_name_is_read_alike(tmp_path):
    copy = tmp_path / "dictionary-x1"
    shutil.copy(MERGED, copy)
    assert len(read_words(copy, "词库.xlsx")[0]) == 3
