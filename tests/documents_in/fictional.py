"""Documents of a province that does not exist, and ways to write them into each format."""

import html
import io
import zipfile
from pathlib import Path
from typing import Any

import docx
from PIL import Image
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import (
    Flowable,
    Paragraph,
    SimpleDocTemplate,
    Table,
)

from sites.documents_in.extraction import (
    ExtractedDocument,
    HeadingBlock,
    QuotationBlock,
    RichTextBlock,
    TableBlock,
    extract_document,
)

TITLE = "云江省人民政府办公厅关于推进山区供水设施管护的实施意见"
NUMBER = "云政办发〔2023〕18号"
NOTICE = [
    NUMBER,
    "云江省人民政府办公厅关于推进",
    "山区供水设施管护的实施意见",
    "各市、县人民政府，省政府各部门、各直属机构：",
    "为落实《水务总局关于加强农村供水工作的通知》（水发〔2022〕7号）要求，保障山区群众常年用上放心水，经省人民政府同意，现提出以下意见。",
    "一、总体目标",
    "到2026年，全省山区行政村供水设施完好率达到九成以上，管护责任落实到人，水费收缴公开透明，水质检测按季开展。",
    "二、主要任务",
    "（一）明确管护责任。乡镇人民政府负责本辖区供水设施的日常巡查，发现渗漏、断管等情况的，应当在两日内组织维修并登记在册。",
    "（二）落实管护经费。县级财政把管护经费列入年度预算，任何单位不得截留挪用，使用情况每年向受益村公布一次。",
    "三、工作要求",
    "各地要在每年十一月底前把进展情况书面报告省水务厅，由省水务厅汇总后报省人民政府。",
    "云江省人民政府办公厅",
    "2023年5月9日",
    "（此件公开发布）",
]
FURNITURE_ABOVE = ["首页 > 政务公开 > 政策文件", "【打印本页】【关闭窗口】", "字体：大 中 小"]
FURNITURE_BELOW = [
    "责任编辑：何小溪",
    "上一篇：云江省召开春季植树动员会",
    "分享到：微信 微博",
    "版权所有 云江省人民政府办公厅",
    "云ICP备00000000号",
]


def picture(color: str = "red", form: str = "PNG", **save: Any) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(out, form, **save)
    return out.getvalue()


def write_text(path: Path, lines: list[str], encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def write_html(path: Path, lines: list[str], encoding: str = "utf-8") -> Path:
    body = "\n".join(f"<p>　　{html.escape(line)}</p>" for line in lines)
    page = f'<!DOCTYPE html><html><head><meta charset="{encoding}"></head><body><div>{body}</div></body></html>'
    path.write_bytes(page.encode(encoding))
    return path


def write_docx(path: Path, lines: list[str]) -> Path:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(path))
    return path


def pdf_paragraph(text: str, size: float = 12) -> Paragraph:
    style = ParagraphStyle(
        "body", fontName="STSong-Light", fontSize=size, leading=size * 1.7, firstLineIndent=24, wordWrap="CJK"
    )
    return Paragraph(html.escape(text), style)


def write_pdf(path: Path, content: list[str | Flowable], head: str = "", **save: Any) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

    def edges(canvas: Any, document: Any) -> None:
        canvas.setFont("STSong-Light", 9)
        canvas.drawCentredString(300, 30, f"— {document.page} —")
        if head:
            canvas.drawString(72, 815, head)

    flow = [pdf_paragraph(item) if isinstance(item, str) else item for item in content]
    SimpleDocTemplate(str(path), **save).build(flow, onFirstPage=edges, onLaterPages=edges)
    return path


def pdf_table(rows: list[list[str]]) -> Table:
    return Table(rows, style=[("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), "STSong-Light", 11)])


def rewrite_docx(path: Path, changes: dict[str, bytes]) -> Path:
    """Replace or add parts of a .docx."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (parts | changes).items():
            archive.writestr(name, data)
    return path


def extract(path: Path, **options: Any) -> ExtractedDocument:
    return extract_document(path, filename=path.name, **options)


def from_lines(tmp_path: Path, lines: list[str]) -> ExtractedDocument:
    return extract(write_text(tmp_path / "文件.txt", lines))


def outline(document: ExtractedDocument) -> list[str]:
    """The blocks as comparable lines: "#2 heading", paragraphs without mark-up, tables by rows."""
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, HeadingBlock):
            lines.append(f"#{block.level} {block.text}")
        elif isinstance(block, RichTextBlock):
            marked = block.html.replace("</p>", "\n").replace("</li>", "\n")
            lines += [line for line in (_strip(part) for part in marked.split("\n")) if line]
        elif isinstance(block, TableBlock):
            lines += ["|".join(row) for row in block.rows]
        elif isinstance(block, QuotationBlock):
            lines.append(f"> {block.text}")
        else:
            lines.append(f"[{block.image}] {block.caption}")
    return lines


def _strip(markup: str) -> str:
    text = ""
    inside = False
    for char in markup:
        if char in "<>":
            inside = char == "<"
        elif not inside:
            text += char
    return html.unescape(text)


def warned(document: ExtractedDocument, *words: str) -> bool:
    """Whether one warning holds all the words."""
    return any(all(word in warning for word in words) for warning in document.warnings)
