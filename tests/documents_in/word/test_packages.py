"""Packages that other programs write: read as Word reads them, or refused with the true reason."""

import zipfile
from pathlib import Path

import pytest

from sites.documents_in.extraction import ExtractionRefused
from tests.documents_in.fictional import NOTICE, extract, outline, rewrite_docx, warned, write_docx
from tests.documents_in.word.writing import (
    BEFORE,
    NAMESPACES,
    TRANSITIONAL,
    TYPES,
    abstract,
    level,
    lines,
    num,
    numbered,
    p,
    relations,
    root,
    style,
    text,
    write,
)

pytestmark = pytest.mark.unit

STRICT = "http://purl.oclc.org/ooxml"
LINE = "请各单位认真落实。"
ABOVE = p(BEFORE)


def strict(xml: str) -> str:
    """The same part as the strict edition names it."""
    for address in NAMESPACES.values():
        if address.startswith(TRANSITIONAL) and "markup-compatibility" not in address:
            name = address.removeprefix(f"{TRANSITIONAL}/").replace("/2006/", "/")
            xml = xml.replace(f'"{address}"', f'"{STRICT}/{name}"')
    return xml.replace(f"{TRANSITIONAL}/officeDocument/2006/relationships/", f"{STRICT}/officeDocument/relationships/")


def refusal(path: Path) -> str:
    with pytest.raises(ExtractionRefused) as caught:
        extract(path)
    return caught.value.reason


def test_numbers_and_styles_of_the_strict_edition(tmp_path: Path) -> None:
    numbering = root("numbering", abstract(0, level(0, "chineseCounting", "%1、")) + num(1, 0))
    styles = root("styles", style("Hidden", content="<w:rPr><w:vanish/></w:rPr>", kind="character"))
    body = ABOVE + numbered(LINE) + p(text("内部。", '<w:rStyle w:val="Hidden"/>'))
    entries = [("rId1", "numbering", "numbering.xml"), ("rId2", "styles", "styles.xml")]
    parts = {
        "word/document.xml": strict(root("document", f"<w:body>{body}</w:body>")),
        "word/numbering.xml": strict(numbering),
        "word/styles.xml": strict(styles),
        "word/_rels/document.xml.rels": strict(relations(entries)),
        "_rels/.rels": strict(relations([("rId1", "officeDocument", "word/document.xml")])),
    }
    document = extract(write(tmp_path / "a.docx", "", parts=parts))
    assert outline(document) == [BEFORE, f"一、{LINE}"]
    assert warned(document, "1 处隐藏文字")


@pytest.mark.parametrize("main", ["word/document2.xml", "content/main.xml", "main.xml", "Word/Document.xml"])
def test_the_document_may_have_another_name(tmp_path: Path, main: str) -> None:
    numbering = abstract(0, level(0, "chineseCounting", "%1、")) + num(1, 0)
    assert lines(tmp_path, numbered(LINE), main=main, numbering=numbering) == [f"一、{LINE}"]


def test_the_document_is_found_by_its_type_alone(tmp_path: Path) -> None:
    parts = {"_rels/.rels": relations([("rId1", "officeDocument", "word/nothing.xml")])}
    assert lines(tmp_path, p(LINE), main="word/text.xml", parts=parts) == [LINE]


def test_a_template_with_the_name_of_a_document(tmp_path: Path) -> None:
    assert lines(tmp_path, p(LINE), main_type=f"{TYPES}.template.main+xml") == [LINE]


def test_relationships_to_nothing(tmp_path: Path) -> None:
    related = [
        ("rId5", "image", "media/gone.png"),
        ("rId6", "header", "NULL"),
        ("rId7", "footnotes", "../../outside.xml"),
        ("rId8", "hyperlink", ""),
        ("rId9", "customXml", "../customXml/gone.xml"),
    ]
    assert lines(tmp_path, p(LINE), related=related) == [LINE]


