"""The walk through a story of a Word document (its body, a note, a header): from XML to blocks, in reading order."""

from dataclasses import dataclass, field, replace
from typing import Any

from sites.documents_in.extraction.word.blocks import Block, Paragraph
from sites.documents_in.extraction.word.controls import contents_of, has_text
from sites.documents_in.extraction.word.drawings import choose
from sites.documents_in.extraction.word.fields import Fields, broken_marks
from sites.documents_in.extraction.word.names import attribute, child, name_of, text_in
from sites.documents_in.extraction.word.runs import Line, read_inline
from sites.documents_in.extraction.word.source import Source
from sites.documents_in.extraction.word.spans import Span, shows_anything, with_blanks
from sites.documents_in.extraction.word.styles import (
    Style,
    heading_level,
    is_contents_heading,
    is_contents_line,
    is_quotation,
)
from sites.documents_in.extraction.word.tables import read_grid

_CONTENTS_WORDS = frozenset({"目录", "目錄", "目次", "contents", "tableofcontents"})
_NO_TEXT = frozenset(
    {"w:sectPr", "w:tblPr", "w:pPr", "w:rPr", "w:sdtPr", "w:sdtEndPr", "w:tblGrid", "w:del", "w:moveFrom"}
)


@dataclass
class _Pending:
    """The text of a paragraph that has no end of its own: its mark is hidden or deleted, or it is a drop cap.

    leads: the joined paragraph is this one's kind and number, not the following one's.
    """

    paragraph: Paragraph
    leads: bool


