"""The sheets as a file: HTML that needs no other file, or PDF."""

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from govplatform.chinese_pdf import FACE, register_face

from .actions import PrintedSheets
from .reading import Sheet, in_the_language_of_the_office

_MARGIN = 18 * mm
_WIDTH = A4[0] - 2 * _MARGIN


@in_the_language_of_the_office
def as_html(printed: PrintedSheets) -> str:
    """Return one self-contained document, also what the console shows and prints."""
    return render_to_string("review/sheets/sheet.html", {"printed": printed})


@in_the_language_of_the_office
def as_pdf(printed: PrintedSheets) -> bytes:
    """Return A4 pages, every sheet beginning a new one, with the seal in the foot of every page."""
    register_face()
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=24 * mm,
        title=printed.heading,
        author="",
        creator="",
    )
    story: list[Any] = []
    for at, sheet in enumerate(printed.sheets):
        if at:
            story.append(PageBreak())
        story += _flow(sheet, printed)

    def foot(canvas: Any, page: Any) -> None:
        canvas.setFont(FACE, 7)
        canvas.drawString(_MARGIN, 14 * mm, _("校验 SM3：%(seal)s") % {"seal": printed.seal})
        canvas.drawString(_MARGIN, 10.5 * mm, _("审计链：%(entry)s") % {"entry": printed.entry})
        canvas.drawRightString(A4[0] - _MARGIN, 14 * mm, str(page.page))

    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return stream.getvalue()


def _style(size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        f"s{size}{sorted(more.items())}", fontName=FACE, fontSize=size, leading=size * 1.5, wordWrap="CJK", **more
    )


_TITLE = _style(18, alignment=1, spaceAfter=4 * mm)
_HEAD = _style(11.5, spaceBefore=4 * mm, spaceAfter=1.5 * mm)
_TEXT = _style(9)
_SMALL = _style(7.5, textColor=colors.HexColor("#444444"))


def _flow(sheet: Sheet, printed: PrintedSheets) -> list[Any]:
    story: list[Any] = [Paragraph(escape(_("信息发布审查单")), _TITLE)]
    number, scanner, words = _("编号"), _("扫描器"), _("词库")
    facts = [
        (_("网站"), sheet.site),
        (_("标题"), sheet.title),
        (_("栏目"), f"{sheet.column}　（{number} {sheet.page}）"),
        (_("网址"), sheet.address),
        (_("审查通过"), f"{sheet.granted_at}　{sheet.status}"),
        (_("内容摘要"), sheet.digest),
        (_("规则"), f"{sheet.rule_pack}；{scanner} {sheet.scanner}；{words} {sheet.dictionary[:16]}"),
        (_("经手人"), "；".join(sheet.hands)),
        (_("打印"), f"{printed.printed_by}　{printed.printed_at}"),
    ]
    story.append(_table([[label, value] for label, value in facts], (24 * mm, _WIDTH - 24 * mm)))
    story.append(Paragraph(escape(_("审查签名")), _HEAD))
    for signature in sheet.signatures:
        rows = [
            [signature.step, f"{signature.verdict}　{signature.name}　{signature.at}"],
            [_("意见"), signature.opinion],
            [_("已确认"), "；".join(signature.checklist) or "—"],
            [_("审计记录"), signature.entry or _("审计链中没有找到对应记录")],
        ]
        if signature.marks:
            rows.append([_("留意"), "；".join(signature.marks)])
        story += [_table(rows, (24 * mm, _WIDTH - 24 * mm)), Spacer(1, 2 * mm)]
    story.append(Paragraph(escape(_("扫描发现与处理")), _HEAD))
    if sheet.findings:
        head = [_("规则"), _("位置"), _("摘录"), _("处理"), _("理由")]
        found = [
            [f["name"], f["place"], f["excerpt"], f"{f['verdict']} {f['person']}", f["reason"]] for f in sheet.findings
        ]
        widths = (24 * mm, 34 * mm, 46 * mm, 30 * mm, _WIDTH - 134 * mm)
        story.append(_table([head, *found], widths, headed=True))
    else:
        story.append(Paragraph(escape(_("没有发现。")), _TEXT))
    if sheet.files:
        story.append(Paragraph(escape(_("图片和附件")), _HEAD))
        files = [[f["kind"], f["name"], f["sm3"]] for f in sheet.files]
        story.append(_table(files, (18 * mm, 60 * mm, _WIDTH - 78 * mm)))
    if sheet.later:
        story.append(Paragraph(escape(_("其后")), _HEAD))
        story += [Paragraph(escape(line), _TEXT) for line in sheet.later]
    return story


def _table(rows: Sequence[Sequence[str]], widths: Sequence[float], *, headed: bool = False) -> Table:
    cells = []
    for row, line in enumerate(rows):
        styles = [_SMALL if at == 0 or (headed and row == 0) else _TEXT for at in range(len(line))]
        cells.append([Paragraph(escape(str(cell)), style) for cell, style in zip(line, styles, strict=True)])
    table = Table(cells, colWidths=list(widths), repeatRows=1 if headed else 0)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#999999")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table
