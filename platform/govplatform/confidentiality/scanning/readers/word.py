"""Reads DOCX: the body, and everything beside, under and behind it."""

from collections.abc import Iterator
from typing import Any

from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.xml_limits import set_free

from ..pieces import Piece
from .context import Context, Items, ReadSource, Source
from .elsewhere import read_elsewhere
from .flow import Flow, piece
from .office_package import Package, guarded_part, read_embedded, read_links, read_properties, read_rest
from .unreadable import hidden_content
from .word_styles import PLAIN, Look, read_styles
from .word_text import WordText, WordWalker, table_look
from .xml_parts import attribute, local, xml_events

MAIN = ("document.main+xml", "template.main+xml", "document.macroEnabled.main+xml")
_EACH = 50


def read_word(source: Source, context: Context, read_source: ReadSource) -> Items:
    """Read a DOCX: body, headers, notes, comments, changes, hidden text, properties, links, files inside."""
    package = Package(source, context)
    with package.archive:
        main = package.main_part(*MAIN)
        document = _Document(package, main)
        yield from document.body()
        for name, kind, number in document.headers_and_footers():
            yield from guarded_part(package, name, document.story(name, f"{kind} {number}"))
        for kind in ("footnote", "endnote"):
            for name in package.of_type(f"{kind}s+xml"):
                yield from guarded_part(package, name, document.notes(name, kind))
        for name in package.of_type("wordprocessingml.comments+xml"):
            yield from guarded_part(package, name, document.comments(name))
        yield from document.aside()
        for name in package.of_type("wordprocessingml.settings+xml"):
            yield from guarded_part(package, name, _variables(package, name))
        yield from read_properties(package)
        yield from read_links(package)
        yield from read_embedded(package, read_source)
        yield from read_rest(package)
        yield from read_elsewhere(package)


def _variables(package: Package, name: str) -> Items:
    lines = []
    for _event, element in xml_events(package.open(name), tag="{*}docVar"):
        lines.append(f"{attribute(element, 'name')}: {attribute(element, 'val')}")
    yield from piece(package.context, "document properties", "\n".join(lines), hidden=True)


class _Document:
    def __init__(self, package: Package, main: str) -> None:
        self.package, self.main, self.context = package, main, package.context
        styles: dict[str, Look] = {}
        for name in package.related(main, "styles"):
            styles = read_styles(package, name)
        self.walker = WordWalker(styles)
        self.order: dict[str, list[str]] = {"footnote": [], "endnote": []}
        # Places whose text is gathered from all over the document.
        self.deleted = Flow(self.context, "tracked deletion", hidden=True)
        self.hidden = Flow(self.context, "hidden text", hidden=True)
        self.boxes = Flow(self.context, "text box")
        self.fields = Flow(self.context, "field", hidden=True)
        self.alternatives = Flow(self.context, "alternative text", hidden=True)
        self.insertions = 0
        self.table_look = PLAIN

    def body(self) -> Items:
        yield from self._blocks(self.main, Flow(self.context, "body"))

    def story(self, name: str, where: str) -> Items:
        yield from self._blocks(name, Flow(self.context, where))

    def headers_and_footers(self) -> Iterator[tuple[str, str, int]]:
        for kind in ("header", "footer"):
            for number, name in enumerate(self.package.of_type(f"wordprocessingml.{kind}+xml"), start=1):
                yield name, kind, number

    def notes(self, name: str, kind: str) -> Items:
        """Numbered as the reader of the page sees them: in the order in which the body refers to them."""
        numbers = {note: number for number, note in enumerate(dict.fromkeys(self.order[kind]), start=1)}
        for _event, element in xml_events(self.package.open(name), tag="{*}" + kind):
            if attribute(element, "type") in ("", "normal"):
                number = numbers.setdefault(attribute(element, "id"), len(numbers) + 1)
                text = self.walker.read(element)
                yield from self._aside_of(text)
                yield from piece(self.context, f"{kind} {number}", text.plain())
            set_free(element)

    def comments(self, name: str) -> Items:
        found = xml_events(self.package.open(name), tag="{*}comment")
        for number, (_event, element) in enumerate(found, start=1):
            text = self.walker.read(element)
            yield from self._aside_of(text)
            yield from piece(self.context, f"comment {number}", text.plain(), hidden=True)
            if number <= _EACH:
                where = self.context.place(f"comment {number}")
                yield hidden_content(where, gettext_noop("文档中有批注，请核对后删除。"))
            set_free(element)

    def aside(self) -> Items:
        for flow in (self.deleted, self.hidden, self.boxes, self.fields, self.alternatives):
            met = flow is self.deleted or flow is self.hidden
            pieces = list(flow.finish())
            yield from pieces
            if met and (pieces or flow.header):
                what = (
                    "修订中被删除的文字仍留在文件里"
                    if flow is self.deleted
                    else "文档中有隐藏文字（隐藏、白字或极小字）"
                )
                yield hidden_content(flow.where, f"{what}，请核对后清除。")
        if self.insertions:
            where = self.context.place("tracked insertion")
            yield hidden_content(where, gettext_noop("文档中有未接受的修订，请接受或拒绝全部修订后重新上传。"))

    def _blocks(self, name: str, flow: Flow) -> Items:
        """Paragraphs and rows one by one, so that a long document never stands in memory as a whole."""
        depth = tables = number = 0
        for event, element in xml_events(
            self.package.open(name), ("start", "end"), tag=("{*}p", "{*}tr", "{*}tbl", "{*}docPr")
        ):
            kind = local(element)
            if kind == "docPr":
                continue
            if kind == "tbl":
                tables += 1 if event == "start" else -1
                if event == "start" and tables == 1 and not depth:
                    number += 1
                    yield from flow.begin_table(f"table {number}")
                elif event == "end" and not tables and not depth:
                    yield from flow.end_table()
                    set_free(element)
                continue
            depth += 1 if event == "start" else -1
            if event == "end" and not depth:
                yield from self._block(element, flow, row=kind == "tr")
                set_free(element)
        yield from flow.finish()

    def _block(self, element: Any, flow: Flow, *, row: bool) -> Items:
        if row and not flow.header:
            self.table_look = table_look(element.getparent())
        text = self.walker.read(element, self.table_look if row else PLAIN)
        self.order["footnote"] += text.footnotes
        self.order["endnote"] += text.endnotes
        if row:
            cells = [cell.strip() for cell in text.plain().split("\t")[:-1]]
            if not flow.header:
                flow.header = tuple(cells)
        for drop, mark in text.shown:
            self.insertions += bool(mark and drop.strip())
            flow.add(drop, mark)
        if row:
            flow.add("\n")
        yield from flow.full()
        yield from self._aside_of(text)

    def _aside_of(self, text: WordText) -> Iterator[Piece]:
        for flow, drops in (
            (self.deleted, ["".join(text.deleted)]),
            (self.hidden, ["".join(text.hidden)]),
            (self.boxes, text.boxes),
            (self.fields, ["".join(text.fields)]),
            (self.alternatives, text.alternatives),
        ):
            for drop in drops:
                if drop.strip():
                    flow.add(drop + "\n")
                    # Marks that this flow has had text, for ``aside``, even if nothing of it is left at the end.
                    for ready in flow.full():
                        flow.header = ("…",)
                        yield ready
