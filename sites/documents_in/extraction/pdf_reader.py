"""The reader of PDF with a text layer: text and tables by pdfplumber, pictures by pypdf."""

from collections import Counter
from pathlib import Path
from typing import Any

import pdfplumber
import pypdf
from pdfplumber.page import Page
from pypdf.generic import DictionaryObject, IndirectObject

from govplatform.sentences import gettext_noop, said
from govplatform.untrusted_files.encodings import is_everyday
from sites.documents_in.extraction.element import Element, ReadFile, ReadImage, paragraph
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.pdf_chars import Char, PageChars, read_chars
from sites.documents_in.extraction.pdf_columns import flows_of
from sites.documents_in.extraction.pdf_lines import (
    Line,
    body_size_of,
    lines_of,
    paragraphs_of,
    rows_of,
    without_page_marks,
)
from sites.documents_in.extraction.pdf_second_reading import read_pdf_again
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.spacing import join_lines, tidy

BROKEN = gettext_noop("PDF 文件已损坏，无法打开。请重新导出 PDF，或上传 .docx。")
ENCRYPTED = gettext_noop("PDF 设有打开密码。请取消密码后重新上传。")
SCANNED = gettext_noop("PDF 是扫描件，没有文字层。请上传 Word 原稿，或先做文字识别（OCR）并校对后再上传。")
GARBLED = gettext_noop("PDF 的文字无法正确读出（字体缺少编码表）。请上传 Word 原稿，或重新导出 PDF。")
MIN_CHARACTERS = 10
TITLE_SIZE = 1.2
COMPARED_PAGES = 5
#: Added to the place of turned text, which comes after the rest of its page.
BELOW = 1e4


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
        placed = _read_pages(path, result, limits)
        _check_readings_agree(reader, placed)
        pictures = _read_pictures(reader, result, limits)
        result.second = read_pdf_again(path)
    except (ExtractionRefused, MemoryError, RecursionError):
        raise
    except Exception as error:
        # Both libraries raise whatever a damaged object makes them stumble over.
        raise ExtractionRefused(BROKEN) from error
    result.elements = [element for *_, element in sorted(placed + pictures, key=lambda item: item[:2])]
    return result


def _read_pages(path: Path, result: ReadFile, limits: ExtractionLimits) -> list[tuple[int, float, Element]]:
    """Return (page, top in points, element) of text and tables. Raise ExtractionRefused for scans and bad fonts."""
    lines: list[Line] = []
    placed: list[tuple[int, float, Element]] = []
    hidden: list[Char] = []
    scans: list[int] = []
    recognised: list[int] = []
    cells = characters = unreadable = 0
    with pdfplumber.open(path, password="") as document:
        pages = len(document.pages)
        for number, page in enumerate(document.pages):
            found = read_chars(page)
            chars = [char for turned in found.turned.values() for char in turned]
            hidden += found.hidden
            if found.recognised:
                recognised.append(number + 1)
            elif _is_scan(page, chars):
                scans.append(number + 1)
            characters += len(chars)
            unreadable += sum(
                char["text"].startswith("(cid:") or "\ue000" <= char["text"][:1] <= "\uf8ff" for char in chars
            )
            if characters > limits.characters:
                raise ExtractionRefused(gettext_noop("PDF 的文字过多。请拆分成几份，或作为附件上传。"))
            boxes = []
            for table in _only_seen(page, found).find_tables():
                rows = _rows(table.extract())
                cells += sum(map(len, rows))
                if cells > limits.table_cells:
                    raise ExtractionRefused(
                        said(
                            gettext_noop("表格超过 %(most)s 个单元格。请把数据作为电子表格附件上传。"),
                            most=limits.table_cells,
                        )
                    )
                if len(rows) >= 2 and len(rows[0]) >= 2:
                    boxes.append(table.bbox)
                    text = "\n".join("\t".join(row) for row in rows)
                    placed.append((number, table.bbox[1], Element(kind="table", text=text, rows=rows, header=True)))
            lines += _lines_of_page(found, boxes, number, float(page.width), float(page.height))
            page.close()
    if characters < MIN_CHARACTERS:
        raise ExtractionRefused(SCANNED)
    if unreadable > characters * 0.05:
        raise ExtractionRefused(GARBLED)
    lines, marks = without_page_marks(lines, pages)
    result.left_out = [*marks, "".join(char["text"] for char in hidden)]
    _tell(result, lines, marks, hidden, scans, recognised)
    placed += _paragraph_elements(lines)
    return placed


def _lines_of_page(
    found: PageChars, boxes: list[tuple[float, float, float, float]], number: int, width: float, height: float
) -> list[Line]:
    """Return the lines of a page in reading order: the upright ones by columns, then those that are turned."""
    lines: list[Line] = []
    for turned, chars in sorted(found.turned.items()):
        free = [char for char in chars if turned or not any(_inside(char, box) for box in boxes)]
        order = BELOW * turned
        for flow in flows_of(free, rows_of):
            for line in lines_of(flow.chars, number, width if turned % 2 else height, flow.column, turned):
                order = max(order, line.top + BELOW * turned)
                line.order = order
                lines.append(line)
    return lines


