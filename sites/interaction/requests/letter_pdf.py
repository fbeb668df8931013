"""The letter of a decision as PDF: the same words in the same places as the Word document."""

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.platypus import Paragraph, SimpleDocTemplate

from govplatform.cases.disclosure.delivering import Letter
from govplatform.chinese_pdf import FACE, not_in_face, register_face
from govplatform.refusals import Refused

CONTENT_TYPE = "application/pdf"
_SIZE, _LEADING = 16, 28


def letter_as_pdf(letter: Letter) -> bytes:
    """Return A4 pages. Raises Refused for a character that the font has not, as some names have: it would be a gap."""
    missing = not_in_face(f"{letter.title}{letter.to}{letter.text}{letter.by}")
    if missing:
        raise Refused(_("PDF 的字体没有“%(characters)s”：请下载 Word 文档。") % {"characters": missing})
    register_face()
    body = ParagraphStyle("body", fontName=FACE, fontSize=_SIZE, leading=_LEADING, wordWrap="CJK")
    centred = ParagraphStyle("centred", body, alignment=TA_CENTER)
    signed = ParagraphStyle("signed", body, alignment=TA_RIGHT)
    indented = ParagraphStyle("indented", body, firstLineIndent=2 * _SIZE)
    title = ParagraphStyle("title", centred, fontSize=22, leading=36)
    flow: list[Any] = [
        Paragraph(escape(letter.title), title),
        Paragraph(escape(f"编号：{letter.number}"), centred),
        Paragraph(escape(f"{letter.to}："), body),
    ]
    flow += [Paragraph(escape(line.strip()), indented) for line in letter.text.splitlines() if line.strip()]
    flow += [Paragraph(escape(line), signed) for line in (letter.by, letter.signed_on)]
    stream = BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=2.8 * cm,
        rightMargin=2.6 * cm,
        topMargin=3.7 * cm,
        bottomMargin=3.5 * cm,
        title=letter.title,
        author=letter.by,
        creator="",
    )
    document.build(flow)
    return stream.getvalue()
