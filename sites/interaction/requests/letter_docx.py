"""The letter of a decision as a Word document: what was cleared, with the name of the applicant and a signature."""

from io import BytesIO

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from govplatform.cases.disclosure.delivering import Letter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: As official letters are set; names of fonts, not files.
_BODY = "仿宋"
_TITLE = "方正小标宋简体"
_BODY_SIZE, _TITLE_SIZE = Pt(16), Pt(22)
_INDENT = Pt(32)


def letter_as_docx(letter: Letter) -> bytes:
    """Return the document."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _BODY, _BODY_SIZE  # type: ignore[attr-defined]
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _BODY)
    document.core_properties.title = letter.title
    document.core_properties.author = letter.by

    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(letter.title)
    run.font.name, run.font.size = _TITLE, _TITLE_SIZE
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _TITLE)
    number = document.add_paragraph(f"编号：{letter.number}")
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(f"{letter.to}：")
    for line in letter.text.splitlines():
        if line.strip():
            document.add_paragraph(line.strip()).paragraph_format.first_line_indent = _INDENT
    for line in (letter.by, letter.signed_on):
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    written = BytesIO()
    document.save(written)
    return written.getvalue()
