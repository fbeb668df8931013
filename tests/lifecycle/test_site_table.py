"""What is read of a table of sites, whatever it is written in, and what is written out."""

import pytest

from govplatform.lifecycle.batches.actions import read_sites
from govplatform.lifecycle.batches.table import COLUMNS, HEADINGS, faults_file, template_file

from .tables import cells, csv_file, read, row, xlsx_file

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_the_encoding_is_told_apart(tmp_path, encoding):
    table = read_sites(
        csv_file(tmp_path / "sites.csv", row(1, organiser="镕县人民政府"), encoding=encoding), "sites.csv"
    )
    assert table.faults == []
    assert table.rows[0].given["organiser"] == "镕县人民政府"


def test_a_workbook_gives_numbers_as_they_are_meant(tmp_path):
    headings = ["网站全称", "站点代码", "网站标识码", "类别", "层级", "公众访问域名"]
    path = xlsx_file(
        tmp_path / "sites.xlsx",
        headings,
        ["云江省第1测试县人民政府", "test1", 5301000042, "门户网站", "县级", "a.example"],
    )
    assert read_sites(path, path.name).rows[0].given["identity_code"] == "5301000042"


@pytest.mark.parametrize("name", ["field", "heading"])
def test_headings_may_be_chinese_or_english(name):
    table = read([[getattr(column, name) for column in COLUMNS], [f"{column.field} value" for column in COLUMNS]])
    assert table.faults == []
    assert dict(table.rows[0].given) == {field: f"{field} value" for field in HEADINGS}


def test_headings_forgive_case_blanks_and_marks():
    table = read(
        [["*Name", "Site_Code", "KIND", "Level ", " 公众访问域名＊"], ["甲县", "jia", "portal", "county", "j.example"]]
    )
    assert table.faults == []
    assert table.rows[0].given["host"] == "j.example"


def test_every_fault_of_the_headings_is_named():
    table = read([["网站全称", "站点代码", "站点代码", "邮编", "类别", "层级"], ["甲县", "jia", "", "1", "门户", "县"]])
    assert table.rows == []
    assert [(fault.row, fault.column) for fault in table.faults] == [
        (1, "站点代码"),
        (1, "邮编"),
        (1, "公众访问域名"),
    ]


def test_empty_lines_are_passed_over_and_lines_keep_their_numbers():
    lines = cells(row(1), row(2))
    lines.insert(2, ["", " ", ""])
    assert [one.line for one in read(lines).rows] == [2, 4]


def test_an_empty_file_and_one_with_headings_only_are_faults():
    assert "空" in read([]).faults[0].reason
    assert "没有站点" in read(cells(row(1))[:1]).faults[0].reason


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_example_of_the_empty_table_is_no_site(tmp_path, kind):
    path = tmp_path / f"empty.{kind}"
    path.write_bytes(template_file(kind))
    table = read_sites(path, path.name)
    assert table.examples == [2]
    assert [fault.reason for fault in table.faults] == ["表头下面没有站点。"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_faulty_rows_come_back_with_their_reasons_and_can_be_given_again(tmp_path, kind):
    given = dict.fromkeys(HEADINGS, "") | row(1, contact="=1+1", host="错")
    path = tmp_path / f"faulty.{kind}"
    path.write_bytes(faults_file([(7, given, ["公众访问域名：不合规则。"])], kind))
    table = read_sites(path, path.name)
    assert table.faults == []
    assert dict(table.rows[0].given) == given
