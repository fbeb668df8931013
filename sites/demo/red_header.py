"""The making of a PDF like an official document with a red head (红头文件).

It has mark, number, red line, title, body and signature. No font is embedded (``govplatform.chinese_pdf``).
"""

from __future__ import annotations

import datetime as dt
import io
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer

from govplatform.chinese_pdf import FACE, register_face
from sites.demo.content import Block, DemoSite, Heading, Item, Paragraphs, PolicyDocument

RED = Color(0.78, 0.06, 0.06)
LINE = 28  # points between lines, as the standard for official documents has 22 lines a page


def make_pdf(title: str, blocks: tuple[Block, ...], item: Item, site: DemoSite) -> bytes:
    """Return the bytes of an A4 PDF, the same for the same input.

    Of a policy document it has number, issuer, date and addressee; for other items the site's organiser is the issuer.
    """
    register_face()
    issuer, number, day, addressee = site.facts.organiser, "", "", ""
    if isinstance(item, PolicyDocument):
        issuer, number, addressee = item.issued_by, item.document_number, item.addressee
        day = chinese_date(item.issued_on)
    body = ParagraphStyle("body", fontName=FACE, fontSize=16, leading=LINE, firstLineIndent=32, wordWrap="CJK")
    heading = ParagraphStyle("heading", parent=body, spaceBefore=4)
    flush = ParagraphStyle("flush", parent=body, firstLineIndent=0)
    centred = ParagraphStyle("centred", parent=flush, alignment=TA_CENTER)
    head = ParagraphStyle("head", parent=centred, fontSize=22, leading=34, spaceBefore=22, spaceAfter=20)
    signed = ParagraphStyle("signed", parent=flush, alignment=TA_RIGHT, rightIndent=48)
    story: list[Flowable] = [_Mark(f"{issuer}文件"), Paragraph(escape(number), centred), _RedLine()]
    story.append(Paragraph(escape(title), head))
    if addressee:
        story.append(Paragraph(escape(addressee), flush))
    for block in blocks:
        if isinstance(block, Heading):
            story.append(Paragraph(escape(block.text), heading))
        elif isinstance(block, Paragraphs):
            story.extend(Paragraph(escape(text), body) for text in block.texts)
    story.append(KeepTogether([Spacer(1, LINE * 1.5), Paragraph(escape(issuer), signed), Paragraph(day, signed)]))
    stream = io.BytesIO()
    template = SimpleDocTemplate(
        stream, pagesize=A4, topMargin=37 * mm, bottomMargin=35 * mm, leftMargin=28 * mm, rightMargin=26 * mm,
        title=title, author=issuer, subject=number, creator="", lang="zh-CN", invariant=1,
    )  # fmt: skip
    template.build(story, onFirstPage=_page_number, onLaterPages=_page_number)
    return stream.getvalue()


def chinese_date(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _page_number(canvas: Canvas, template: SimpleDocTemplate) -> None:
    canvas.setFont(FACE, 14)
    canvas.drawCentredString(A4[0] / 2, 26 * mm, f"— {canvas.getPageNumber()} —")


class _Mark(Flowable):  # type: ignore[misc]  # reportlab has no types
    """The issuer's name in large red letters, no wider than the text; a stroke makes the light font bold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        return width, 88

    def draw(self) -> None:
        pen = self.canv
        size = min(46.0, self.width / len(self.text) * 0.98)
        text = pen.beginText((self.width - size * len(self.text)) / 2, 40)
        text.setFont(FACE, size)
        text.setTextRenderMode(2)
        pen.saveState()
        pen.setFillColor(RED)
        pen.setStrokeColor(RED)
        pen.setLineWidth(size / 28)
        text.textOut(self.text)
        pen.drawText(text)
        pen.restoreState()


class _RedLine(Flowable):  # type: ignore[misc]  # reportlab has no types
    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        return width, 14

    def draw(self) -> None:
        self.canv.setStrokeColor(RED)
        self.canv.setLineWidth(2)
        self.canv.line(0, 6, self.width, 6)
