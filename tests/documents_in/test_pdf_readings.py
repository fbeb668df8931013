"""Text that one library cannot read is taken from the other, page by page; what none can read is said."""

import re
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, StreamObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from sites.documents_in.extraction import ExtractionRefused
from tests.documents_in.fictional import NOTICE, extract, outline, warned
from tests.documents_in.pdf_drawing import FONT, body, drawn

pytestmark = pytest.mark.unit

TRADITIONAL = "雲江省政府信箱管理辦法適用於全省各級政府信箱。"


def test_a_page_that_the_first_library_reads_as_fluent_nonsense_is_taken_from_the_other(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("MSung-Light"))

    def draw(canvas: Canvas) -> None:
        if canvas.getPageNumber() == 2:
            canvas.setFont("MSung-Light", 12)
            canvas.drawString(80, 600, TRADITIONAL)
            canvas.grid([80, 240, 400], [500, 530, 560])
            for place, text in (((90, 540), "項目"), ((250, 540), "數量"), ((90, 510), "信箱"), ((250, 510), "十二")):
                canvas.drawString(*place, text)

    document = drawn(tmp_path, draw, pages=3)
    assert TRADITIONAL in body(document)
    assert "項目|數量" in outline(document)
    assert warned(document, "第 2 页", "另一程序")
    assert not warned(document, "第 1")


def with_codes(path: Path, text: str, code: bytes, replacement: bytes) -> Path:
    """A document whose last line is in a font with a table of what its characters are, in which codes are replaced."""
    pdfmetrics.registerFont(TTFont("serif", "Vera.ttf"))
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path))
    canvas.setFont(FONT, 12)
    canvas.drawString(80, 700, "关于年末盘点工作的通知")
    canvas.drawString(80, 670, "物资由各县清点并登记在册，逐级报送省财政厅，各单位于每年年底前完成。")
    canvas.setFont("serif", 9)
    canvas.drawString(80, 640, text)
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=path)
    for item in list(writer._objects):
        if isinstance(item, StreamObject) and b"begincmap" in item.get_data():
            changed = DecodedStreamObject()
            changed.set_data(re.sub(code, replacement, item.get_data()))
            assert item.indirect_reference is not None
            writer._replace_object(item.indirect_reference, changed)
    writer.write(path)
    return path


def test_a_character_that_no_library_reads_is_marked_and_counted(tmp_path: Path) -> None:
    document = extract(with_codes(tmp_path / "t.pdf", "Water Station 12", b"<0057>", b"<E123>"))
    assert body(document).endswith("〓ater Station 12")
    assert warned(document, "第 1 页有 1 个字无法读出")


@pytest.mark.parametrize("to", [rb"<E0\1>", rb"<9F\1>"], ids=["private", "rare"])
def test_text_that_no_library_reads_is_refused(tmp_path: Path, to: bytes) -> None:
    text = "Water Station Maintenance Fund Report Number Twelve"
    with pytest.raises(ExtractionRefused, match="编码表"):
        extract(with_codes(tmp_path / "t.pdf", text, rb"<00([0-9A-Fa-f]{2})>", to))


def test_what_two_libraries_read_alike_is_no_matter_of_a_third(tmp_path: Path) -> None:
    document = drawn(tmp_path, lambda canvas: canvas.drawString(80, 600, NOTICE[9][:30]))
    assert body(document).endswith(NOTICE[9][:30])
    assert not warned(document, "另一程序")
    assert not warned(document, "读法不一")
