"""Text inside other elements than plain runs: whatever a person can read is there, once."""

from pathlib import Path

import pytest

from sites.documents_in.extraction import RichTextBlock
from tests.documents_in.fictional import outline, warned
from tests.documents_in.word.writing import (
    BEFORE,
    RELATION,
    extract,
    lines,
    p,
    read,
    relations,
    style,
    text,
    text_box,
    write,
)

pytestmark = pytest.mark.unit


def line(tmp_path: Path, content: str, **parts: object) -> str:
    """The one line that a paragraph with this content becomes."""
    found = lines(tmp_path, p(content), **parts)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    "content",
    [
        "<w:smartTag>{}</w:smartTag>",
        '<w:bdo w:val="rtl">{}</w:bdo>',
        '<w:dir w:val="ltr">{}</w:dir>',
        '<w:customXml w:element="x"><w:customXmlPr/>{}</w:customXml>',
        '<w:ins w:id="1" w:author="a">{}</w:ins>',
        '<w:moveTo w:id="1" w:author="a">{}</w:moveTo>',
        '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
        '<w:fldSimple w:instr=" REF x ">{}</w:fldSimple>',
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:smartTag><w:ins><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:ins></w:smartTag>",
        "<w:unheardOf>{}</w:unheardOf>",
    ],
)
def test_runs_inside_other_elements_are_read(tmp_path: Path, content: str) -> None:
    assert line(tmp_path, text("补助") + content.format(text("三百元")) + text("。")) == "补助三百元。"


def test_right_to_left_runs_keep_their_letters(tmp_path: Path) -> None:
    assert line(tmp_path, text("书名") + text("كتاب", "<w:rtl/>") + text("。")) == "书名كتاب。"


def test_a_reading_goes_in_brackets_behind_its_word(tmp_path: Path) -> None:
    ruby = (
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>dàng</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>砀</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    assert line(tmp_path, ruby + text("山县各部门应当落实。")) == "砀（dàng）山县各部门应当落实。"


def test_a_drop_cap_joins_its_paragraph(tmp_path: Path) -> None:
    body = p("春", '<w:framePr w:dropCap="drop" w:lines="3"/>') + p("季植树从三月开始。")
    assert lines(tmp_path, body) == ["春季植树从三月开始。"]


def test_a_drop_cap_without_a_paragraph_stays(tmp_path: Path) -> None:
    assert lines(tmp_path, p("春", '<w:framePr w:dropCap="drop"/>')) == ["春"]


@pytest.mark.parametrize(("blank", "printed"), [("    ", "____"), ("　　", "____"), ("\t", "____")])
def test_an_underlined_blank_stays_a_place_to_write_on(tmp_path: Path, blank: str, printed: str) -> None:
    run = text(blank, '<w:u w:val="single"/>').replace("\t</w:t>", "</w:t><w:tab/>")
    assert line(tmp_path, text("申请人：") + run + text("签名。")) == f"申请人：{printed}签名。"


def test_blanks_around_underlined_words_are_no_places_to_write_on(tmp_path: Path) -> None:
    underlined = "".join(text(words, '<w:u w:val="single"/>') for words in ("  ", "王小溪", "  "))
    assert "_" not in line(tmp_path, text("申请人：") + underlined + text("签名。"))


def test_blanks_that_are_not_underlined_are_space(tmp_path: Path) -> None:
    assert line(tmp_path, text("甲      ") + text("乙", '<w:u w:val="none"/>')) == "甲 乙"


def test_tabs_and_breaks(tmp_path: Path) -> None:
    content = "<w:r><w:t>甲方</w:t><w:tab/><w:t>乙方</w:t><w:br/><w:t>丙方</w:t><w:noBreakHyphen/><w:t>丁方</w:t></w:r>"
    assert lines(tmp_path, p(content)) == ["甲方 乙方", "丙方-丁方"]


def test_soft_hyphens_are_nothing(tmp_path: Path) -> None:
    assert line(tmp_path, "<w:r><w:t>conser</w:t><w:softHyphen/><w:t>vation。</w:t></w:r>") == "conservation。"


@pytest.mark.parametrize(
    ("font", "letter", "shown"),
    [
        ("Symbol", "a", "α"),
        ("Symbol", "\uf0a3", "≤"),
        ("Wingdings", "\uf0fe", "☑"),
        ("Wingdings", "l", "●"),
        ("Wingdings 2", "S", "☒"),
        ("Webdings", "a", "✔"),
        ("Wingdings 3", "\uf0c6", "🡆"),
        ("仿宋_GB2312", "a", "a"),
    ],
)
def test_letters_of_symbol_fonts_are_what_they_look_like(tmp_path: Path, font: str, letter: str, shown: str) -> None:
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>'
    assert line(tmp_path, text("选择：") + text(letter, fonts) + text("。")) == f"选择：{shown}。"


def test_a_symbol_font_may_come_from_a_style(tmp_path: Path) -> None:
    fonts = '<w:rPr><w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/></w:rPr>'
    styles = style("Tick", content=fonts, kind="character")
    assert line(tmp_path, text("同意：") + text("R", '<w:rStyle w:val="Tick"/>'), styles=styles) == "同意：☑"


def test_chinese_in_a_symbol_font_stays(tmp_path: Path) -> None:
    assert line(tmp_path, text("水务站。", '<w:rFonts w:ascii="Wingdings"/>')) == "水务站。"


def test_a_symbol_that_nobody_knows_is_named(tmp_path: Path) -> None:
    document = read(tmp_path, p(text("标记") + '<w:r><w:sym w:font="Own Font" w:char="F041"/></w:r>'))
    assert warned(document, "1 个符号", "Own Font F041")


def test_characters_made_by_oneself_are_named(tmp_path: Path) -> None:
    assert warned(read(tmp_path, p("王\ue123负责。")), "1 处文字使用自造字")


def test_a_picture_character_has_a_fallback_for_old_programs(tmp_path: Path) -> None:
    content = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="w16se"><w16se:symEx w16se:char="2611"/></mc:Choice>'
        "<mc:Fallback><w:t>☑</w:t></mc:Fallback></mc:AlternateContent><w:t>同意。</w:t></w:r>"
    )
    assert line(tmp_path, content) == "☑同意。"


