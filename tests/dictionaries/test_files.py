"""What is read of a dictionary file, and what an export writes."""

import csv
import io

import pytest
from openpyxl import load_workbook

from govplatform.dictionaries.actions import read_words
from govplatform.dictionaries.effective import comparable_value, comparable_word
from govplatform.dictionaries.value_rules import reasons_against_value
from govplatform.dictionaries.word_file import read_table, write_table
from govplatform.dictionaries.word_table import HEADINGS, WordRow, read_rows
from govplatform.refusals import Refused

from .files import bomb, csv_file, xlsx_file

pytestmark = pytest.mark.unit


def read(path):
    return read_rows(read_table(path, path.name))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_recognised(tmp_path, encoding, delimiter):
    line = delimiter.join(["截止目前", "错误表述", "提示", "截至目前", "2026-01-01", "", "常见"])
    path = csv_file(tmp_path, line, headings=delimiter.join(HEADINGS.values()), encoding=encoding)
    rows, faults = read(path)
    assert not faults
    assert rows == [WordRow(2, "截止目前", "wrong", "info", "截至目前", "2026-01-01", "", "常见")]


def test_what_is_not_said_has_its_usual_value(tmp_path):
    rows, faults = read(csv_file(tmp_path, "截止目前", headings="词语"))
    assert not faults
    assert (rows[0].kind, rows[0].severity) == ("wrong", "warn")


def test_a_spreadsheet_is_read_with_its_dates(tmp_path):
    import datetime

    day = datetime.date(2026, 3, 1)
    rows, faults = read(xlsx_file(tmp_path, ["测试词甲", "敏感词", "必须处理", None, day, "2026/12/31", None]))
    assert not faults
    assert rows[0].as_list() == [2, "测试词甲", "sensitive", "block", "", "2026-03-01", "2026-12-31", ""]


def test_every_fault_is_named_with_line_and_column(tmp_path):
    path = csv_file(
        tmp_path,
        "好词语,错误表述,提示,,,,",
        ",错误表述,提示,有建议无词,,,",
        "测试词乙,怪类,重,,2026-02-30,,",
        "",
        "测试词丙,错误表述,提示,测试词丙,2026-05-01,2026-04-01,",
        "长" * 51,
        "测试词丁,错误表述,提示,,,,,多出一列",
        "单",
    )
    rows, faults = read(path)
    assert [row.word for row in rows] == ["好词语"]
    assert [(fault.line, fault.column) for fault in faults] == [
        (3, "词语"),
        (4, "类别"), (4, "程度"), (4, "生效日期"),
        (6, "建议"), (6, "失效日期"),
        (7, "词语"),
        (8, ""),
        (9, "词语"),
    ]  # fmt: skip
    assert all(fault.reason for fault in faults)


@pytest.mark.parametrize(
    ("headings", "said"),
    [("词语,类型", "不认识的表头"), ("类别,程度", "没有“词语”"), ("词语,建议,建议", "出现了两次")],
)
def test_headings_that_are_not_ours_are_refused(tmp_path, headings, said):
    rows, faults = read(csv_file(tmp_path, "甲乙,丙丁", headings=headings))
    assert not rows
    assert said in faults[0].reason


def test_quoted_cells_keep_the_line_of_their_beginning(tmp_path):
    _rows, faults = read(csv_file(tmp_path, '"测试\n词语",,,,,,', "单,,,,,,"))
    assert [(fault.line, fault.column) for fault in faults] == [(2, "词语"), (4, "词语")]


def words(*texts):
    return [WordRow(0, text, "wrong", "warn", "", "", "", "") for text in texts]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_is_read_back_as_it_was(tmp_path, kind):
    dated = WordRow(0, '词,引"号', "sensitive", "block", "", "2026-01-01", "2026-02-01", "注")
    rows = [*words("普通词语", "=1+1", "+86甲", "-乙丙", "@丁戊"), dated]
    path = tmp_path / f"out.{kind}"
    path.write_bytes(write_table(rows, kind))
    again, faults = read(path)
    assert not faults
    assert [row.fields() for row in again] == [row.fields() for row in rows]


def test_no_exported_cell_is_a_formula():
    rows = words('=cmd|"/c calc"!A1', "@SUM(A1)", "+1+1", "-2+3")
    for cells in csv.reader(io.StringIO(write_table(rows, "csv").decode("utf-8-sig"))):
        assert not cells[0].startswith(("=", "+", "-", "@"))
    sheet = load_workbook(io.BytesIO(write_table(rows, "xlsx"))).active
    assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value} == {"s"}


def test_a_formula_in_a_spreadsheet_is_never_read_as_a_word(tmp_path):
    path = xlsx_file(tmp_path, ["=1+1"])
    rows, faults, *_notes = read_words(path, path.name)
    assert rows == []
    assert "公式" in faults[0].reason


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("words.csv", bytes(range(256)) * 20),
        ("words.csv", '词语\n"没有收尾'.encode()),
        ("words.csv", ("词语" + "," * 60 + "x").encode()),
        ("words.xlsx", b"PK\x03\x04 broken"),
        ("words.xlsx", "词语".encode()),
        ("words.doc", b"x"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        read_table(path, name)
    assert refusal.value.reasons


def test_a_bomb_costs_a_refusal(tmp_path):
    with pytest.raises(Refused, match="过大"):
        read_table(bomb(tmp_path), "bomb.xlsx")


def test_a_file_too_large_and_too_many_rows_are_refused(tmp_path):
    path = csv_file(tmp_path, *(f"词语{number}" for number in range(50_002)), headings="词语")
    with pytest.raises(Refused, match="50000 行"):
        read_table(path, path.name)
    path.write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    with pytest.raises(Refused, match="10 MB"):
        read_table(path, path.name)


def test_the_example_in_the_repository_is_a_dictionary():
    from tests.database import ROOT

    path = ROOT / "deploy" / "examples" / "dictionary-example.csv"
    rows, faults = read(path)
    assert not faults
    assert len(rows) == 20
    assert all(row.suggestion for row in rows)


def test_width_case_and_spaces_make_no_other_word():
    assert comparable_word("ＡＢc 词") == comparable_word("abC词")


@pytest.mark.parametrize(
    ("value", "kind", "form"),
    [
        ("０1234-567 8901", "number", "012345678901"),
        ("+86 13800000000", "number", "13800000000"),
        ("Info@Example.ORG", "email", "info@example.org"),
        ("云江省澄州市 人民路 1 号", "address", "云江省澄州市人民路1号"),
        ("https://Example.org/a/", "link", "example.org/a"),
        ("https://www.example.org:8080/a?b", "host", "www.example.org"),
    ],
)
def test_values_are_kept_in_the_form_of_the_comparison(value, kind, form):
    assert comparable_value(value, kind) == form
    assert not reasons_against_value(value, kind)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("", "number"), ("12", "number"), ("办公室电话", "number"), ("11010119900307663X", "number"),
        ("人民路", "address"), ("info.example.org", "email"), ("https://", "link"), ("localhost", "host"),
        ("a" * 301, "link"), ("甲\n乙丙丁戊", "address"), ("12345", "unknown"),
    ],
)  # fmt: skip
def test_values_that_would_hide_too_much_are_refused(value, kind):
    assert reasons_against_value(value, kind)
