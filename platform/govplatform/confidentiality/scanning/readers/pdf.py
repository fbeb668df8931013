"""Reads PDF: the text of each page, and what stands beside the pages."""

import io
from collections.abc import Iterator
from typing import Any

import pypdfium2
from pypdf import PdfReader
from pypdf.generic import IndirectObject, StreamObject

from govplatform.sentences import gettext_noop

from ..findings import Finding
from ..pieces import Piece
from .context import Context, Items, ReadSource, Source
from .flow import piece
from .pdf_pages import FEW, read_page
from .pdf_strings import Claims, read_strings
from .unreadable import CORRUPT, ENCRYPTED, LOOK, TOO_LONG, Unreadable, hidden_content, unreadable
from .xml_parts import xml_text

UNSEEN = gettext_noop("页面上有看不见的文字（被遮盖、与底色相同、不着色或在页面之外），请核对后删除。")
_SILENT = ("/Link", "/Widget", "/Popup")
_EACH = 50


def read_pdf(source: Source, context: Context, read_source: ReadSource) -> Items:
    """Read a PDF: pages, properties, bookmarks, annotations, form fields, hidden layers, attachments.

    A page without text is a finding, since it may be scanned.
    """
    try:
        document = pypdfium2.PdfDocument(source.stream)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise Unreadable(ENCRYPTED) from error
        raise Unreadable(CORRUPT) from error
    try:
        if b"%%EOF" not in source.tail(64 * 1024):
            yield unreadable(context.file_place(), CORRUPT)
        yield from _pages(document, context)
    finally:
        document.close()
    source.stream.seek(0)
    try:
        reader = PdfReader(source.stream, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(ENCRYPTED)
    except Unreadable:
        raise
    except MemoryError:
        raise
    except Exception:
        yield unreadable(context.place("document properties"), CORRUPT)
        return
    claims = Claims()
    for part in (_properties, _annotations, _fields, _layers):
        yield from claims.watch(_guarded(part(reader, context), context))
    yield from _guarded(read_strings(reader, claims, context), context)
    yield from _guarded(_attachments(reader, context, read_source), context)


def _guarded(items: Items, context: Context) -> Items:
    try:
        yield from items
    except (Unreadable, MemoryError):
        raise
    except Exception:
        # A damaged part beside the pages: pypdf fails with whatever it stumbles over.
        yield unreadable(context.file_place(), CORRUPT)


def _pages(document: Any, context: Context) -> Items:
    count = len(document)
    for number in range(1, count + 1):
        if number > context.limits.pdf_pages:
            yield unreadable(context.place(f"page {number}"), TOO_LONG)
            return
        try:
            page = read_page(document, number - 1)
        except pypdfium2.PdfiumError:
            yield unreadable(context.place(f"page {number}"), CORRUPT)
            continue
        where = f"page {number}"
        yield from piece(context, where, page.text)
        if page.hidden.strip():
            yield from piece(context, f"hidden text on {where}", page.hidden, hidden=True)
            yield hidden_content(context.place(f"hidden text on {where}"), UNSEEN)
        length = len("".join(page.text.split()))
        if not length:
            yield unreadable(context.place(where), f"第 {number} 页没有文字（可能是扫描件），{LOOK}", "warn")
        elif length <= FEW and page.pictures:
            yield unreadable(context.place(where), f"第 {number} 页几乎没有文字（可能是扫描件），{LOOK}", "warn")


def _properties(reader: PdfReader, context: Context) -> Items:
    lines = [f"{name.lstrip('/')}: {value}" for name, value in (reader.metadata or {}).items() if value]
    yield from piece(context, "document properties", "\n".join(lines), hidden=True)
    stream = _value(reader.root_object.get("/Metadata"))
    if stream is not None:
        yield from read_xmp(stream.get_data(), context)
    titles: list[str] = []
    _outline(reader.outline, titles)
    yield from piece(context, "bookmark", "\n".join(titles))


def read_xmp(data: bytes, context: Context) -> Iterator[Piece | Finding]:
    """Read the XMP of a PDF or a picture: texts of elements and values of attributes."""
    data = data.strip(b"\x00 \r\n\t")
    try:
        text = "".join(xml_text(io.BytesIO(data), blocks=frozenset()))
        values = [value for _name, value in xmp_values(data)]
        yield from piece(context, "XMP", "\n".join(dict.fromkeys([*text.split("\n"), *values])), hidden=True)
    except Unreadable:
        yield from piece(context, "XMP", data.decode("utf-8", "replace"), hidden=True)


def xmp_values(data: bytes) -> list[tuple[str, str]]:
    """Return (local name, value) of attributes and of elements with text. Raises Unreadable."""
    from .xml_parts import local, xml_events

    found = []
    for _event, element in xml_events(io.BytesIO(data)):
        found += [(key.rpartition("}")[2], value) for key, value in element.attrib.items()]
        if element.text and element.text.strip():
            found.append((local(element), element.text.strip()))
    return found


def _outline(items: Any, titles: list[str], depth: int = 0) -> None:
    for item in items:
        if isinstance(item, list):
            if depth < 20:
                _outline(item, titles, depth + 1)
        elif item.title:
            titles.append(str(item.title))


def _value(item: Any) -> Any:
    return item.get_object() if isinstance(item, IndirectObject) else item


def _annotations(reader: PdfReader, context: Context) -> Items:
    told = 0
    for number, page in enumerate(reader.pages, start=1):
        if number > context.limits.pdf_pages:
            return
        annotations = _value(page.get("/Annots")) or []
        texts, remarks = [], False
        for item in annotations:
            annotation = _value(item)
            if not isinstance(annotation, dict):
                continue
            words = [str(_value(annotation.get(name)) or "") for name in ("/Contents", "/T", "/RC", "/TU")]
            action = _value(annotation.get("/A"))
            if isinstance(action, dict):
                words += [str(_value(action.get(name)) or "") for name in ("/URI", "/JS")]
            shown = _appearance(page, annotation)
            if shown and not any(_bare(shown) in _bare(word) for word in [*words, _field_value(annotation)]):
                words.append(shown)
            words = [word for word in words if word.strip()]
            texts += words
            remarks = remarks or (annotation.get("/Subtype") not in _SILENT and bool(words))
        where = f"annotation on page {number}"
        yield from piece(context, where, "\n".join(texts), hidden=True)
        told += remarks
        if remarks and told <= _EACH:
            yield hidden_content(context.place(where), f"第 {number} 页有注释，请核对后删除。")


def _appearance(page: Any, annotation: Any) -> str:
    """Return the text that an annotation paints, which may be another one than it says; "" without."""
    looks = _value(annotation.get("/AP"))
    normal = _value(looks.get("/N")) if isinstance(looks, dict) else None
    states = list(normal.values()) if isinstance(normal, dict) and not isinstance(normal, StreamObject) else [normal]
    texts = []
    for state in map(_value, states):
        if isinstance(state, StreamObject):
            try:
                texts.append(page.extract_xform_text(state))
            except (MemoryError, RecursionError):
                raise
            except Exception:
                # The library fails with whatever a damaged appearance makes it stumble over; its strings are swept.
                continue
    return "\n".join(texts).strip()


def _field_value(annotation: Any) -> str:
    holder = annotation
    for _ in range(20):
        if not isinstance(holder, dict):
            return ""
        if "/V" in holder:
            return str(_value(holder["/V"]))
        holder = _value(holder.get("/Parent"))
    return ""


def _bare(text: str) -> str:
    return "".join(text.split())


def _fields(reader: PdfReader, context: Context) -> Items:
    for name, field in (reader.get_fields() or {}).items():
        words = [str(_value(field.get(key)) or "") for key in ("/V", "/DV", "/TU")]
        options = _value(field.get("/Opt")) or []
        words += [str(_value(option)) for option in options]
        yield from piece(context, f"form field {name[:80]}", "\n".join(word for word in words if word))


def _layers(reader: PdfReader, context: Context) -> Items:
    properties = _value(reader.root_object.get("/OCProperties"))
    default = _value(properties.get("/D")) if isinstance(properties, dict) else None
    if isinstance(default, dict) and (_value(default.get("/OFF")) or default.get("/BaseState") == "/OFF"):
        yield hidden_content(context.place("hidden layer"), gettext_noop("文件中有隐藏的图层，请核对后删除或显示。"))


def _attachments(reader: PdfReader, context: Context, read_source: ReadSource) -> Items:
    for attachment in reader.attachment_list:
        name = str(attachment.alternative_name or attachment.name)
        context.budget.spend_members(1)
        inner = context.attachment(name)
        data = attachment.content
        context.budget.spend_bytes(len(data))
        yield hidden_content(inner.path, gettext_noop("文件内嵌入了其他文件，请核对后删除。"))
        yield from read_source(Source(io.BytesIO(data), name), inner)
    for number, page in enumerate(reader.pages, start=1):
        if number > context.limits.pdf_pages:
            return
        for item in _value(page.get("/Annots")) or []:
            annotation = _value(item)
            if isinstance(annotation, dict) and annotation.get("/Subtype") == "/FileAttachment":
                yield from _file_annotation(_value(annotation.get("/FS")), context, read_source)


def _file_annotation(file: Any, context: Context, read_source: ReadSource) -> Items:
    streams = _value(file.get("/EF")) if isinstance(file, dict) else None
    if not isinstance(streams, dict):
        return
    name = str(file.get("/UF") or file.get("/F") or "attachment")
    data = _value(next(iter(streams.values()))).get_data()
    context.budget.spend_members(1)
    context.budget.spend_bytes(len(data))
    yield from read_source(Source(io.BytesIO(data), name), context.attachment(name))