def test_a_package_without_relationships_and_styles(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{TRANSITIONAL}/package/2006/content-types"/>')
        archive.writestr("word/document.xml", root("document", f"<w:body>{ABOVE}{p(LINE)}</w:body>"))
    assert outline(extract(path)) == [BEFORE, LINE]


def test_styles_without_type_and_name(tmp_path: Path) -> None:
    styles = style("Plain", kind="") + '<w:style w:styleId="Nameless"/><w:style/>'
    body = p(LINE, '<w:pStyle w:val="Plain"/>') + p(LINE[:-1] + "到位。", '<w:pStyle w:val="Nameless"/>')
    assert lines(tmp_path, body, styles=styles) == [LINE, LINE[:-1] + "到位。"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_parts_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    def encoded(part: str) -> bytes:
        return part.replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"').encode(encoding)

    numbering = root("numbering", abstract(0, level(0, "chineseCounting", "%1、")) + num(1, 0))
    document = root("document", f"<w:body>{ABOVE}{numbered(LINE)}</w:body>")
    parts = {"word/document.xml": encoded(document), "word/numbering.xml": encoded(numbering)}
    assert outline(extract(write(tmp_path / "a.docx", "", parts=parts))) == [BEFORE, f"一、{LINE}"]


def test_names_with_backslashes(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.docx", ABOVE + p(LINE))
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as archive:
        for name in source.namelist():
            member = zipfile.ZipInfo("x")
            member.filename = name.replace("/", "\\")
            archive.writestr(member, source.read(name))
    assert outline(extract(path)) == [BEFORE, LINE]


def test_one_replacement_character_is_read(tmp_path: Path) -> None:
    assert lines(tmp_path, p("联系人王\ufffd，请与其联系。")) == ["联系人王\ufffd，请与其联系。"]


def test_a_damaged_part_beside_the_text_is_named(tmp_path: Path) -> None:
    document = extract(write(tmp_path / "a.docx", ABOVE + p(LINE), parts={"word/styles.xml": "<w:styles>"}))
    assert outline(document) == [BEFORE, LINE]
    assert warned(document, "word/styles.xml", "已损坏")


def test_a_damaged_text_is_refused(tmp_path: Path) -> None:
    for number, damaged in enumerate((b"", b"<w:document>", b"\x00\x01", root("body", p(LINE)).encode())):
        path = write(tmp_path / f"{number}.docx", "", parts={"word/document.xml": damaged})
        assert "正文部分" in refusal(path)


def test_a_package_without_a_document_says_so(tmp_path: Path) -> None:
    path = rewrite_docx(write(tmp_path / "a.docx", p(LINE)), {})
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist() if name != "word/document.xml"}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert "正文部分" in refusal(path)


def test_a_picture_used_many_times_is_unpacked_once(tmp_path: Path) -> None:
    shown = '<w:r><w:drawing><wp:inline><a:graphic><a:blip r:embed="rId9"/></a:graphic></wp:inline></w:drawing></w:r>'
    parts = {"word/p.png": bytes(900_000)}
    path = write(tmp_path / "a.docx", ABOVE + p(shown) * 190, parts=parts, related=[("rId9", "image", "p.png")])
    assert warned(extract(path), "190 张图片无法读取")


def test_nothing_of_a_word_file_is_deleted_because_it_stands_twice(tmp_path: Path) -> None:
    signing = ["联系人：　　　　电话：", "单位（盖章）：　　　　日期："]
    lines_twice = [*NOTICE, *signing, *signing, *NOTICE[4:9]]
    document = extract(write_docx(tmp_path / "a.docx", lines_twice))
    found = "".join(outline(document))
    for line in (NOTICE[4], NOTICE[8]):
        assert found.count(line) == 2
    assert found.count("单位（盖章）") == 2
    assert warned(document, "重复，未删除")
    assert not warned(document, "已删除")


def test_a_paragraph_that_says_its_sentence_twice_stays(tmp_path: Path) -> None:
    twice = "各地要按月报送进展情况。" * 2
    assert lines(tmp_path, p(twice)) == [twice]


def test_a_damaged_document_with_more_than_one_body_is_read_whole(tmp_path: Path) -> None:
    two = p("第一部分的安排如下。") + "</w:body><w:body>" + p("第二部分的安排如下。")
    assert lines(tmp_path, two) == ["第一部分的安排如下。", "第二部分的安排如下。"]
