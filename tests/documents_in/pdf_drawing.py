"""Small PDF documents that a test draws on."""

from collections.abc import Callable
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from sites.documents_in.extraction import ExtractedDocument, TableBlock
from tests.documents_in.fictional import extract, outline

FONT = "STSong-Light"


def draw_pdf(path: Path, draw: Callable[[Canvas], object], pages: int = 1, **options: object) -> Path:
    """Write pages with a title (on the first) and a paragraph, and what `draw` adds to each page."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), **options)  # type: ignore[arg-type]
    for number in range(pages):
        canvas.setFont(FONT, 12)
        if number == 0:
            canvas.drawString(80, 700, "关于年末盘点工作的通知")
        canvas.drawString(80, 670, f"第{number + 1}批物资由各县清点并登记在册，逐级报送省财政厅。")
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def drawn(tmp_path: Path, draw: Callable[[Canvas], object], pages: int = 1, **options: object) -> ExtractedDocument:
    """The document that comes of such pages."""
    return extract(draw_pdf(tmp_path / "d.pdf", draw, pages, **options))


def body(document: ExtractedDocument) -> str:
    return "".join(outline(document))


def tables(document: ExtractedDocument) -> list[list[list[str]]]:
    return [block.rows for block in document.blocks if isinstance(block, TableBlock)]
