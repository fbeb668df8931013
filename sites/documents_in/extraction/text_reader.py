"""The reader of plain text: a line is a paragraph, unless the file was wrapped at a fixed width."""

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.element import Element, ReadFile, paragraph
from sites.documents_in.extraction.encodings import decode_text
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.second_reading import Passage
from sites.documents_in.extraction.spacing import join_lines, tidy

MIN_WIDTH, MAX_WIDTH = 20, 80
MIN_LINES = 8


def read_text(data: bytes, limits: ExtractionLimits) -> ReadFile:
    """Read a text file into elements; rows with tabs become a table. Raise ExtractionRefused for too many lines."""
    lines = decode_text(data).splitlines()
    if len(lines) > limits.elements * 4:
        raise ExtractionRefused(said(gettext_noop("文档超过 %(most)s 段。请拆分成几份后上传。"), most=limits.elements))
    width = _wrapped_width(lines)
    result = ReadFile(second=[Passage("line", number, line) for number, line in enumerate(lines, 1) if line.strip()])
    if width:
        lines = _unwrap(lines, width)
        result.warnings.append(gettext_noop("文本按固定宽度折行，已还原成段落，请核对分段。"))
    result.elements = _elements(lines)
    if len(result.elements) > limits.elements:
        raise ExtractionRefused(said(gettext_noop("文档超过 %(most)s 段。请拆分成几份后上传。"), most=limits.elements))
    return result


def _elements(lines: list[str]) -> list[Element]:
    elements: list[Element] = []
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        cells = [tidy(cell) for cell in line.strip(" 　\r\n").split("\t")]
        if len(cells) > 1 and (not rows or len(cells) == len(rows[0])):
            rows.append(cells)
            continue
        if len(rows) > 1:
            text = "\n".join("\t".join(row) for row in rows)
            elements.append(Element(kind="table", text=text, rows=rows, header=True))
        else:
            elements += [paragraph(tidy(" ".join(row))) for row in rows]
        rows = []
        text = tidy(line)
        if text:
            elements.append(paragraph(text))
    return elements


def _wrapped_width(lines: list[str]) -> int:
    """Return the number of characters at which the lines were wrapped; 0 if they were not."""
    lengths = [len(line.rstrip()) for line in lines if line.strip()]
    if len(lengths) < MIN_LINES:
        return 0
    width = max(lengths)
    full = sum(length >= width - 3 for length in lengths)
    return width if MIN_WIDTH <= width <= MAX_WIDTH and full * 2 >= len(lengths) else 0


def _unwrap(lines: list[str], width: int) -> list[str]:
    joined: list[str] = []
    open_line = False
    for line in lines:
        text = line.rstrip()
        indented = text[:1] in (" ", "　", "\t")
        if open_line and text and not indented:
            joined[-1] = join_lines(joined[-1], text)
        else:
            joined.append(text)
        open_line = len(text) >= width - 3
    return joined
