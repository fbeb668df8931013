"""Reads XLSX: every sheet, visible or not, and what lies beside the cells."""

from dataclasses import dataclass

from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.xml_limits import set_free

from .context import Context, Items, ReadSource, Source
from .elsewhere import read_elsewhere
from .flow import piece
from .office_package import Package, guarded_part, part_text, read_embedded, read_links, read_properties, read_rest
from .shared_strings import SharedStrings
from .sheet_rows import SheetRows
from .sheet_styles import hidden_formats
from .unreadable import hidden_content
from .xml_parts import attribute, local, xml_events

MAIN = ("sheet.main+xml", "template.main+xml", "sheet.macroEnabled.main+xml", "template.macroEnabled.main+xml")
_BLOCKS = frozenset(("p", "tr", "txBody"))
_EACH = 50


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


def read_spreadsheet(source: Source, context: Context, read_source: ReadSource) -> Items:
    """Read an XLSX: sheets, comments, text boxes, defined names, unused strings, properties, links, files inside."""
    package = Package(source, context)
    with package.archive:
        main = package.main_part(*MAIN)
        strings, formats = SharedStrings(), frozenset[str]()
        for name in package.related(main, "sharedStrings"):
            strings.load(package.open(name), context)
        for name in package.related(main, "styles"):
            formats = hidden_formats(package, name)
        sheets, names = _workbook(package, main)
        for sheet in sheets:
            if sheet.hidden:
                where = context.place(f"hidden sheet {sheet.name}")
                yield hidden_content(where, f"工作簿中有隐藏的工作表“{sheet.name}”，请核对后删除或取消隐藏。")
            reader = SheetRows(package, sheet.name, strings, formats, hidden=sheet.hidden)
            yield from guarded_part(package, sheet.part, reader.read(package.open(sheet.part)))
            yield from _beside(package, sheet)
        for name, text, hidden in names:
            yield from piece(context, f"defined name {name}", f"{name}\n{text}", hidden=hidden)
        yield from strings.unused(context)
        yield from read_properties(package)
        yield from read_links(package)
        yield from read_embedded(package, read_source)
        yield from read_rest(package)
        yield from read_elsewhere(package)


def _workbook(package: Package, main: str) -> tuple[list[_Sheet], list[tuple[str, str, bool]]]:
    targets = {relation.id: relation.target for relation in package.relations(main)}
    sheets: list[_Sheet] = []
    names: list[tuple[str, str, bool]] = []
    for _event, element in xml_events(package.open(main), tag=("{*}sheet", "{*}definedName")):
        if local(element) == "sheet":
            part = targets.get(_relation_id(element), "")
            state = element.get("state", "visible")
            if part in package.infos:
                sheets.append(_Sheet(element.get("name", ""), part, state != "visible"))
        else:
            name, hidden = element.get("name", ""), element.get("hidden") in ("1", "true")
            # _xlnm.Print_Area and its like are Excel's own; their references say nothing.
            if not name.startswith("_xlnm."):
                names.append((name, element.text or "", hidden))
        set_free(element)
    known = {sheet.part for sheet in sheets}
    for part in package.of_type("worksheet+xml", "dialogsheet+xml", "macrosheet+xml"):
        if part not in known:
            # A sheet that the workbook no longer lists is read all the same.
            sheets.append(_Sheet(part.rpartition("/")[2], part, True))
    return sheets, names


def _relation_id(element: object) -> str:
    return next(
        (str(value) for key, value in element.attrib.items() if key.endswith("}id")),  # type: ignore[attr-defined]
        "",
    )


def _beside(package: Package, sheet: _Sheet) -> Items:
    relations = package.relations(sheet.part)
    for relation in relations:
        name = relation.target
        if relation.external or name not in package.infos:
            continue
        if relation.kind in ("comments", "threadedComment"):
            yield from guarded_part(package, name, _comments(package, name, sheet))
        elif relation.kind == "drawing":
            yield from guarded_part(package, name, _drawing(package, name, sheet))


def _comments(package: Package, name: str, sheet: _Sheet) -> Items:
    found = xml_events(package.open(name), tag=("{*}comment", "{*}threadedComment"))
    for count, (_event, element) in enumerate(found, start=1):
        cell = element.get("ref", "")
        text = "".join(node.text or "" for node in element.iter() if local(node) in ("t", "text"))
        where = f"comment {sheet.name}!{cell}"
        # Excel repeats a threaded comment as a note that says so.
        yield from piece(package.context, where, text, hidden=True)
        if count <= _EACH:
            yield hidden_content(package.context.place(where), gettext_noop("工作表中有批注，请核对后删除。"))
        set_free(element)


def _drawing(package: Package, name: str, sheet: _Sheet) -> Items:
    text = "".join(part_text(package, name, _BLOCKS))
    yield from piece(package.context, f"text box {sheet.name}", text)
    words = []
    for _event, element in xml_events(package.open(name), tag="{*}cNvPr"):
        words += [value for key in ("descr", "title") if (value := attribute(element, key))]
    yield from piece(package.context, f"alternative text {sheet.name}", "\n".join(words), hidden=True)
