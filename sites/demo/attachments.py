"""The attachments of demo items: red-headed PDF, Word form, Excel sheet. The same data always give the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import cast

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from sites.demo.content import Attachment, Block, DemoSite, Heading, Item, Paragraphs
from sites.demo.reading import text_blocks
from sites.demo.red_header import make_pdf

STEADY_MOMENT = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - zip entries know no time zone
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def make_attachment(attachment: Attachment, item: Item, site: DemoSite) -> bytes:
    """Return the bytes of an attachment of ``item``. A PDF for a policy document has its number, issuer and date."""
    blocks: tuple[Block, ...] = tuple(text_blocks(attachment.text)) if attachment.text else item.blocks
    match attachment.format:
        case "pdf":
            return make_pdf(attachment.title, blocks, item, site)
        case "docx":
            return make_docx(attachment, blocks, item.source)
        case "xlsx":
            return make_xlsx(attachment, item.source)


def make_docx(attachment: Attachment, blocks: tuple[Block, ...], source: str) -> bytes:
    """Return the bytes of an A4 document in the typefaces of official writing: title in 黑体, text in 仿宋."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Cm(3.7), Cm(3.5), Cm(2.8), Cm(2.6)
    normal = cast(ParagraphStyle, document.styles["Normal"])
    normal.font.name, normal.font.size = "仿宋", Pt(16)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")
    title = document.add_heading(level=0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _face(title.add_run(attachment.title), "黑体", 20)
    noted: Paragraph | None = None
    for block in blocks:
        if isinstance(block, Heading):
            _face(document.add_heading(level=1).add_run(block.text), "黑体", 16)
        elif isinstance(block, Paragraphs):
            for text in block.texts:
                paragraph = document.add_paragraph(text)
                noted = noted or paragraph
                paragraph.paragraph_format.first_line_indent = Pt(32)
                paragraph.paragraph_format.line_spacing = Pt(28)
    if attachment.rows:
        _word_table(document, attachment)
    if attachment.comment and noted is not None:
        document.add_comment(noted.runs, text=attachment.comment, author=source, initials="")
    closing = document.add_paragraph(source)
    closing.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    about = document.core_properties
    about.author = about.last_modified_by = source
    about.title, about.language, about.comments = attachment.title, "zh-CN", ""
    about.created = about.modified = STEADY_MOMENT
    stream = io.BytesIO()
    document.save(stream)
    return _steady(stream.getvalue())


def _face(run: Run, name: str, size: int) -> None:
    run.font.name, run.font.size = name, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _word_table(document: WordDocument, attachment: Attachment) -> None:
    table = document.add_table(rows=1, cols=len(attachment.head), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, text in zip(table.rows[0].cells, attachment.head, strict=True):
        _face(cell.paragraphs[0].add_run(text), "黑体", 14)
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    for row in attachment.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _face(cell.paragraphs[0].add_run(text), "仿宋", 14)


def make_xlsx(attachment: Attachment, source: str) -> bytes:
    """Return the bytes of a workbook with one formatted sheet: title, head, rows with real numbers, source line."""
    book = Workbook()
    sheet = cast(Worksheet, book.active)
    sheet.title = attachment.title[:31]
    width = len(attachment.head)
    line = Side(style="thin", color="9AA7B0")
    frame = Border(left=line, right=line, top=line, bottom=line)
    sheet.append([attachment.title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet["A1"].font = Font(name="黑体", size=16)
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center")
    sheet.row_dimensions[1].height = 34
    sheet.append(list(attachment.head))
    for row in attachment.rows:
        sheet.append([_number(cell) for cell in row])
    for cells in sheet.iter_rows(min_row=2, max_col=width):
        for cell in cells:
            cell.border = frame
            head = cell.row == 2
            cell.font = Font(name="黑体" if head else "仿宋", size=12)
            cell.alignment = Alignment(
                horizontal="left" if cell.column == 1 and not head else "center", vertical="center"
            )
            if head:
                cell.fill = PatternFill("solid", fgColor="DCE8F1")
    for index in range(width):
        longest = max(len(str(row[index])) for row in (attachment.head, *attachment.rows))
        sheet.column_dimensions[chr(ord("A") + index)].width = max(14, longest * 2.2 + 4)
    sheet.append([f"发布单位：{source}"])
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    book.properties.creator = book.properties.lastModifiedBy = source
    book.properties.title = attachment.title
    book.properties.created = STEADY_MOMENT
    stream = io.BytesIO()
    book.save(stream)
    return _steady(stream.getvalue())


def _number(text: str) -> str | int | float:
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d+\.\d+", text) else text


def _steady(packed: bytes) -> bytes:
    """Return a .docx or .xlsx with ``STEADY_MOMENT`` in place of the moment of saving, which the libraries write in.

    So the same content has the same digest.
    """
    stamp = STEADY_MOMENT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            if name == "word/comments.xml":
                data = re.sub(rb'w:date="[^"]*"', b'w:date="' + stamp + b'"', data)
            entry = zipfile.ZipInfo(name, STEADY_MOMENT.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, data)
    return stream.getvalue()
