"""A number that stands where no reader looks is found by the last sweep, and its part is named."""

import io
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from pypdf import PdfWriter
from pypdf.generic import NameObject, read_object

from govplatform.confidentiality.place_words import where_words

from .archives import replaced, rewrite
from .planted import NUMBER

pytestmark = pytest.mark.unit

ENCODED = "".join(f"%{ord(character):02X}" for character in NUMBER)
VML = "xmlns:v='urn:schemas-microsoft-com:vml'"
LINK = (
    "<Relationship Id='rId990' Type='urn:x/hyperlink' TargetMode='External'"
    f" Target='https://a.example/?n={ENCODED}'/></Relationships>"
)

IN_A_PARAGRAPH = {
    "text of a WordArt watermark": f"<w:r><w:pict><v:shape {VML}><v:textpath string='{NUMBER}'/>"
    "</v:shape></w:pict></w:r>",
    "alternative text of a VML shape": f"<w:r><w:pict><v:shape {VML} alt='{NUMBER}'/></w:pict></w:r>",
    "reading aid": f"<w:r><w:ruby><w:rt><w:r><w:t>{NUMBER}</w:t></w:r></w:rt><w:rubyBase/></w:ruby></w:r>",
    "item of a drop-down list": f"<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText='{NUMBER}' w:value='1'/>"
    "</w:dropDownList></w:sdtPr><w:sdtContent/></w:sdt>",
    "alias of a control": f"<w:sdt><w:sdtPr><w:alias w:val='{NUMBER}'/></w:sdtPr><w:sdtContent/></w:sdt>",
    "default of a form field": "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:textInput>"
    f"<w:default w:val='{NUMBER}'/></w:textInput></w:ffData></w:fldChar></w:r>",
    "help of a form field": "<w:r><w:fldChar w:fldCharType='begin'><w:ffData>"
    f"<w:helpText w:val='{NUMBER}'/></w:ffData></w:fldChar></w:r>",
    "tooltip of a link": f"<w:hyperlink w:tooltip='{NUMBER}' w:anchor='a'/>",
    "bookmark": f"<w:bookmarkStart w:id='1' w:name='_{NUMBER}'/>".replace("_", ""),
    "author of a revision": f"<w:ins w:id='1' w:author='{NUMBER}'><w:r/></w:ins>",
    "comment of the XML": f"<!-- {NUMBER} -->",
    "name of a shape": f"<w:r><w:drawing><wp:inline><wp:docPr id='1' name='{NUMBER}'/></wp:inline></w:drawing></w:r>",
}


#: What of it people see, or would look for, has a name of its own.
NAMED = {
    "text of a WordArt watermark": "WordArt",
    "alternative text of a VML shape": "alternative text",
    "reading aid": "reading aid",
    "item of a drop-down list": "drop-down list",
    "default of a form field": "form field",
    "help of a form field": "form field",
    "author of a revision": "author of comments and changes",
}


def word(tmp_path: Path) -> Path:
    path = tmp_path / "a.docx"
    document = docx.Document()
    document.add_paragraph("正文")
    document.save(str(path))
    return path


@pytest.mark.parametrize("place", IN_A_PARAGRAPH)
def test_a_paragraph_of_word(tmp_path: Path, scan: Any, place: str) -> None:
    path = word(tmp_path)
    rewrite(path, replaced("word/document.xml", "<w:body>", f"<w:body><w:p>{IN_A_PARAGRAPH[place]}</w:p>"))
    assert scan(path).places() == [NAMED.get(place, "elsewhere in the file: word/document.xml")]


@pytest.mark.parametrize(
    ("part", "end", "inside"),
    [
        ("word/styles.xml", "</w:styles>", f"<w:style w:styleId='z'><w:name w:val='{NUMBER}'/></w:style>"),
        (
            "word/settings.xml",
            "</w:settings>",
            f"<w:mailMerge><w:query w:val='SELECT * WHERE n={NUMBER}'/></w:mailMerge>",
        ),
    ],
)
def test_other_parts_of_word(tmp_path: Path, scan: Any, part: str, end: str, inside: str) -> None:
    path = word(tmp_path)
    rewrite(path, replaced(part, end, inside + end))
    assert scan(path).places() == [f"elsewhere in the file: {part}"]


def test_the_numbers_of_lists(tmp_path: Path, scan: Any) -> None:
    path = word(tmp_path)
    level = f"<w:abstractNum><w:lvl><w:lvlText w:val='{NUMBER} %1'/></w:lvl></w:abstractNum>"
    rewrite(path, replaced("word/numbering.xml", "</w:numbering>", level + "</w:numbering>"))
    assert scan(path).places() == ["list numbers"]


def test_the_names_of_sheets(tmp_path: Path, scan: Any) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.title = NUMBER
    book.save(path)
    assert "sheet names" in scan(path).places()


def test_a_link_that_is_percent_encoded(tmp_path: Path, scan: Any) -> None:
    path = word(tmp_path)
    rewrite(path, replaced("word/_rels/document.xml.rels", "</Relationships>", LINK))
    assert scan(path).places() == ["elsewhere in the file: word/_rels/document.xml.rels"]


