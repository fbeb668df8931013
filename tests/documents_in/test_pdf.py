"""PDF: tables, large titles, pictures, scripts, scans, passwords."""

import io
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Image, PageBreak

from sites.documents_in.extraction import ExtractionRefused, TableBlock
from tests.documents_in.fictional import (
    NOTICE,
    TITLE,
    extract,
    outline,
    pdf_paragraph,
    pdf_table,
    picture,
    warned,
    write_pdf,
)

pytestmark = pytest.mark.unit


def test_table_and_picture(tmp_path: Path) -> None:
    rows = [["县", "金额"], ["青溪县", "12"], ["合计", "12"]]
    document = extract(
        write_pdf(
            tmp_path / "t.pdf",
            [TITLE, NOTICE[4], pdf_table(rows), NOTICE[6], Image(io.BytesIO(picture()), 40, 30)],
        ),
        image_folder=tmp_path,
    )
    assert TableBlock(rows, header=True) in document.blocks
    assert outline(document)[0] == NOTICE[4]
    assert [(image.width, image.height) for image in document.images] == [(40, 30)]


def test_large_first_line_is_the_title(tmp_path: Path) -> None:
    document = extract(write_pdf(tmp_path / "l.pdf", [pdf_paragraph("山区供水工作启动", 22), NOTICE[4], NOTICE[6]]))
    assert document.title == "山区供水工作启动"
    assert outline(document) == [NOTICE[4], NOTICE[6]]


def test_sentence_over_a_page_break_stays_whole(tmp_path: Path) -> None:
    text = "".join(f"第{n}号泵站由乡镇负责日常巡查，发现渗漏应当在{n}日内组织维修并登记在册。" for n in range(1, 80))
    document = extract(write_pdf(tmp_path / "p.pdf", [TITLE, text]))
    assert "".join(outline(document)) == text


def test_scan_is_refused_with_the_way_out(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "s.pdf"))
    canvas.drawImage(ImageReader(io.BytesIO(picture())), 50, 50, 400, 600)
    canvas.save()
    with pytest.raises(ExtractionRefused, match="扫描件，没有文字层"):
        extract(tmp_path / "s.pdf")


def test_script_is_ignored_and_told(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=write_pdf(tmp_path / "j.pdf", [TITLE, NOTICE[4]]))
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('x')")}
    )
    writer.write(tmp_path / "j.pdf")
    document = extract(tmp_path / "j.pdf")
    assert outline(document) == [NOTICE[4]]
    assert warned(document, "含有脚本")


def test_password_is_refused(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "e.pdf", [TITLE], encrypt=StandardEncryption("geheim"))
    with pytest.raises(ExtractionRefused, match="密码"):
        extract(path)


def test_truncated_file_is_refused(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "b.pdf", [TITLE, PageBreak(), NOTICE[4]])
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(ExtractionRefused, match=r"重新导出|扫描件"):
        extract(path)
