"""Reads OFD and OpenDocument: archives of XML whose text is read part by part."""

import posixpath
import re
import zipfile

from govplatform.sentences import gettext_noop

from .archives import member_name, open_archive, open_member, read_nested
from .context import Context, Items, ReadSource, Source
from .flow import Flow
from .unreadable import ENCRYPTED, Unreadable, hidden_content, unreadable
from .xml_parts import xml_text

_PAGE = re.compile(r"/Pages/Page_(\d+)/", re.IGNORECASE)


def read_ofd(source: Source, context: Context, read_source: ReadSource) -> Items:
    """Read an OFD (GB/T 33190): pages by number, properties, annotations, attachments, in the order of the archive."""
    with open_archive(source, context) as archive:
        if archive.namelist().count("Encryptions.xml") or archive.namelist().count("encryptions.xml"):
            raise Unreadable(ENCRYPTED)
        for info in archive.infolist():
            yield from _ofd_part(archive, info, context, read_source)


def _ofd_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, context: Context, read_source: ReadSource) -> Items:
    name = "/" + member_name(info)
    base = posixpath.basename(name)
    page = _PAGE.search(name)
    if info.is_dir():
        return
    if not name.lower().endswith(".xml"):
        if not base.lower().endswith((".ttf", ".otf", ".dat", ".jb2")):
            yield from read_nested(open_member(archive, info, context), base, context.attachment(base), read_source)
        return
    if page:
        number = int(page.group(1)) + 1
        where = f"annotation on page {number}" if "Annot" in name else f"page {number}"
    elif base in ("OFD.xml", "Document.xml"):
        where = "document properties"
    elif "Annot" in name:
        where = "annotation"
    else:
        where = f"part {name[1:]}"
    try:
        flow = Flow(context, where, hidden=not page)
        # Text stands in TextCode elements; one text object may hold a line in several of them.
        for text in xml_text(open_member(archive, info, context), blocks=frozenset(("TextObject", "Paragraph"))):
            flow.add(text)
            yield from flow.full()
        pieces = list(flow.finish())
        yield from pieces
        if pieces and where.startswith("annotation") and base.startswith("Annotation"):
            yield hidden_content(context.place(where), gettext_noop("版式文件中有注释，请核对后删除。"))
    except Unreadable as problem:
        if type(problem) is not Unreadable:
            raise
        yield unreadable(context.place(where), problem.message, problem.severity)


_ODF_BLOCKS = frozenset(("p", "h", "table-row", "title", "creator", "user-defined", "initial-creator", "subject"))


def read_odf(source: Source, context: Context, read_source: ReadSource) -> Items:
    """Read an OpenDocument file: body, headers and footers, properties, files inside."""
    places = {"content.xml": "body", "styles.xml": "header and footer", "meta.xml": "document properties"}
    with open_archive(source, context) as archive:
        names = set(archive.namelist())
        manifest = archive.getinfo("META-INF/manifest.xml")
        if b"encryption-data" in open_member(archive, manifest, context).read_all():
            raise Unreadable(ENCRYPTED)
        for name, where in places.items():
            if name in names:
                flow = Flow(context, where, hidden=name == "meta.xml")
                stream = open_member(archive, archive.getinfo(name), context)
                for text in xml_text(stream, attributes=False, blocks=_ODF_BLOCKS):
                    flow.add(text)
                    yield from flow.full()
                yield from flow.finish()
        for info in archive.infolist():
            base = posixpath.basename(info.filename)
            inside = info.filename.startswith(("Pictures/", "Object", "ObjectReplacements/"))
            if inside and not info.is_dir() and "." in base and not base.endswith(".xml"):
                inner = context.attachment(base)
                yield from read_nested(open_member(archive, info, context), base, inner, read_source)
