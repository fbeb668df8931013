"""What does not show is left out and counted, wherever it is said that it does not show."""

from pathlib import Path

import pytest

from tests.documents_in.fictional import warned
from tests.documents_in.word.writing import lines, numbered, p, read, style, text

pytestmark = pytest.mark.unit

HIDE = "<w:rPr><w:vanish/></w:rPr>"
SHOWN = "请各单位落实。"
SECRET = "内部掌握。"


def found(tmp_path: Path, body: str, **parts: object) -> str:
    return "".join(lines(tmp_path, body, **parts))


@pytest.mark.parametrize(
    "properties",
    [
        "<w:vanish/>",
        '<w:vanish w:val="1"/>',
        '<w:vanish w:val="true"/>',
        '<w:rStyle w:val="Hidden"/>',
        '<w:rStyle w:val="OnHidden"/>',
        "<w:specVanish/>",
    ],
)
def test_hidden_runs(tmp_path: Path, properties: str) -> None:
    styles = style("Hidden", content=HIDE, kind="character") + style("OnHidden", kind="character", based_on="Hidden")
    body = p(text(SHOWN) + text(SECRET, properties))
    assert found(tmp_path, body, styles=styles) == SHOWN
    assert warned(read(tmp_path, body, styles=styles), "1 处隐藏文字")


@pytest.mark.parametrize(
    "properties", ['<w:vanish w:val="0"/>', '<w:vanish w:val="false"/>', '<w:vanish w:val="off"/>']
)
def test_hiding_that_is_switched_off(tmp_path: Path, properties: str) -> None:
    assert found(tmp_path, p(text(SHOWN, properties))) == SHOWN


def test_paragraph_styles_and_those_they_are_based_on_hide(tmp_path: Path) -> None:
    styles = style("Hidden", content=HIDE) + style("Based", based_on="Hidden") + style("Shown", based_on="Based",
        content='<w:rPr><w:vanish w:val="0"/></w:rPr>')  # fmt: skip
    body = "".join(p(words, f'<w:pStyle w:val="{name}"/>') for words, name in (
        (SECRET, "Hidden"), (SECRET, "Based"), (SHOWN, "Shown")))  # fmt: skip
    assert found(tmp_path, body, styles=styles) == SHOWN
    assert warned(read(tmp_path, body, styles=styles), "2 处隐藏文字")


def test_a_run_shows_itself_in_a_hidden_paragraph(tmp_path: Path) -> None:
    styles = style("Hidden", content=HIDE)
    body = p(text(SECRET) + text(SHOWN, '<w:vanish w:val="0"/>'), '<w:pStyle w:val="Hidden"/>')
    assert found(tmp_path, body, styles=styles) == SHOWN


def test_two_styles_that_hide_undo_each_other(tmp_path: Path) -> None:
    styles = style("Hidden", content=HIDE) + style("Also", content=HIDE, kind="character")
    body = p(text(SHOWN, '<w:rStyle w:val="Also"/>'), '<w:pStyle w:val="Hidden"/>')
    assert found(tmp_path, body, styles=styles) == SHOWN


def test_the_defaults_of_a_document_hide(tmp_path: Path) -> None:
    styles = f"<w:docDefaults><w:rPrDefault>{HIDE}</w:rPrDefault></w:docDefaults>"
    assert warned(read(tmp_path, p(text(SHOWN, '<w:vanish w:val="0"/>')), styles=styles), "隐藏文字") is True


def test_styles_based_on_each_other_in_a_circle_end(tmp_path: Path) -> None:
    styles = style("A", based_on="B") + style("B", based_on="A")
    assert found(tmp_path, p(SHOWN, '<w:pStyle w:val="A"/>'), styles=styles) == SHOWN


