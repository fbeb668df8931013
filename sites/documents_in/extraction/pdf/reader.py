"""The reader of PDF with a text layer: text and tables by pdfplumber, pictures by pypdf."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pdfplumber
import pypdf
from pdfplumber.page import Page
from pypdf.generic import DictionaryObject, IndirectObject

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.element import Element, ReadFile, paragraph
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.pdf.chars import Char, PageChars, read_chars, viewing_of
from sites.documents_in.extraction.pdf.columns import flows_of
from sites.documents_in.extraction.pdf.lines import (
    Line,
    body_size_of,
    lines_of,
    paragraphs_of,
    rows_of,
    without_page_marks,
)
from sites.documents_in.extraction.pdf.pictures import read_pictures
from sites.documents_in.extraction.pdf.second import SecondReading
from sites.documents_in.extraction.pdf.tables import find_tables, outside
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.second_reading import Passage
from sites.documents_in.extraction.spacing import shortened, tidy

BROKEN = gettext_noop("PDF 文件已损坏，无法打开。请重新导出 PDF，或上传 .docx。")
ENCRYPTED = gettext_noop("PDF 设有打开密码。请取消密码后重新上传。")
SCANNED = gettext_noop("PDF 是扫描件，没有文字层。请上传 Word 原稿，或先做文字识别（OCR）并校对后再上传。")
UNSEEN = gettext_noop("PDF 的文字都看不见（被遮盖、与底色相同或不着色）。请检查原稿，重新导出 PDF，或上传 Word 原稿。")
GARBLED = gettext_noop("PDF 的文字无法正确读出（字体缺少编码表）。请上传 Word 原稿，或重新导出 PDF。")
MIN_CHARACTERS = 10
TITLE_SIZE = 1.2
#: Added to the place of turned text, which comes after the rest of its page.
BELOW = 1e4
#: Characters further from the one before, in sizes of a character, begin another run.
_GAP = 1.0


def read_pdf(path: Path, limits: ExtractionLimits) -> ReadFile:
    """Read a PDF into elements; its scripts and forms are never run.

    Raises ExtractionRefused for damage, passwords, scans without text, unreadable fonts and too many pages.
    """
    result = ReadFile()
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ExtractionRefused(ENCRYPTED)
        if len(reader.pages) > limits.pdf_pages:
            raise ExtractionRefused(
                said(gettext_noop("PDF 超过 %(most)s 页。请拆分成几份，或作为附件上传。"), most=limits.pdf_pages)
            )
        if _has_scripts(reader):
            result.warnings.append(gettext_noop("PDF 含有脚本或自动动作，已忽略；如原件要作为附件公开，请先去除脚本。"))
        placed, pictured = _read_pages(path, reader, result, limits)
        pictures = read_pictures(reader, pictured, result, limits)
    except (ExtractionRefused, MemoryError, RecursionError):
        raise
    except Exception as error:
        # Both libraries raise whatever a damaged object makes them stumble over.
        raise ExtractionRefused(BROKEN) from error
    result.elements = [element for *_, element in sorted(placed + pictures, key=lambda item: item[:2])]
    return result


@dataclass
class _Told:
    """What the warnings say of the pages, which count from 1."""

    hidden: list[Char] = field(default_factory=list)
    hidden_runs: list[str] = field(default_factory=list)
    hidden_on: set[int] = field(default_factory=set)
    scans: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    other: list[int] = field(default_factory=list)
    disputed: list[int] = field(default_factory=list)
    ruled: list[int] = field(default_factory=list)
    forms: list[int] = field(default_factory=list)
    hidden_notes: list[str] = field(default_factory=list)
    unread: int = 0
    unread_on: list[int] = field(default_factory=list)
    notes: int = 0
    buttons: int = 0


def _read_pages(
    path: Path, reader: pypdf.PdfReader, result: ReadFile, limits: ExtractionLimits
) -> tuple[list[tuple[int, float, Element]], set[int]]:
    """Return ((page, top in points, element) of text and tables, the pages from 0 that paint pictures).

    Raises ExtractionRefused for scans and bad fonts.
    """
    lines: list[Line] = []
    placed: list[tuple[int, float, Element]] = []
    pictured: set[int] = set()
    told = _Told()
    cells = characters = unreadable = 0
    with pdfplumber.open(path, password="") as document, SecondReading(path, reader) as second:
        viewing = viewing_of(document)
        pages = len(document.pages)
        for number, page in enumerate(document.pages):
            found = read_chars(page, second, viewing)
            chars = [char for turned in found.raw.values() for char in turned]
            _note(told, page, found, chars)
            result.second += _passages(second, number)
            result.left_out += found.doubled
            result.put_in += [shown.text for shown in found.annotations.shown if shown.text]
            if page.images:
                pictured.add(number)
            characters += len(chars)
            unreadable += len(chars) if found.reading == "disputed" else found.unread
            if characters > limits.characters:
                raise ExtractionRefused(gettext_noop("PDF 的文字过多。请拆分成几份，或作为附件上传。"))
            tables, too_many = find_tables(page, found)
            if too_many:
                told.ruled.append(number + 1)
            for table in tables:
                cells += sum(map(len, table.rows))
                if cells > limits.table_cells:
                    raise ExtractionRefused(
                        said(
                            gettext_noop("表格超过 %(most)s 个单元格。请把数据作为电子表格附件上传。"),
                            most=limits.table_cells,
                        )
                    )
                text = "\n".join("\t".join(row) for row in table.rows)
                element = Element(kind="table", text=text, rows=table.rows, header=True)
                placed.append((number, table.box[1], element))
            boxes = [table.box for table in tables]
            lines += _lines_of_page(found, boxes, number, float(page.width), float(page.height))
            page.close()
    if characters < MIN_CHARACTERS:
        raise ExtractionRefused(UNSEEN if len(told.hidden) >= MIN_CHARACTERS else SCANNED)
    if unreadable > characters * 0.05:
        raise ExtractionRefused(GARBLED)
    lines, marks = without_page_marks(lines, pages)
    result.left_out += [*marks, *told.hidden_runs]
    _tell(result, lines, marks, told)
    tables_at = [(page, top) for page, top, _ in placed]
    return placed + _paragraph_elements(lines, tables_at), pictured


def _passages(second: SecondReading, number: int) -> list[Passage]:
    return [Passage("page", number + 1, line) for line in second.text(number).splitlines() if line.strip()]


def _note(told: _Told, page: Page, found: PageChars, chars: list[Char]) -> None:
    number = page.page_number
    unseen = [char for reason in found.hidden.values() for char in reason]
    hidden = [char for char in unseen if char["text"].strip()]
    told.hidden += hidden
    told.hidden_runs += _runs_of(unseen)
    if hidden:
        told.hidden_on.add(number)
    if found.recognised:
        told.recognised.append(number)
    elif _is_scan(page, chars):
        told.scans.append(number)
    if found.reading == "other":
        told.other.append(number)
    if found.reading == "disputed":
        told.disputed.append(number)
    if found.annotations.shown:
        told.forms.append(number)
    if found.unread:
        told.unread += found.unread
        told.unread_on.append(number)
    told.hidden_notes += found.annotations.hidden
    told.notes += found.annotations.notes
    told.buttons += found.annotations.buttons


def _runs_of(chars: list[Char]) -> list[str]:
    """Return the text of each stretch of characters without a gap, as another reading shows it in its lines."""
    runs: list[str] = []
    last: Char | None = None
    for char in chars:
        size = max(char["bottom"] - char["top"], char["x1"] - char["x0"])
        near = last and abs(char["top"] - last["top"]) + abs(char["x0"] - last["x1"]) < size * _GAP
        if near:
            runs[-1] += char["text"]
        else:
            runs.append(char["text"])
        last = char
    return runs


def _lines_of_page(
    found: PageChars, boxes: list[tuple[float, float, float, float]], number: int, width: float, height: float
) -> list[Line]:
    """Return the lines of a page in reading order: the upright ones by columns, then those that are turned."""
    lines: list[Line] = []
    for turned, chars in sorted(found.turned.items()):
        # What stands turned in a table was read with its cell.
        free = {id(char) for char in outside(found.raw[turned], boxes)} if boxes else None
        own = [char for char, raw in zip(chars, found.raw[turned], strict=True) if free is None or id(raw) in free]
        order = BELOW * turned
        for flow in flows_of(own, rows_of):
            for line in lines_of(flow.chars, number, width if turned % 2 else height, flow.column, turned):
                order = max(order, line.top + BELOW * turned)
                line.order = order
                lines.append(line)
    return lines


def _is_scan(page: Page, chars: list[Char]) -> bool:
    """Say whether a page has hardly any text and a picture over most of it."""
    if sum(bool(char["text"].strip()) for char in chars) >= MIN_CHARACTERS:
        return False
    whole = float(page.width) * float(page.height)
    return any(image["width"] * image["height"] > whole * 0.5 for image in page.images)


def _tell(result: ReadFile, lines: list[Line], marks: list[str], told: _Told) -> None:
    warn = result.warnings.append
    if marks:
        shown = "；".join(f"“{text[:20]}”" for text in list(dict.fromkeys(marks))[:4])
        warn(said(gettext_noop("已去除页眉、页脚和页码 %(marks)s 行：%(shown)s。"), marks=len(marks), shown=shown))
    if told.hidden:
        unseen = "".join(char["text"] for char in told.hidden[:60])
        warn(
            said(
                gettext_noop(
                    "PDF 第 %(pages)s 页有 %(count)s 个看不见的字（不着色、与底色相同、被遮盖、极小、图层关闭或在页面"
                    "之外），未导入：“%(shown)s”。"
                ),
                pages=_named(sorted(told.hidden_on)),
                count=len(told.hidden),
                shown=shortened(unseen, 30),
            )
        )
    for pages, sentence in (
        (told.scans, gettext_noop("第 %(pages)s 页几乎没有文字，可能是扫描页，其内容未导入；请先做文字识别并校对。")),
        (told.recognised, gettext_noop("第 %(pages)s 页是扫描页，文字取自文字识别的结果，请逐字核对。")),
        (told.other, gettext_noop("第 %(pages)s 页的文字改由另一程序读出（字体的编码表有误），请核对。")),
        (told.disputed, gettext_noop("第 %(pages)s 页的文字读法不一，可能有误，请对照原件逐字核对。")),
        (told.ruled, gettext_noop("第 %(pages)s 页线条过多，其中的表格按文字读出，请核对。")),
        (told.forms, gettext_noop("第 %(pages)s 页填写的表单内容和页面上的批注文字已按所在位置导入，请核对。")),
    ):
        if pages:
            warn(said(sentence, pages=_named(pages)))
    if told.unread:
        warn(
            said(
                gettext_noop("第 %(pages)s 页有 %(count)s 个字无法读出，以“〓”代替，请对照原件补上。"),
                pages=_named(told.unread_on),
                count=told.unread,
            )
        )
    if told.hidden_notes:
        shown = "；".join(f"“{text[:20]}”" for text in told.hidden_notes[:4])
        warn(
            said(
                gettext_noop("PDF 有 %(count)s 个不显示的表单域或批注，未导入：%(shown)s。"),
                count=len(told.hidden_notes),
                shown=shown,
            )
        )
    if told.notes:
        warn(said(gettext_noop("PDF 有 %(count)s 条点开才看得见的批注，未导入。"), count=told.notes))
    if told.buttons:
        warn(said(gettext_noop("PDF 有 %(count)s 个按钮，未导入。"), count=told.buttons))
    if any(line.turned for line in lines):
        pages = sorted({line.page + 1 for line in lines if line.turned})
        warn(
            said(gettext_noop("第 %(pages)s 页有横排或倒排的文字，已转正并放在该页之后，请核对。"), pages=_named(pages))
        )
    if any(line.column[1] > 1 for line in lines):
        pages = sorted({line.page + 1 for line in lines if line.column[1] > 1})
        warn(said(gettext_noop("第 %(pages)s 页分栏，已按栏从左到右读出，请核对。"), pages=_named(pages)))


def _named(pages: list[int]) -> str:
    return "、".join(map(str, pages[:20])) + ("……" if len(pages) > 20 else "")


def _paragraph_elements(lines: list[Line], tables_at: list[tuple[int, float]]) -> list[tuple[int, float, Element]]:
    if not lines:
        return []
    body_size = body_size_of(lines)
    placed = []
    for found in paragraphs_of(lines, tables_at):
        text = tidy(found.text)
        large = found.size >= body_size * TITLE_SIZE and found.page == 0 and len(text) <= 60
        element = Element(kind="heading", text=text, level=1) if large else paragraph(text)
        placed.append((found.page, found.top, element))
    return placed


def _has_scripts(reader: pypdf.PdfReader) -> bool:
    """Say whether the PDF has scripts, or actions that start something by themselves."""
    root = reader.trailer["/Root"].get_object()
    if isinstance(root, DictionaryObject) and (
        ("/OpenAction" in root and _is_script(root["/OpenAction"])) or "/AA" in root
    ):
        return True
    names = root.get("/Names") if isinstance(root, DictionaryObject) else None
    names = names.get_object() if isinstance(names, IndirectObject) else names
    if isinstance(names, DictionaryObject) and "/JavaScript" in names:
        return True
    for page in reader.pages:
        if "/AA" in page:
            return True
        for annotation in page.get("/Annots", None) or []:
            action = annotation.get_object().get("/A")
            if action is not None and _is_script(action):
                return True
    return False


def _is_script(action: Any) -> bool:
    action = action.get_object() if hasattr(action, "get_object") else action
    return isinstance(action, DictionaryObject) and str(action.get("/S", "")) in ("/JavaScript", "/Launch")