def _only_seen(page: Page, found: PageChars) -> Page:
    """Return the page without the characters that are not seen or were drawn twice, for the cells of its tables."""
    if len(found.kept) == len(page.chars):
        return page
    return page.filter(lambda item: item["object_type"] != "char" or id(item) in found.kept)


def _is_scan(page: Page, chars: list[Char]) -> bool:
    """Say whether a page has hardly any text and a picture over most of it."""
    if sum(bool(char["text"].strip()) for char in chars) >= MIN_CHARACTERS:
        return False
    whole = float(page.width) * float(page.height)
    return any(image["width"] * image["height"] > whole * 0.5 for image in page.images)


def _tell(
    result: ReadFile,
    lines: list[Line],
    marks: list[str],
    hidden: list[Char],
    scans: list[int],
    recognised: list[int],
) -> None:
    warn = result.warnings.append
    if marks:
        shown = "；".join(f"“{text[:20]}”" for text in list(dict.fromkeys(marks))[:4])
        warn(said(gettext_noop("已去除页眉、页脚和页码 %(marks)s 行：%(shown)s。"), marks=len(marks), shown=shown))
    unseen = "".join(char["text"] for char in hidden).strip()
    if unseen:
        warn(
            said(
                gettext_noop(
                    "PDF 中有 %(count)s 个看不见的字（不着色、白色、极小或在页面之外），未导入：“%(shown)s”。"
                ),
                count=sum(bool(char["text"].strip()) for char in hidden),
                shown=unseen if len(unseen) <= 30 else unseen[:29] + "…",
            )
        )
    if scans:
        warn(
            said(
                gettext_noop("第 %(pages)s 页几乎没有文字，可能是扫描页，其内容未导入；请先做文字识别并校对。"),
                pages=_named(scans),
            )
        )
    if recognised:
        warn(
            said(
                gettext_noop("第 %(pages)s 页是扫描页，文字取自文字识别的结果，请逐字核对。"), pages=_named(recognised)
            )
        )
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


def _check_readings_agree(reader: pypdf.PdfReader, placed: list[tuple[int, float, Element]]) -> None:
    """Raise ExtractionRefused for text that two libraries read differently, or of too many rare characters.

    A wrong table of the font gives fluent nonsense made of real characters, which nothing else would notice.
    """
    pages = range(min(len(reader.pages), COMPARED_PAGES))
    ours = Counter(
        char for page, _, element in placed if page in pages for char in element.text if "\u4e00" <= char <= "\u9fff"
    )
    if ours.total() and sum(n for char, n in ours.items() if is_everyday(char)) < ours.total() * 0.8:
        raise ExtractionRefused(GARBLED)
    try:
        text = "".join(reader.pages[page].extract_text() for page in pages)
    except Exception:
        return
    theirs = Counter(char for char in text if "\u4e00" <= char <= "\u9fff")
    if theirs.total() >= MIN_CHARACTERS and (ours & theirs).total() < ours.total() * 0.8:
        raise ExtractionRefused(GARBLED)


def _paragraph_elements(lines: list[Line]) -> list[tuple[int, float, Element]]:
    if not lines:
        return []
    body_size = body_size_of(lines)
    placed = []
    for found in paragraphs_of(lines):
        text = tidy(found.text)
        large = found.size >= body_size * TITLE_SIZE and found.page == 0 and len(text) <= 60
        element = Element(kind="heading", text=text, level=1) if large else paragraph(text)
        placed.append((found.page, found.top, element))
    return placed


def _rows(extracted: list[list[str | None]]) -> list[list[str]]:
    """Return cells as text; a cell that a merge covers (None) is empty; broken lines of a cell are joined."""
    rows = []
    for row in extracted:
        cells = []
        for cell in row:
            joined = ""
            for line in (cell or "").splitlines():
                joined = join_lines(joined, tidy(line))
            cells.append(joined)
        if any(cells):
            rows.append(cells)
    return rows


def _inside(char: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _read_pictures(
    reader: pypdf.PdfReader, result: ReadFile, limits: ExtractionLimits
) -> list[tuple[int, float, Element]]:
    """Return (page, top, element) of the pictures, each placed below its page's text and once only.

    A PDF does not say to which paragraph a picture belongs.
    """
    placed = []
    failed = 0
    seen: set[bytes] = set()
    for number, page in enumerate(reader.pages):
        try:
            names = list(page.images.keys())
        except Exception:
            failed += 1
            continue
        for name in names:
            if len(result.images) >= limits.images:
                break
            try:
                data = page.images[name].data
            except Exception:
                failed += 1
                continue
            if data in seen:
                continue
            seen.add(data)
            result.images.append(ReadImage(data))
            placed.append((number, 1e6, Element(kind="image", image=len(result.images) - 1)))
    if failed:
        result.warnings.append(said(gettext_noop("PDF 中有 %(failed)s 张图片无法读取，未导入。"), failed=failed))
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
