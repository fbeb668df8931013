"""A number in each place of a workbook is found, and its cell is named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from .archives import replaced, rewrite
from .planted import NUMBER

pytestmark = pytest.mark.unit


@pytest.fixture
def book() -> Any:
    book = openpyxl.Workbook()
    book.active.title = "名单"
    book.active["A1"] = "姓名"
    return book


def saved(tmp_path: Path, book: Any) -> Path:
    path = tmp_path / "a.xlsx"
    book.save(path)
    return path


def cell(book: Any) -> None:
    book["名单"]["C17"] = NUMBER


def far_cell(book: Any) -> None:
    book["名单"]["ZZ20000"] = NUMBER


def lines_in_a_cell(book: Any) -> None:
    book["名单"]["C17"] = f"{NUMBER[:6]}\n{NUMBER[6:]}"


def split_over_cells(book: Any) -> None:
    for column, digit in enumerate(NUMBER, start=3):
        book["名单"].cell(17, column, digit)


def hidden_sheet(book: Any) -> None:
    sheet = book.create_sheet("底稿")
    sheet["C17"], sheet.sheet_state = NUMBER, "hidden"


def very_hidden_sheet(book: Any) -> None:
    sheet = book.create_sheet("底稿")
    sheet["C17"], sheet.sheet_state = NUMBER, "veryHidden"


def hidden_row(book: Any) -> None:
    cell(book)
    book["名单"].row_dimensions[17].hidden = True


def hidden_column(book: Any) -> None:
    cell(book)
    book["名单"].column_dimensions["C"].hidden = True


def white_cell(book: Any) -> None:
    cell(book)
    book["名单"]["C17"].font = Font(color="FFFFFFFF")


def silent_format(book: Any) -> None:
    cell(book)
    book["名单"]["C17"].number_format = ";;;"


def formula(book: Any) -> None:
    book["名单"]["C17"] = f'=IF(A1="","{NUMBER}","")'


def comment(book: Any) -> None:
    book["名单"]["C17"].comment = Comment(NUMBER, "甲")


def name(book: Any) -> None:
    book.defined_names["经办人"] = DefinedName("经办人", attr_text=f'"{NUMBER}"')


def header(book: Any) -> None:
    book["名单"].oddHeader.center.text = NUMBER


def footer(book: Any) -> None:
    book["名单"].oddFooter.left.text = NUMBER


def properties(book: Any) -> None:
    book.properties.creator = NUMBER


def choices(book: Any) -> None:
    validation = DataValidation(type="list", formula1=f'"{NUMBER},无"')
    book["名单"].add_data_validation(validation)
    validation.add("A2")


def sheet_name(book: Any) -> None:
    book["名单"]["B2"] = "=1"
    book.create_sheet(NUMBER)["A1"] = "x"


@pytest.mark.parametrize(
    ("plant", "where", "hidden"),
    [
        (cell, "sheet 名单!C17", ""),
        (far_cell, "sheet 名单!ZZ20000", ""),
        (lines_in_a_cell, "sheet 名单!C17", ""),
        (split_over_cells, "sheet 名单!C17", ""),
        (hidden_sheet, "hidden sheet 底稿!C17", "hidden sheet 底稿"),
        (very_hidden_sheet, "hidden sheet 底稿!C17", "hidden sheet 底稿"),
        (hidden_row, "hidden row 名单!C17", "hidden row 名单!17"),
        (hidden_column, "hidden column 名单!C17", "hidden column 名单!C"),
        (white_cell, "hidden text 名单!C17", "hidden text 名单!C17"),
        (silent_format, "hidden text 名单!C17", "hidden text 名单!C17"),
        (formula, "sheet 名单!C17", ""),
        (comment, "comment 名单!C17", "comment 名单!C17"),
        (name, "defined name 经办人", ""),
        (header, "header 名单", ""),
        (footer, "footer 名单", ""),
        (properties, "document properties", ""),
        (choices, "data validation 名单", ""),
    ],
)
def test_each_place(
    tmp_path: Path, scan: Any, book: Any, plant: Callable[[Any], None], where: str, hidden: str
) -> None:
    plant(book)
    scanned = scan(saved(tmp_path, book))
    assert scanned.places() == [where]
    assert scanned.hidden() == ([hidden] if hidden else [])


def test_threaded_comments(tmp_path: Path, scan: Any, book: Any) -> None:
    comment(book)
    path = saved(tmp_path, book)
    thread = f'<ThreadedComments><threadedComment ref="D9"><text>{NUMBER}</text></threadedComment></ThreadedComments>'
    rewrite(path, xl__threadedComments__t1=thread.encode())
    relation = (
        '<Relationship Id="t1" Type="urn:x/threadedComment" Target="/xl/threadedComments/t1.xml"/></Relationships>'
    )
    rewrite(path, replaced("xl/worksheets/_rels/sheet1.xml.rels", "</Relationships>", relation))
    assert scan(path).places() == ["comment 名单!C17", "comment 名单!D9"]


def test_the_value_that_a_formula_had_when_it_was_saved(tmp_path: Path, scan: Any, book: Any) -> None:
    book["名单"]["C17"] = "=A1"
    path = saved(tmp_path, book)
    rewrite(path, replaced("xl/worksheets/sheet1.xml", 'r="C17"', 'r="C17" t="str"'))
    path = rewrite(path, replaced("xl/worksheets/sheet1.xml", "<v></v>", f"<v>{NUMBER}</v>"))
    assert scan(path).places() == ["sheet 名单!C17"]


def test_shared_strings_and_those_that_no_cell_uses_any_more(tmp_path: Path, scan: Any, book: Any) -> None:
    path = saved(tmp_path, book)
    strings = f"<sst><si><r><t>{NUMBER[:9]}</t></r><r><t>{NUMBER[9:]}</t></r></si><si><t>{NUMBER}</t></si></sst>"
    rewrite(path, xl__sharedStrings=strings.encode())
    relation = '<Relationship Id="s1" Type="urn:x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    rewrite(path, replaced("xl/_rels/workbook.xml.rels", "</Relationships>", relation))
    row = '<row r="5"><c r="B5" t="s"><v>0</v></c></row></sheetData>'
    rewrite(path, replaced("xl/worksheets/sheet1.xml", "</sheetData>", row))
    assert scan(path).places() == ["sheet 名单!B5", "shared strings"]


def test_numbers_that_excel_keeps_as_numbers(tmp_path: Path, scan: Any, book: Any) -> None:
    book["名单"]["A1"] = "手机号"
    book["名单"]["A2"] = 13800138000
    path = saved(tmp_path, book)
    rewrite(path, replaced("xl/worksheets/sheet1.xml", "<v>13800138000</v>", "<v>1.3800138E10</v>"))
    assert scan(path).places("mobile") == ["sheet 名单!A2"]


def test_inline_strings(tmp_path: Path, scan: Any, book: Any) -> None:
    path = saved(tmp_path, book)
    row = f'<row r="5"><c r="B5" t="inlineStr"><is><r><t>{NUMBER[:9]}</t></r><r><t>{NUMBER[9:]}</t></r></is></c></row>'
    rewrite(path, replaced("xl/worksheets/sheet1.xml", "</sheetData>", f"{row}</sheetData>"))
    assert scan(path).places() == ["sheet 名单!B5"]


def test_places_stay_right_beyond_the_first_piece(tmp_path: Path, scan: Any, book: Any) -> None:
    sheet = book["名单"]
    for number in range(2, 3000):
        sheet.append([f"第{number}行", "政府信息公开" * 8, NUMBER if number in (2900,) else "无"])
    assert scan(saved(tmp_path, book)).places() == ["sheet 名单!C2900"]