@dataclass
class Story:
    """One story while it is read. blocks: what was found so far."""

    source: Source
    fields: Fields
    blocks: list[Block] = field(default_factory=list)
    _pending: _Pending | None = None

    def walk(self, container: Any) -> None:
        """Read the children of a container of paragraphs and tables."""
        for node in container:
            name = name_of(node)
            if name == "w:p":
                self._paragraph(node)
            elif name == "w:tbl":
                self.close()
                grid = read_grid(node, self.source.left_out, self._cell)
                if grid.rows:
                    self.blocks.append(grid)
            elif name == "w:sdt":
                self._control(node)
            elif name == "w:altChunk":
                self.close()
                found = self.source.read_chunk(attribute(node, "r:id"))
                if found is not None:
                    self.blocks.append(found)
            elif name == "mc:AlternateContent":
                self.walk(choose(node))
            elif name == "m:oMathPara" or name == "m:oMath" or name == "w:r":
                self._loose(node)
            elif name in ("w:del", "w:moveFrom"):
                self._count_removed(node, name)
            elif name not in _NO_TEXT and len(node):
                self.walk(node)

    def close(self) -> None:
        """End a paragraph that waits for the next one to be joined with it."""
        if self._pending is not None:
            self._add(self._pending.paragraph)
            self._pending = None

    def _cell(self, cell: Any) -> list[Block]:
        inner = Story(self.source, self.fields)
        inner.walk(cell)
        inner.close()
        return inner.blocks

    def _loose(self, node: Any) -> None:
        """Read a run or an equation that stands where a paragraph should."""
        line = Line(self.source, self.fields, [])
        read_inline([node], line)
        self._add(Paragraph(spans=line.spans))

    def _paragraph(self, node: Any) -> None:
        source = self.source
        properties = child(node, "w:pPr")
        styles = source.styles.of_paragraph(properties)
        line = Line(source, self.fields, styles)
        in_contents = self.fields.in_contents
        mark = child(properties, "w:rPr")
        if child(mark, "w:ins") is not None:
            source.left_out.add("inserted")
        deleted = child(mark, "w:del") is not None or child(mark, "w:moveFrom") is not None
        hidden = source.styles.toggled("w:vanish", mark, styles) or source.styles.toggled("w:specVanish", mark, styles)
        frame = child(properties, "w:framePr")
        dropped_cap = attribute(frame, "w:dropCap") in ("drop", "margin")
        reference = source.counters.lists.reference(properties, styles)
        read_inline(node, line)
        shows = shows_anything(line.spans)
        contents = in_contents or line.met_contents
        if (contents and not shows) or _is_contents(styles, line.spans):
            self._leave_out_contents("".join(line.unshown) or "".join(span.text for span in line.spans))
        elif (deleted or hidden) and not shows:
            pass
        elif deleted or hidden or dropped_cap:
            self._wait(Paragraph(spans=line.spans), properties, styles, reference, leads=hidden and not deleted)
        else:
            label = source.counters.count(*reference) if reference[0] else None
            self._finish(_described(Paragraph(spans=line.spans, label=label), properties, styles))
        self._boxes(line)

    def _wait(
        self, paragraph: Paragraph, properties: Any, styles: list[Style], reference: tuple[str, int], *, leads: bool
    ) -> None:
        before = self._pending
        if before is not None:
            paragraph = self._joined(before, paragraph)
            leads = leads or before.leads
        elif leads:
            paragraph.label = self.source.counters.count(*reference) if reference[0] else None
            paragraph = _described(paragraph, properties, styles)
        self._pending = _Pending(paragraph, leads)

    def _finish(self, paragraph: Paragraph) -> None:
        before, self._pending = self._pending, None
        self._add(paragraph if before is None else self._joined(before, paragraph))

    def _joined(self, before: _Pending, following: Paragraph) -> Paragraph:
        spans = before.paragraph.spans
        spans.extend(following.spans)
        return replace(before.paragraph if before.leads else following, spans=spans)

    def _add(self, paragraph: Paragraph) -> None:
        paragraph.spans = with_blanks(paragraph.spans)
        if shows_anything(paragraph.spans) or (paragraph.label is not None and not paragraph.label.is_bullet):
            self.blocks.append(paragraph)

    def _boxes(self, line: Line) -> None:
        """Read the text boxes that are anchored in a paragraph, behind it."""
        for box in line.boxes:
            self.close()
            if isinstance(box, str):
                self._add(Paragraph(spans=[Span(box)]))
                continue
            inner = Story(self.source, Fields(broken_marks(box)))
            inner.walk(box)
            inner.close()
            self.blocks += inner.blocks

    def _control(self, node: Any) -> None:
        """Read a control that holds whole paragraphs, rows apart."""
        properties = child(node, "w:sdtPr")
        controls = self.source.controls
        content = child(node, "w:sdtContent")
        if controls.is_contents(properties):
            lines = [entry for entry in (content if content is not None else ()) if name_of(entry) == "w:p"]
            # The fields of the lines are balanced inside of the control.
            self._leave_out_contents("\n".join(map(text_in, lines)), lines=max(len(lines), 1))
            return
        text = controls.text(properties)
        if text is not None:
            self.source.left_out.shows_instead(text_in(content), text)
            self._finish(Paragraph(spans=[Span(text)]))
        elif controls.is_prompt(properties):
            if has_text(content):
                self.source.left_out.add("prompt", text_in(content))
        else:
            for inner in contents_of(node):
                self.walk([inner])

    def _leave_out_contents(self, text: str, lines: int = 1) -> None:
        last = self.blocks[-1] if self.blocks else None
        if (
            isinstance(last, Paragraph)
            and "".join("".join(s.text for s in last.spans).split()).lower() in _CONTENTS_WORDS
        ):
            self.source.left_out.shows_instead("".join(s.text for s in last.spans), "")
            self.blocks.pop()
        if text.strip() or lines > 1:
            self.source.left_out.add("contents", text, lines)

    def _count_removed(self, node: Any, name: str) -> None:
        if any(name_of(entry) in ("w:t", "w:delText") for entry in node.iterdescendants()):
            self.source.left_out.add("deleted" if name == "w:del" else "moved")


def _described(paragraph: Paragraph, properties: Any, styles: list[Style]) -> Paragraph:
    """Return the paragraph with what its styles make of it."""
    paragraph.level = heading_level(properties, styles)
    paragraph.quoted = not paragraph.level and is_quotation(styles)
    return paragraph


def _is_contents(styles: list[Style], spans: list[Span]) -> bool:
    """Say whether a paragraph that is no field's result is a line of a table of contents, by its style and look."""
    if is_contents_heading(styles):
        return True
    text = "".join(span.text for span in spans).rstrip()
    return is_contents_line(styles) and ("\t" in text or text[-1:].isdigit())
