"""From the blocks of a Word document to the elements that all formats share."""

from collections import Counter
from collections.abc import Iterator

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.element import Element
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.word.blocks import Block, Foreign, Grid, LeftOut, Paragraph
from sites.documents_in.extraction.word.lists import count_numbers, is_sign, label_of, list_html, lists_in
from sites.documents_in.extraction.word.spans import Span, lines_of, markup, plain
from sites.documents_in.extraction.word.tables import rectangle


def to_elements(blocks: list[Block], left_out: LeftOut, limits: ExtractionLimits) -> list[Element]:
    """Return the elements of a document. Raises ExtractionRefused for too many of them, or too many cells."""
    numbers: Counter[str] = Counter()
    count_numbers(blocks, numbers)
    writer = _Writer(numbers, left_out, limits)
    writer.write(blocks)
    return writer.elements


class _Writer:
    def __init__(self, numbers: Counter[str], left_out: LeftOut, limits: ExtractionLimits) -> None:
        self.numbers = numbers
        self.left_out = left_out
        self.limits = limits
        self.elements: list[Element] = []

    def write(self, blocks: list[Block]) -> None:
        lists = lists_in(blocks, self.numbers)
        listed = 0
        for index, block in enumerate(blocks):
            if index in lists:
                self._list(lists[index])
                listed = index + len(lists[index])
            elif index < listed:
                continue
            elif isinstance(block, Paragraph):
                self._paragraph(block)
            elif isinstance(block, Grid):
                self._table(block)
            else:
                for element in block.elements:
                    self.left_out.shows_instead("", element.text)
                    self._add(element)

    def _add(self, element: Element) -> None:
        if len(self.elements) >= self.limits.elements:
            raise ExtractionRefused(
                said(gettext_noop("文档超过 %(most)s 段。请拆分成几份后上传。"), most=self.limits.elements)
            )
        self.elements.append(element)

    def _list(self, items: list[Paragraph]) -> None:
        text = "\n".join(plain(item.spans) for item in items)
        self._add(Element(kind="list", text=text, html=list_html(items)))

    def _paragraph(self, paragraph: Paragraph) -> None:
        quoted: list[str] = []
        for line in lines_of(self._labelled(paragraph)):
            if line and line[0].image >= 0:
                self._add(Element(kind="image", image=line[0].image))
                continue
            text = plain(line)
            if not text:
                continue
            if paragraph.level:
                self._add(Element(kind="heading", text=text, level=paragraph.level))
            elif paragraph.quoted:
                quoted.append(text)
            else:
                self._add(Element(kind="paragraph", text=text, html=markup(line)))
        if quoted:
            self._add(Element(kind="quotation", text="\n".join(quoted)))

    def _labelled(self, paragraph: Paragraph, *, bullets: bool = False) -> list[Span]:
        """Return the spans of a paragraph with its number in front, as its number stands in the document."""
        label = paragraph.label
        if label is None or (label.is_bullet and not bullets and not is_sign(label)):
            return paragraph.spans
        if not label.is_bullet:
            self.left_out.add("number")
        if label.unknown:
            self.left_out.add("format", label.unknown)
        self.left_out.shows_instead("", label_of(label))
        return [Span(label_of(label)), *paragraph.spans]

    def _table(self, grid: Grid) -> None:
        if len(grid.rows) == 1 and len(grid.rows[0].cells) == 1:
            # A frame for looks, not a table.
            self.write(grid.rows[0].cells[0].blocks)
            return
        header = _has_header(grid)
        caption = ""
        rows, merged, repeats = rectangle(grid, self.limits, self._cell_text)
        if len(rows[0]) > 1 and len(rows) > 1 and len(grid.rows[0].cells) == 1 and not grid.rows[0].before:
            caption, rows = rows[0][0], rows[1:]
            repeats = [(row - 1, column) for row, column in repeats if row]
            header = _has_header(Grid(grid.rows[1:]))
        if merged:
            self.left_out.add("merged")
        if any(any(row) for row in rows):
            text = "\n".join("\t".join(row) for row in rows)
            self._add(Element(kind="table", text=text, rows=rows, header=header, caption=caption, repeats=repeats))
        for row in grid.rows:
            for cell in row.cells:
                self._pictures(cell.blocks)

    def _cell_text(self, blocks: list[Block]) -> str:
        return "\n".join(self._cell_lines(blocks))

    def _cell_lines(self, blocks: list[Block]) -> Iterator[str]:
        for block in blocks:
            if isinstance(block, Paragraph):
                for line in lines_of(self._labelled(block, bullets=True)):
                    text = plain(line)
                    if text:
                        yield text
            elif isinstance(block, Grid):
                for row in block.rows:
                    texts = [" ".join(self._cell_lines(cell.blocks)) for cell in row.cells]
                    text = " ".join(text for text in texts if text)
                    if text:
                        yield text
            else:
                for text in (element.text for element in block.elements if element.text):
                    self.left_out.shows_instead("", text)
                    yield text

    def _pictures(self, blocks: list[Block]) -> None:
        """Write the pictures of a cell behind its table, where cells hold text alone."""
        for block in blocks:
            if isinstance(block, Paragraph):
                for span in block.spans:
                    if span.image >= 0:
                        self._add(Element(kind="image", image=span.image))
            elif isinstance(block, Grid):
                for row in block.rows:
                    for cell in row.cells:
                        self._pictures(cell.blocks)
            elif isinstance(block, Foreign):
                for element in block.elements:
                    if element.kind == "image":
                        self._add(element)


def _has_header(grid: Grid) -> bool:
    """Say whether the first row is marked as a header, or set in bold throughout, unlike the next one."""
    if not grid.rows:
        return False
    if grid.rows[0].header:
        return True
    return len(grid.rows) > 1 and _is_bold(grid, 0) and not _is_bold(grid, 1)


def _is_bold(grid: Grid, row: int) -> bool:
    cells = grid.rows[row].cells
    return bool(cells) and all(
        [span for span in _spans(cell.blocks) if span.text.strip()]
        and all(span.bold for span in _spans(cell.blocks) if span.text.strip())
        for cell in cells
    )


def _spans(blocks: list[Block]) -> list[Span]:
    return [span for block in blocks if isinstance(block, Paragraph) for span in block.spans]
