"""Tables of Word: merged cells, captions, what stands inside a cell, and frames that are no tables."""

from pathlib import Path

import pytest

from sites.documents_in.extraction import ExtractionLimits, ExtractionRefused, TableBlock
from tests.documents_in.fictional import extract, warned
from tests.documents_in.word.writing import BEFORE, abstract, level, lines, num, numbered, p, read, style, text, write

pytestmark = pytest.mark.unit


def cell(words: str, properties: str = "") -> str:
    content = words if words.startswith("<w:p>") else p(words)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def block(tmp_path: Path, body: str, **parts: object) -> TableBlock:
    return next(found for found in read(tmp_path, body, **parts).blocks if isinstance(found, TableBlock))


def test_cells_over_rows_and_columns(tmp_path: Path) -> None:
    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = table(
        row(cell("县"), cell("金额", '<w:gridSpan w:val="2"/>')),
        row(cell("青溪县", start), cell("1"), cell("2")),
        row(cell("", on), cell("3"), cell("4")),
    )
    assert block(tmp_path, body).rows == [["县", "金额", ""], ["青溪县", "1", "2"], ["青溪县", "3", "4"]]
    assert warned(read(tmp_path, body), "1 个表格含合并单元格")


def test_columns_left_out_at_the_beginning_of_a_row(tmp_path: Path) -> None:
    body = table(row(cell("甲"), cell("乙")), row(cell("丙"), properties='<w:gridBefore w:val="1"/>'))
    assert block(tmp_path, body).rows == [["甲", "乙"], ["", "丙"]]


def test_old_merged_columns(tmp_path: Path) -> None:
    body = table(row(cell("甲", '<w:hMerge w:val="restart"/>'), cell("", '<w:hMerge w:val="continue"/>'), cell("乙")),
                 row(cell("1"), cell("2"), cell("3")))  # fmt: skip
    assert block(tmp_path, body).rows == [["甲", "", "乙"], ["1", "2", "3"]]


def test_a_row_over_the_whole_width_is_the_caption(tmp_path: Path) -> None:
    body = table(
        row(cell("资金分配表", '<w:gridSpan w:val="2"/>')), row(cell("县"), cell("金额")), row(cell("甲"), cell("1"))
    )
    found = block(tmp_path, body)
    assert (found.caption, found.rows) == ("资金分配表", [["县", "金额"], ["甲", "1"]])


def test_a_marked_or_bold_first_row_is_a_header(tmp_path: Path) -> None:
    def bold(words: str) -> str:
        return cell(p(text(words, "<w:b/>")))

    plain = row(cell("甲"), cell("1"))
    assert block(tmp_path, table(row(cell("县"), cell("金额"), properties="<w:tblHeader/>"), plain)).header
    assert block(tmp_path, table(row(bold("县"), bold("金额")), plain)).header
    assert not block(tmp_path, table(row(cell("县"), cell("金额")), plain)).header


def test_paragraphs_headings_and_tables_of_a_cell_are_lines(tmp_path: Path) -> None:
    inner = table(row(cell("子"), cell("丑")), row(cell("寅"), cell("卯")))
    heading = p("职责", '<w:pStyle w:val="1"/>')
    body = table(row(cell(heading + p("按月巡查。") + inner), cell("乙")))
    assert block(tmp_path, body, styles=style("1", "heading 1")).rows == [["职责\n按月巡查。\n子 丑\n寅 卯", "乙"]]


def test_bullets_in_a_cell_are_seen(tmp_path: Path) -> None:
    bullet = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl>'
    numbering = abstract(0, bullet) + abstract(1, level(0, "chineseCounting", "%1、")) + num(1, 0) + num(2, 1)
    body = table(row(cell(numbered("巡查") + numbered("维修")), cell(numbered("登记", 2))))
    assert block(tmp_path, body, numbering=numbering).rows == [["• 巡查\n• 维修", "一、登记"]]


def test_a_frame_of_one_cell_is_no_table(tmp_path: Path) -> None:
    assert lines(tmp_path, table(row(cell(p("第一段。") + p("第二段。"))))) == ["第一段。", "第二段。"]


def test_too_many_cells_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.docx", p(BEFORE) + table(*[row(*[cell("甲")] * 10)] * 30))
    with pytest.raises(ExtractionRefused) as caught:
        extract(path, limits=ExtractionLimits(table_cells=200))
    assert "200 个单元格" in caught.value.reason


def test_powers_stay_powers_where_only_plain_text_is_kept(tmp_path: Path) -> None:
    power = p(text("10") + text("8", '<w:vertAlign w:val="superscript"/>'))
    rows = [(p("水量"), power), (p("备注"), p("无"))]
    cells = ["".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows]
    document = read(tmp_path, f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>")
    found = next(block for block in document.blocks if isinstance(block, TableBlock))
    assert found.rows == [["水量", "10⁸"], ["备注", "无"]]
