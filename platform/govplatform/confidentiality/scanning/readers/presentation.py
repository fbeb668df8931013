"""Reads PPTX: slides in their order, notes, comments, and slides that are not shown."""

from typing import Any

from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.xml_limits import set_free

from .context import Context, Items, ReadSource, Source
from .elsewhere import read_elsewhere
from .flow import Flow, piece
from .office_package import Package, guarded_part, read_embedded, read_links, read_properties, read_rest
from .unreadable import hidden_content
from .xml_parts import attribute, local, xml_events

MAIN = ("presentation.main+xml", "slideshow.main+xml", "template.main+xml", "presentation.macroEnabled.main+xml")


def read_presentation(source: Source, context: Context, read_source: ReadSource) -> Items:
    """Read a PPTX: slides, those left over, masters, notes, comments, properties, links, files inside."""
    package = Package(source, context)
    with package.archive:
        main = package.main_part(*MAIN)
        targets = {relation.id: relation.target for relation in package.relations(main)}
        order = []
        for _event, element in xml_events(package.open(main), tag="{*}sldId"):
            order.append(targets.get(next((v for k, v in element.attrib.items() if k.endswith("}id")), ""), ""))
        slides = [name for name in order if name in package.infos]
        # Slides that the presentation no longer lists are still in the file.
        left = [name for name in package.of_type("presentationml.slide+xml") if name not in slides]
        for number, name in enumerate([*slides, *left], start=1):
            items = _slide(package, name, number, dropped=number > len(slides))
            yield from guarded_part(package, name, items)
        for kind in ("slideMaster", "slideLayout", "notesMaster", "handoutMaster"):
            for number, name in enumerate(package.of_type(f"presentationml.{kind}+xml"), start=1):
                yield from guarded_part(package, name, _text_of(package, name, f"{kind} {number}", hidden=True))
        yield from read_properties(package)
        yield from read_links(package)
        yield from read_embedded(package, read_source)
        yield from read_rest(package)
        yield from read_elsewhere(package)


def _slide(package: Package, name: str, number: int, *, dropped: bool) -> Items:
    hidden = dropped or _is_hidden(package, name)
    where = f"hidden slide {number}" if hidden else f"slide {number}"
    if hidden:
        yield hidden_content(
            package.context.place(where), gettext_noop("演示文稿中有隐藏的幻灯片，请核对后删除或取消隐藏。")
        )
    yield from _text_of(package, name, where, hidden=hidden)
    comments = 0
    for relation in package.relations(name):
        target = relation.target
        if relation.external or target not in package.infos:
            continue
        if relation.kind == "notesSlide":
            place = f"notes of slide {number}"
            found = list(_text_of(package, target, place, hidden=True))
            yield from found
            if found:
                yield hidden_content(package.context.place(place), gettext_noop("幻灯片有备注，请核对后删除。"))
        elif relation.kind == "comments":
            for _event, element in xml_events(package.open(target), tag=("{*}cm", "{*}reply")):
                if any(local(parent) in ("cm", "reply") for parent in element.iterancestors()):
                    continue
                comments += 1
                place = f"comment {comments} on slide {number}"
                text = "\n".join(node.text or "" for node in element.iter() if local(node) in ("text", "t"))
                yield from piece(package.context, place, text, hidden=True)
                yield hidden_content(package.context.place(place), gettext_noop("幻灯片有批注，请核对后删除。"))
                set_free(element)


def _is_hidden(package: Package, name: str) -> bool:
    for _event, element in xml_events(package.open(name), ("start",)):
        return attribute(element, "show") in ("0", "false")
    return False


def _text_of(package: Package, name: str, where: str, *, hidden: bool) -> Items:
    """Paragraphs as lines, rows with tabs; shapes that are hidden and alternative texts told apart."""
    flow = Flow(package.context, where, hidden=hidden)
    beside: list[str] = []
    unseen: list[str] = []
    for _event, element in xml_events(package.open(name), tag=("{*}p", "{*}tr", "{*}sp", "{*}cNvPr")):
        kind = local(element)
        if kind == "cNvPr":
            beside += [value for key in ("descr", "title") if (value := attribute(element, key))]
        elif kind == "tr":
            flow.add("\t".join(_runs(cell) for cell in element if local(cell) == "tc") + "\n")
        elif kind == "p" and not _within(element, "tr"):
            (unseen.append if _is_unseen(element) else flow.add)(_runs(element) + "\n")
        yield from flow.full()
    yield from flow.finish()
    yield from piece(package.context, f"alternative text on {where}", "\n".join(beside), hidden=True)
    if any(text.strip() for text in unseen):
        place = f"hidden text on {where}"
        yield from piece(package.context, place, "".join(unseen), hidden=True)
        yield hidden_content(package.context.place(place), gettext_noop("幻灯片中有隐藏的对象，请核对后删除。"))


def _runs(element: Any) -> str:
    parts = []
    for node in element.iter():
        kind = local(node)
        if kind == "t":
            parts.append(node.text or "")
        elif kind in ("br", "p"):
            parts.append(" " if parts else "")
    return "".join(parts)


def _within(element: Any, name: str) -> bool:
    return any(local(parent) == name for parent in element.iterancestors())


def _is_unseen(element: Any) -> bool:
    for parent in element.iterancestors():
        if local(parent) in ("sp", "grpSp", "graphicFrame"):
            for node in parent.iter("{*}cNvPr"):
                if attribute(node, "hidden") in ("1", "true"):
                    return True
                break
    return False