def test_a_text_box_stands_behind_its_paragraph_once(tmp_path: Path) -> None:
    body = p(text("报送材料。") + text_box(p("截止日期为六月三十日。"))) + p("逾期不再受理。")
    assert lines(tmp_path, body) == ["报送材料。", "截止日期为六月三十日。", "逾期不再受理。"]


def test_a_text_box_in_a_text_box(tmp_path: Path) -> None:
    body = p(text_box(p(text("外面的字。") + text_box(p("里面的字。"), fallback=False)), fallback=False))
    assert lines(tmp_path, body) == ["外面的字。", "里面的字。"]


def test_an_old_text_box_and_drawn_words(tmp_path: Path) -> None:
    boxed = f"<v:shape><v:textbox><w:txbxContent>{p('旧式文本框。')}</w:txbxContent></v:textbox></v:shape>"
    words = '<v:shape><v:textpath string="艺术字标语。"/></v:shape>'
    body = p(f"<w:r><w:pict>{boxed}{words}</w:pict></w:r>")
    assert lines(tmp_path, body) == ["旧式文本框。", "艺术字标语。"]


def test_a_text_box_in_a_cell_stays_in_the_cell(tmp_path: Path) -> None:
    cells = f"<w:tc>{p(text('甲') + text_box(p('乙')))}</w:tc><w:tc>{p('丙')}</w:tc>"
    assert lines(tmp_path, f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>") == ["甲\n乙|丙"]


def test_equations_are_a_line_of_text_and_named(tmp_path: Path) -> None:
    def run(words: str) -> str:
        return f"<m:r><m:t>{words}</m:t></m:r>"

    power = f"<m:sSup><m:e>{run('x')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>"
    fraction = f"<m:f><m:num>{run('a')}{run('+b')}</m:num><m:den>{run('2')}</m:den></m:f>"
    root = f"<m:rad><m:deg/><m:e>{run('y')}</m:e></m:rad>"
    total = (
        f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{run("i=1")}</m:sub><m:sup>{run("n")}</m:sup>'
        f"<m:e>{run('z')}</m:e></m:nary>"
    )
    body = p(
        text("按") + f"<m:oMath>{power}{run('=')}{fraction}{run('+')}{root}{run('+')}{total}</m:oMath>" + text("计算。")
    )
    document = read(tmp_path, body)
    html = "".join(block.html for block in document.blocks if isinstance(block, RichTextBlock))
    assert "按x<sup>2</sup>=(a+b)/2+√y+∑<sub>i=1</sub><sup>n</sup>z计算。" in html
    assert warned(document, "1 处公式，已转成一行文字", "x2=(a+b)/2")


@pytest.mark.parametrize(
    ("shape", "printed"),
    [
        ('<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr><m:e>{a}</m:e><m:e>{b}</m:e></m:d>', "[a|b]"),
        ("<m:func><m:fName>{a}</m:fName><m:e>{b}</m:e></m:func>", "ab"),
        ("<m:sSubSup><m:e>{a}</m:e><m:sub>{b}</m:sub><m:sup>{a}</m:sup></m:sSubSup>", "aba"),
        ("<m:m><m:mr><m:e>{a}</m:e><m:e>{b}</m:e></m:mr><m:mr><m:e>{b}</m:e></m:mr></m:m>", "[a, b; b]"),
        ("<m:eqArr><m:e>{a}</m:e><m:e>{b}</m:e></m:eqArr>", "a; b"),
        ("<m:acc><m:e>{a}</m:e></m:acc>", "a^"),
        ("<m:limLow><m:e>{a}</m:e><m:lim>{b}</m:lim></m:limLow>", "ab"),
        ("<m:borderBox><m:e>{a}</m:e></m:borderBox>", "a"),
    ],
)
def test_shapes_of_equations(tmp_path: Path, shape: str, printed: str) -> None:
    letters = {letter: f"<m:r><m:t>{letter}</m:t></m:r>" for letter in "ab"}
    assert line(tmp_path, text("为") + f"<m:oMath>{shape.format(**letters)}</m:oMath>" + text("。")) == f"为{printed}。"


def test_an_equation_of_a_whole_line(tmp_path: Path) -> None:
    assert line(tmp_path, "<m:oMathPara><m:oMath><m:r><m:t>S=ab</m:t></m:r></m:oMath></m:oMathPara>") == "S=ab"


def test_links_lead_where_they_led(tmp_path: Path) -> None:
    part = relations([("rId9", "hyperlink", "https://www.example.gov.cn/a")]).replace("/>", ' TargetMode="External"/>')
    body = p(f'<w:hyperlink r:id="rId9">{text("办事指南")}</w:hyperlink>' + text("见网站。"))
    document = read(tmp_path, body, parts={"word/_rels/document.xml.rels": part})
    assert '<a href="https://www.example.gov.cn/a">办事指南</a>见网站。' in "".join(
        block.html for block in document.blocks if isinstance(block, RichTextBlock)
    )


def test_a_link_to_a_script_is_text_and_named(tmp_path: Path) -> None:
    part = relations([("rId9", "hyperlink", "javascript:alert(1)")]).replace("/>", ' TargetMode="External"/>')
    body = p(f'<w:hyperlink r:id="rId9">{text("办事指南")}</w:hyperlink>' + text("见网站。"))
    document = read(tmp_path, body, parts={"word/_rels/document.xml.rels": part})
    assert outline(document)[-1] == "办事指南见网站。"
    assert warned(document, "1 个链接的地址无效")


def test_notes_stand_behind_the_text(tmp_path: Path) -> None:
    note = f'<w:footnote w:id="2">{p("按常住人口计算。")}</w:footnote>'
    other = f'<w:endnote w:id="3">{p("见附表。")}</w:endnote>'
    root = (
        '<?xml version="1.0"?><w:{0} xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{1}</w:{0}>'
    )
    parts = {"word/footnotes.xml": root.format("footnotes", note), "word/endnotes.xml": root.format("endnotes", other)}
    related = [("rId8", "footnotes", "footnotes.xml"), ("rId9", "endnotes", "endnotes.xml")]
    body = p(
        text("人口两万")
        + '<w:r><w:footnoteReference w:id="2"/></w:r>'
        + text("，户数六千")
        + '<w:r><w:endnoteReference w:id="3"/></w:r>'
        + text("。")
    ) + p("完毕。")  # fmt: skip
    assert lines(tmp_path, body, parts=parts, related=related) == [
        "人口两万[1]，户数六千[i]。",
        "完毕。",
        "[1] 按常住人口计算。",
        "[i] 见附表。",
    ]


def test_words_in_headers_are_named_and_numbers_of_pages_are_not(tmp_path: Path) -> None:
    head = (
        '<?xml version="1.0"?><w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}</w:hdr>'
    )
    parts = {"word/h1.xml": head.format(p("试验县水务局文件")), "word/f1.xml": head.format(p("第 3 页 共 12 页"))}
    related = [("rId8", "header", "h1.xml"), ("rId9", "footer", "f1.xml")]
    document = read(tmp_path, p("请落实。"), parts=parts, related=related)
    assert warned(document, "页眉、页脚的文字 1 处未导入", "试验县水务局文件")
    assert not warned(document, "第 3 页")
    plain = read(tmp_path, p("请落实。"), parts={"word/f1.xml": parts["word/f1.xml"]}, related=related[1:])
    assert not warned(plain, "页眉")


@pytest.mark.parametrize(
    ("name", "content", "declared"),
    [
        ("c.html", "<html><body><p>片段中的一句话。</p></body></html>", "text/html"),
        ("c.txt", "片段中的一句话。", "text/plain"),
        (
            "c.mht",
            "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html; "
            "charset=utf-8\n\n<html><body><p>片段中的一句话。</p></body></html>\n--b--\n",
            "message/rfc822",
        ),
    ],
)
def test_a_piece_of_another_format_is_read_at_its_place(tmp_path: Path, name: str, content: str, declared: str) -> None:
    types = f'<Override PartName="/word/{name}" ContentType="{declared}"/>'
    body = p("前一句。") + '<w:altChunk r:id="rId9"/>' + p("后一句。")
    found = lines(tmp_path, body, parts={f"word/{name}": content}, related=[("rId9", "aFChunk", name)], types=types)
    assert found == ["前一句。", "片段中的一句话。", "后一句。"]


def test_a_word_document_in_a_word_document(tmp_path: Path) -> None:
    inner = write(tmp_path / "inner.docx", p("片段中的一句话。")).read_bytes()
    body = p("前一句。") + '<w:altChunk r:id="rId9"/>'
    found = lines(tmp_path, body, parts={"word/c.docx": inner}, related=[("rId9", f"{RELATION}/aFChunk", "c.docx")])
    assert found == ["前一句。", "片段中的一句话。"]


def test_documents_without_end_in_each_other_end(tmp_path: Path) -> None:
    inner = write(tmp_path / "0.docx", p("最里面。")).read_bytes()
    for number in range(1, 6):
        chunk = {"parts": {"word/c.docx": inner}, "related": [("rId9", "aFChunk", "c.docx")]}
        body = p(f"第几层{number}。") + '<w:altChunk r:id="rId9"/>'
        inner = write(tmp_path / f"{number}.docx", body, **chunk).read_bytes()  # type: ignore[arg-type]
    document = extract(tmp_path / "5.docx")
    assert outline(document) == ["第几层5。", "第几层4。", "第几层3。"]
    assert warned(document, "文档片段有 1 个无法读取")


def test_a_piece_that_nobody_reads_is_named(tmp_path: Path) -> None:
    chunk = {"parts": {"word/c.rtf": "{\\rtf1 x}"}, "related": [("rId9", "aFChunk", "c.rtf")]}
    document = read(tmp_path, '<w:altChunk r:id="rId9"/>', **chunk)
    assert outline(document) == [BEFORE]
    assert warned(document, "文档片段有 1 个无法读取", "c.rtf")