@pytest.mark.parametrize(
    ("part", "xml"),
    [
        ("customXml/item9.xml", f"<a code='{NUMBER}'/>"),
        ("word/drawings/drawing1.xml", f"<a><t>{NUMBER}</t></a>"),
        ("word/diagrams/layout1.xml", f"<a><t>{NUMBER}</t></a>"),
    ],
)
def test_parts_that_no_reader_opens_or_not_for_attributes(tmp_path: Path, scan: Any, part: str, xml: str) -> None:
    path = word(tmp_path)
    rewrite(path, **{part.replace("/", "__").removesuffix(".xml"): xml.encode()})
    assert scan(path).places() == [f"elsewhere in the file: {part}"]


@pytest.mark.parametrize(
    ("part", "end", "inside"),
    [
        ("xl/workbook.xml", "</workbook>", f"<definedName name='a' comment='{NUMBER}'>1</definedName>"),
        ("xl/styles.xml", "</styleSheet>", f"<numFmts><numFmt formatCode='&quot;{NUMBER}&quot;0'/></numFmts>"),
        ("xl/styles.xml", "</styleSheet>", f"<cellStyles><cellStyle name='{NUMBER}'/></cellStyles>"),
        ("xl/worksheets/sheet1.xml", "</worksheet>", f"<dataValidation prompt='{NUMBER}'/>"),
        (
            "xl/worksheets/sheet1.xml",
            "</worksheet>",
            f"<conditionalFormatting><cfRule><formula>A1=\"{NUMBER}\"</formula></cfRule></conditionalFormatting>",
        ),
        ("xl/worksheets/sheet1.xml", "</worksheet>", f"<autoFilter><filter val='{NUMBER}'/></autoFilter>"),
        ("xl/worksheets/sheet1.xml", "</worksheet>", f"<scenarios><scenario name='a' user='{NUMBER}'/></scenarios>"),
        ("xl/worksheets/sheet1.xml", "</worksheet>", f"<scenarios><inputCells r='A1' val='{NUMBER}'/></scenarios>"),
    ],
)  # fmt: skip
def test_a_workbook(tmp_path: Path, scan: Any, part: str, end: str, inside: str) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "甲"
    book.save(path)
    rewrite(path, replaced(part, end, inside + end))
    assert scan(path).places() == [f"elsewhere in the file: {part}"]


@pytest.mark.parametrize(
    ("part", "end", "inside"),
    [
        ("ppt/presentation.xml", "</p:presentation>", f"<p:custShow name='{NUMBER}' id='0'/>"),
        ("ppt/presentation.xml", "</p:presentation>", f"<p:section name='{NUMBER}'/>"),
        ("ppt/slides/slide1.xml", "</p:sld>", f"<p:cNvPr id='9' name='{NUMBER}'/>"),
    ],
)
def test_a_presentation(tmp_path: Path, scan: Any, part: str, end: str, inside: str) -> None:
    path = tmp_path / "a.pptx"
    presentation = pptx.Presentation()
    presentation.slides.add_slide(presentation.slide_layouts[5])
    presentation.save(str(path))
    rewrite(path, replaced(part, end, inside + end))
    assert scan(path).places() == [f"elsewhere in the file: {part}"]


def test_the_tags_of_a_presentation(tmp_path: Path, scan: Any) -> None:
    path = tmp_path / "a.pptx"
    pptx.Presentation().save(str(path))
    rewrite(path, ppt__tags__tag1=f"<tagLst><tag name='A' val='{NUMBER}'/></tagLst>".encode())
    assert scan(path).places() == ["elsewhere in the file: ppt/tags/tag1.xml"]


def test_numbers_of_neighbouring_attributes_are_not_joined(tmp_path: Path, scan: Any) -> None:
    path = word(tmp_path)
    rewrite(path, customXml__item9=f"<a one='{NUMBER[:9]}' two='{NUMBER[9:]}'/>".encode())
    assert scan(path).places() == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("/OCProperties", "<< /OCGs [ << /Type /OCG /Name (N) >> ] >>"),
        ("/PageLabels", "<< /Nums [ 0 << /P (N) >> ] >>"),
        ("/StructTreeRoot", "<< /K [ << /S /Figure /Alt (N) >> ] >>"),
        ("/Lost", "[ << /FT /Tx /V (N) >> ]"),
    ],
)
def test_a_string_of_a_pdf(tmp_path: Path, scan: Any, key: str, value: str) -> None:
    path = tmp_path / "a.pdf"
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    parsed = read_object(io.BytesIO(value.replace("N", NUMBER).encode()), writer)
    writer.root_object[NameObject(key)] = parsed
    writer.write(path)
    assert scan(path).places() == ["elsewhere in the file: PDF"]


def test_what_the_readers_of_a_pdf_have_said_is_not_said_again(tmp_path: Path, scan: Any) -> None:
    path = tmp_path / "a.pdf"
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": NUMBER})
    writer.write(path)
    assert scan(path).places() == ["document properties"]


def test_an_ordinary_file_has_nothing_elsewhere(tmp_path: Path, scan: Any) -> None:
    assert [one["where"] for one in scan(word(tmp_path)).findings if "elsewhere" in one["where"]] == []


def test_the_place_has_words() -> None:
    assert "word/styles.xml" in where_words("elsewhere in the file: word/styles.xml")
    assert where_words("a.zip/b.docx: elsewhere in the file: word/styles.xml").startswith("“a.zip/b.docx”")
    assert all(where_words(name).isascii() is False for name in NAMED.values())
    assert "elsewhere" not in where_words("a.zip/b.docx: elsewhere in the file: word/styles.xml")
