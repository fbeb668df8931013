"""Fields: results are text, instructions are not, and some results are made here."""

from pathlib import Path

import pytest

from sites.documents_in.extraction import RichTextBlock
from sites.documents_in.extraction.word.eq_fields import read_eq
from tests.documents_in.fictional import warned
from tests.documents_in.word.writing import field, lines, p, read, style, text

pytestmark = pytest.mark.unit

CHAR = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
INSTRUCTION = "<w:r><w:instrText>{}</w:instrText></w:r>"


def line(tmp_path: Path, content: str) -> str:
    found = lines(tmp_path, p(content))
    assert len(found) == 1
    return found[0]


def test_the_result_is_text_and_the_instruction_is_not(tmp_path: Path) -> None:
    assert line(tmp_path, text("见附件") + field("REF a \\h", text("3")) + text("。")) == "见附件3。"


def test_fields_in_fields(tmp_path: Path) -> None:
    instruction = CHAR.format("begin") + INSTRUCTION.format("IF ") + field("REF a", text("隐"))
    content = instruction + CHAR.format("separate") + text("已达标") + CHAR.format("end") + text("。")
    assert line(tmp_path, text("考核") + content) == "考核已达标。"


@pytest.mark.parametrize("kind", ["XE", "TC", "SET", "ASK", "PRIVATE"])
def test_results_that_are_never_printed(tmp_path: Path, kind: str) -> None:
    assert line(tmp_path, text("甲") + field(f"{kind} x", text("乙")) + text("丙。")) == "甲丙。"


def test_a_field_without_end_swallows_nothing(tmp_path: Path) -> None:
    body = p(text("甲。") + CHAR.format("begin") + INSTRUCTION.format("TOC")) + p("乙。") + p("丙。")
    assert lines(tmp_path, body) == ["甲。", "乙。", "丙。"]


def test_a_field_that_only_ends_hides_nothing(tmp_path: Path) -> None:
    assert lines(tmp_path, p(CHAR.format("end") + text("甲。")) + p(CHAR.format("separate") + text("乙。"))) == [
        "甲。",
        "乙。",
    ]


def test_a_field_over_several_paragraphs(tmp_path: Path) -> None:
    body = (
        p(CHAR.format("begin") + INSTRUCTION.format("INCLUDETEXT x") + CHAR.format("separate") + text("甲。"))
        + p("乙。")
        + p(text("丙。") + CHAR.format("end"))
        + p("丁。")
    )
    assert lines(tmp_path, body) == ["甲。", "乙。", "丙。", "丁。"]


def test_a_link_by_a_field(tmp_path: Path) -> None:
    content = field('HYPERLINK "https://www.example.gov.cn/"', text("网站")) + text("可以查询。")
    html = "".join(block.html for block in read(tmp_path, p(content)).blocks if isinstance(block, RichTextBlock))
    assert '<a href="https://www.example.gov.cn/">网站</a>可以查询。' in html


def test_a_link_by_a_field_to_a_place_in_the_document_is_text(tmp_path: Path) -> None:
    assert line(tmp_path, field('HYPERLINK \\l "_Toc1"', text("第一章")) + text("有规定。")) == "第一章有规定。"


@pytest.mark.parametrize(
    ("instruction", "form", "printed"),
    [
        ('SYMBOL 163 \\f "Wingdings 2" \\s 12', "", "□"),
        ('SYMBOL 0xFE \\f "Wingdings"', "", "☑"),
        ("SYMBOL 8364 \\u", "", "€"),
        ("FORMCHECKBOX", '<w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData>', "☐"),
        ("FORMCHECKBOX", "<w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData>", "☑"),
        (
            "FORMDROPDOWN",
            '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="甲"/><w:listEntry w:val="乙"/></w:ddList>'
            "</w:ffData>",
            "乙",
        ),
        ("EQ \\o\\ac(○,3)", "", "③"),
    ],
)
def test_results_that_are_made_here(tmp_path: Path, instruction: str, form: str, printed: str) -> None:
    assert line(tmp_path, text("选：") + field(instruction, form=form) + text("项。")) == f"选：{printed}项。"


@pytest.mark.parametrize(
    ("instruction", "printed"),
    [
        ("EQ \\f(1,2)", "1/2"),
        ("EQ \\f(a+b,2)", "(a+b)/2"),
        ("EQ \\r(3,x)", "3√x"),
        ("EQ \\r(2)", "√2"),
        ("eq \\o\\ac(○,一)", "㊀"),
        ("eq \\o\\ac(○,急)", "（急）"),
        ('EQ \\* jc2 \\* "Font:宋体" \\* hps10 \\o\\ad(\\s\\up 9(dàng),砀)', "砀（dàng）"),
        ("EQ x\\s\\up8(2)+y\\s\\do6(1)", "x2+y1"),
        ("EQ \\b(\\f(1,2))", "(1/2)"),
        ("EQ f(x)", "f(x)"),
        ("EQ \\f(1", "1"),
        ("EQ \\", ""),
    ],
)
def test_old_formulas(instruction: str, printed: str) -> None:
    assert read_eq(instruction) == printed


def test_old_formulas_without_end() -> None:
    for piece in ("\\f(", "(", "\\o\\ac(○,", "\\\\", "\\* "):
        assert len(read_eq("EQ " + piece * 100_000)) < 10_000


def test_old_formulas_are_named(tmp_path: Path) -> None:
    assert warned(read(tmp_path, p(text("占") + field("EQ \\f(1,2)") + text("。"))), "1 处公式", "1/2")


def contents(*entries: str) -> str:
    """A table of contents as Word writes it, with the field over its paragraphs."""
    first, *others = entries
    begin = CHAR.format("begin") + INSTRUCTION.format(' TOC \\o "1-3" ') + CHAR.format("separate")
    return (
        p(begin + text(first))
        + "".join(p(text(entry)) for entry in others[:-1])
        + p(text(others[-1]) + CHAR.format("end"))
    )


def test_a_table_of_contents_goes_with_its_heading(tmp_path: Path) -> None:
    body = p("目　录") + contents("第一章 总则 1", "第二章 职责 2", "第三章 附则 3") + p("正文在此。")
    assert lines(tmp_path, body) == ["正文在此。"]
    assert warned(read(tmp_path, body), "目录（3 行）未导入")


def test_text_that_follows_a_table_of_contents_in_its_last_paragraph(tmp_path: Path) -> None:
    begin = CHAR.format("begin") + INSTRUCTION.format("TOC") + CHAR.format("separate")
    assert lines(tmp_path, p(begin + text("第一章 1") + CHAR.format("end") + text("正文在此。"))) == ["正文在此。"]


def test_a_table_of_contents_in_a_control(tmp_path: Path) -> None:
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    body = f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{p('目录')}{p('第一章 1')}</w:sdtContent></w:sdt>"
    assert lines(tmp_path, body + p("正文在此。")) == ["正文在此。"]


def test_a_table_of_contents_that_is_plain_text_by_now(tmp_path: Path) -> None:
    styles = style("10", "toc 1") + style("T", "TOC Heading")
    entry = p(text("第一章 总则") + "<w:r><w:tab/></w:r>" + text("1"), '<w:pStyle w:val="10"/>')
    prose = p("这一段只是用错了样式。", '<w:pStyle w:val="10"/>')
    body = p("目录", '<w:pStyle w:val="T"/>') + entry + prose
    assert lines(tmp_path, body, styles=styles) == ["这一段只是用错了样式。"]