@pytest.mark.parametrize("properties", ["<w:strike/>", "<w:dstrike/>", '<w:rStyle w:val="Struck"/>'])
def test_struck_text_is_left_out_and_quoted(tmp_path: Path, properties: str) -> None:
    styles = style("Struck", content="<w:rPr><w:strike/></w:rPr>", kind="character")
    body = p(text("每人每月") + text("300元", properties) + text("500元。"))
    assert found(tmp_path, body, styles=styles) == "每人每月500元。"
    assert warned(read(tmp_path, body, styles=styles), "1 处带删除线的文字", "300元")


def test_changes_are_read_as_accepted(tmp_path: Path) -> None:
    body = p(
        text("补助")
        + '<w:del w:id="1" w:author="a"><w:r><w:delText>三百</w:delText></w:r></w:del>'
        + f'<w:moveFrom w:id="2" w:author="a">{text("元整")}</w:moveFrom>'
        + f'<w:ins w:id="3" w:author="a">{text("五百")}</w:ins>'
        + f'<w:moveTo w:id="4" w:author="a">{text("元。")}</w:moveTo>'
    )
    assert found(tmp_path, body) == "补助五百元。"
    assert warned(read(tmp_path, body), "修订痕迹", "插入 1 处，删除 1 处，移动 1 处")


def test_a_deleted_paragraph_mark_joins_two_paragraphs(tmp_path: Path) -> None:
    mark = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
    assert lines(tmp_path, p("前半句，", mark) + p("后半句。") + p("另一段。")) == ["前半句，后半句。", "另一段。"]


def test_a_hidden_paragraph_mark_joins_a_heading_and_its_text(tmp_path: Path) -> None:
    mark = "<w:rPr><w:vanish/><w:specVanish/></w:rPr>"
    assert lines(tmp_path, p("总则。", mark) + p("本办法适用于河道。")) == ["总则。本办法适用于河道。"]


def test_a_last_paragraph_without_an_end_stays(tmp_path: Path) -> None:
    mark = "<w:rPr><w:vanish/></w:rPr>"
    assert lines(tmp_path, p("最后一段。", mark)) == ["最后一段。"]
    table = f"<w:tbl><w:tr><w:tc>{p('甲')}</w:tc><w:tc>{p('乙')}</w:tc></w:tr></w:tbl>"
    assert lines(tmp_path, p("表前一段。", mark) + table) == ["表前一段。", "甲|乙"]


def test_old_properties_in_a_change_are_not_read(tmp_path: Path) -> None:
    change = '<w:rPrChange w:id="1" w:author="a"><w:rPr><w:vanish/></w:rPr></w:rPrChange>'
    assert found(tmp_path, p(text(SHOWN, change))) == SHOWN


def test_hidden_and_deleted_rows_and_cells(tmp_path: Path) -> None:
    def row(properties: str, *cells: str) -> str:
        return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"

    def cell(words: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(words)}</w:tc>"

    rows = (
        row("", cell("甲"), cell("乙"))
        + row("<w:hidden/>", cell("藏"), cell("藏"))
        + row('<w:del w:id="1" w:author="a"/>', cell("删"), cell("删"))
        + row("", cell("丙"), cell("删", '<w:cellDel w:id="2" w:author="a"/>'), cell("丁"))
    )
    document = read(tmp_path, f"<w:tbl>{rows}</w:tbl>")
    assert lines(tmp_path, f"<w:tbl>{rows}</w:tbl>") == ["甲|乙", "丙|丁"]
    assert warned(document, "1 处隐藏文字")
    assert warned(document, "删除 2 处")


def test_hidden_drawings(tmp_path: Path) -> None:
    boxed = f"<v:textbox><w:txbxContent>{p(SECRET)}</w:txbxContent></v:textbox>"
    hidden = f'<w:r><w:pict><v:shape style="visibility:hidden">{boxed}</v:shape></w:pict></w:r>'
    assert lines(tmp_path, p(text(SHOWN) + hidden)) == [SHOWN]


def test_numbers_of_hidden_styles_are_not_left_behind(tmp_path: Path) -> None:
    styles = style("Hidden", content=HIDE)
    assert lines(tmp_path, numbered(SECRET, 1, properties='<w:pStyle w:val="Hidden"/>'), styles=styles) == []
