"""A number in each place of a Word document is found, and its place is named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

from .archives import replaced, rewrite
from .planted import NUMBER

pytestmark = pytest.mark.unit

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def saved(tmp_path: Path, document: Any) -> Path:
    path = tmp_path / "a.docx"
    document.save(str(path))
    return path


def paragraph_xml(document: Any, inner: str) -> None:
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w', 'wp', 'a')} xmlns:wps='urn:wps'>{inner}</w:p>"))


def with_part(path: Path, kind: str, xml: str) -> Path:
    """The document with a part of its own kind: footnotes, endnotes, comments."""
    rewrite(path, **{f"word__{kind}": xml.encode()})
    rewrite(
        path,
        replaced(
            "[Content_Types].xml",
            "</Types>",
            f'<Override PartName="/word/{kind}.xml" ContentType="{TYPE}.{kind}+xml"/></Types>',
        ),
    )
    relation = f'<Relationship Id="rId900" Type="{R}/{kind}" Target="{kind}.xml"/></Relationships>'
    return rewrite(path, replaced("word/_rels/document.xml.rels", "</Relationships>", relation))


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def test_the_body_with_a_number_split_over_runs(tmp_path: Path, scan: Any) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("身份证号：")
    for part in (NUMBER[:4], NUMBER[4:9], NUMBER[9:]):
        paragraph.add_run(part).bold = part[0] == "1"
    assert scan(saved(tmp_path, document)).places() == ["body"]


@pytest.mark.parametrize(
    "text", [NUMBER.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")), f"{NUMBER[:6]}\n{NUMBER[6:]}"]
)
def test_full_width_digits_and_a_line_break_inside_the_number(tmp_path: Path, scan: Any, text: str) -> None:
    document = docx.Document()
    document.add_paragraph(text)
    assert scan(saved(tmp_path, document)).places() == ["body"]


def test_a_table_and_a_number_with_one_digit_in_each_cell(tmp_path: Path, scan: Any) -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=len(NUMBER))
    for cell, digit in zip(table.rows[0].cells, NUMBER, strict=True):
        cell.text = digit
    document.add_table(rows=1, cols=1).rows[0].cells[0].text = NUMBER
    assert scan(saved(tmp_path, document)).places() == ["body", "body"]


def test_headers_and_footers(tmp_path: Path, scan: Any) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = NUMBER
    document.sections[0].footer.paragraphs[0].text = NUMBER
    assert scan(saved(tmp_path, document)).places() == ["header 1", "footer 1"]


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_notes_are_numbered_as_the_page_shows_them(tmp_path: Path, scan: Any, kind: str) -> None:
    document = docx.Document()
    # The first note of the page has the higher id.
    paragraph_xml(document, f'<w:r><w:{kind}Reference w:id="7"/></w:r><w:r><w:{kind}Reference w:id="3"/></w:r>')
    notes = f'<w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:t>—</w:t></w:r></w:p></w:{kind}>'
    notes += (
        f'<w:{kind} w:id="3"><w:p>{run(NUMBER)}</w:p></w:{kind}><w:{kind} w:id="7"><w:p>{run("无")}</w:p></w:{kind}>'
    )
    path = with_part(saved(tmp_path, document), f"{kind}s", f"<w:{kind}s {W}>{notes}</w:{kind}s>")
    assert scan(path).places() == [f"{kind} 2"]


def test_comments(tmp_path: Path, scan: Any) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("正文")
    document.add_comment(paragraph.runs, text="没有", author="甲")
    document.add_comment(paragraph.runs, text=NUMBER, author="甲")
    scanned = scan(saved(tmp_path, document))
    assert scanned.places() == ["comment 2"]
    assert scanned.hidden() == ["comment 1", "comment 2"]


def test_tracked_changes(tmp_path: Path, scan: Any) -> None:
    document = docx.Document()
    paragraph_xml(document, f'<w:ins w:id="1" w:author="甲">{run(NUMBER)}</w:ins>')
    paragraph_xml(document, f'<w:del w:id="2" w:author="甲"><w:r><w:delText>{NUMBER}</w:delText></w:r></w:del>')
    scanned = scan(saved(tmp_path, document))
    assert sorted(scanned.places()) == ["tracked deletion", "tracked insertion"]
    assert sorted(scanned.hidden()) == ["tracked deletion", "tracked insertion"]


def vanish(run: Any) -> None:
    run.font.hidden = True


def white(run: Any) -> None:
    run.font.color.rgb = RGBColor(255, 255, 255)


def tiny(run: Any) -> None:
    run.font.size = Pt(1)


@pytest.mark.parametrize("hide", [vanish, white, tiny])
def test_hidden_text(tmp_path: Path, scan: Any, hide: Callable[[Any], None]) -> None:
    document = docx.Document()
    document.add_paragraph("正文")
    hide(document.add_paragraph().add_run(NUMBER))
    scanned = scan(saved(tmp_path, document))
    assert scanned.places() == ["hidden text"]
    assert scanned.hidden() == ["hidden text"]


def test_text_hidden_by_its_style(tmp_path: Path, scan: Any) -> None:
    document = docx.Document()
    style = document.styles.add_style("Quiet", 1)
    style.font.hidden = True
    document.add_paragraph(NUMBER, style="Quiet")
    assert scan(saved(tmp_path, document)).places() == ["hidden text"]


def test_white_letters_on_a_dark_cell_are_not_hidden(tmp_path: Path, scan: Any) -> None:
    document = docx.Document()
    cell = document.add_table(rows=1, cols=1).rows[0].cells[0]
    white(cell.paragraphs[0].add_run(NUMBER))
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="1F3864"/>'))
    scanned = scan(saved(tmp_path, document))
    assert scanned.places() == ["body"]
    assert scanned.hidden() == []


def test_text_boxes_fields_and_alternative_texts(tmp_path: Path, scan: Any) -> None:
    document = docx.Document()
    box = f"<w:txbxContent><w:p>{run(NUMBER)}</w:p></w:txbxContent>"
    paragraph_xml(
        document,
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{NUMBER}"/></wp:inline></w:drawing></w:r>',
    )
    paragraph_xml(document, f"<w:r><w:pict>{box}</w:pict></w:r>")
    paragraph_xml(document, f'<w:r><w:instrText>HYPERLINK "http://x/{NUMBER} "</w:instrText></w:r>')
    assert sorted(scan(saved(tmp_path, document)).places()) == ["alternative text", "field", "text box"]


def test_core_and_custom_properties(tmp_path: Path, scan: Any) -> None:
    document = docx.Document()
    document.core_properties.author = f"甲 {NUMBER}"
    path = saved(tmp_path, document)
    vt = 'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"'
    custom = f'<Properties {vt}><property name="经办"><vt:lpwstr>{NUMBER}</vt:lpwstr></property></Properties>'
    rewrite(path, docProps__custom=custom.encode())
    assert scan(path).places() == ["document properties", "document properties"]


def test_files_inside(tmp_path: Path, scan: Any) -> None:
    inner = docx.Document()
    inner.add_paragraph(NUMBER)
    inner_path = tmp_path / "inner.docx"
    inner.save(str(inner_path))
    document = docx.Document()
    document.add_paragraph("正文")
    path = saved(tmp_path, document)
    rewrite(path, lambda name, data: data, **{})
    import zipfile

    with zipfile.ZipFile(path, "a") as archive:
        archive.write(inner_path, "word/embeddings/x.docx")
    scanned = scan(path)
    assert scanned.places() == ["attachment x.docx: body"]
    assert scanned.hidden() == ["attachment x.docx"]


def test_parts_that_no_reader_knows_are_read_too(tmp_path: Path, scan: Any) -> None:
    path = saved(tmp_path, docx.Document())
    rewrite(path, word__charts__chart1=f'<c:v xmlns:c="urn:c">{NUMBER}</c:v>'.encode())
    assert scan(path).places() == ["part word/charts/chart1.xml"]


def test_strict_documents_and_other_part_names(tmp_path: Path, scan: Any) -> None:
    document = docx.Document()
    document.add_paragraph(NUMBER)
    path = saved(tmp_path, document)

    def strict(name: str, data: bytes) -> bytes:
        old = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        return data.replace(old, b"http://purl.oclc.org/ooxml/wordprocessingml/main")

    assert scan(rewrite(path, strict)).places() == ["body"]
    assert qn("w:p")


def test_a_document_longer_than_a_piece(tmp_path: Path, scan: Any) -> None:
    document = docx.Document()
    for number in range(900):
        document.add_paragraph("政府信息公开工作" * 20 + (NUMBER if number in (5, 890) else ""))
    scanned = scan(saved(tmp_path, document))
    assert scanned.places() == ["body", "body"]
    body = next(part["text"] for part in scanned.answer["parts"] if part["where"] == "body")
    assert len(body) < 25_000
