"""Office files without the names of those who made them; only the parts with such names are written anew."""

import posixpath
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree

from .limits import ReadLimits
from .readers.archives import open_archive, open_member
from .readers.context import Budget, Context, Source
from .readers.xml_parts import local, xml_tree

_FIXED = (1980, 1, 1, 0, 0, 0)
_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"/>'
)
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_CUSTOM = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
)
_EMPTY = {"core-properties": _CORE, "extended-properties": _APP, "custom-properties": _CUSTOM}
_AUTHORS = frozenset(("author", "initials", "userId", "userName", "providerId", "displayName", "name"))
_NAMED = frozenset(("comment", "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPrChange",
                    "tblPrChange", "trPrChange", "tcPrChange", "tblGridChange", "cellIns", "cellDel", "person",
                    "cmAuthor", "author", "presenceInfo", "userInfo", "header",
                    "moveFromRangeStart", "moveToRangeStart", "numberingChange"))  # fmt: skip
_PEOPLE = re.compile(
    r"^(?:word/people|word/comments|xl/persons/|xl/comments|xl/revisions/(?:userNames|revisionHeaders)"
    r"|ppt/commentAuthors|ppt/authors)",
    re.I,
)
_REVISED = re.compile(r"^word/(?:document|header|footer|footnotes|endnotes|comments)[^/]*\.xml$", re.I)
_SAVES = re.compile(rb'\s(?:\w+:)?rsid(?:R|RDefault|P|RPr|Del|Sect|Tr)?="[0-9A-Fa-f]{8}"')
_THUMBNAIL = re.compile(r"^docProps/thumbnail\.\w+$", re.I)


def strip_office(path_in: Path, path_out: Path) -> list[str]:
    """Copy a DOCX, XLSX or PPTX without its properties and the authors of comments and changes.

    Returns what was removed, in English words. The copy opens like the original, which is tried. Raises whatever a
    damaged file makes its readers raise.
    """
    context = Context(Budget(ReadLimits()))
    removed: set[str] = set()
    with path_in.open("rb") as stream, open_archive(Source(stream, path_in.name), context) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        kind = _kind([info.filename for info in infos])
        properties = _property_parts(archive, context)
        dropped = {info.filename for info in infos if _THUMBNAIL.match(info.filename)}
        if dropped:
            removed.add("thumbnail")
        with zipfile.ZipFile(path_out, "w", zipfile.ZIP_DEFLATED) as copy:
            for info in infos:
                if info.filename in dropped:
                    continue
                fresh = zipfile.ZipInfo(info.filename, _FIXED)
                fresh.compress_type = zipfile.ZIP_STORED if info.filename == "mimetype" else zipfile.ZIP_DEFLATED
                content = open_member(archive, info, context)
                with copy.open(fresh, "w", force_zip64=info.file_size > 2**31 - 1) as target:
                    if info.filename.endswith((".xml", ".rels")):
                        target.write(_part(info.filename, content.read_all(), properties, dropped, removed))
                    else:
                        while data := content.read():
                            target.write(data)
    _opens_again(path_out, kind)
    return sorted(removed)


def _kind(names: list[str]) -> str:
    for folder in ("word", "xl", "ppt"):
        if any(name.startswith(f"{folder}/") for name in names):
            return folder
    raise ValueError("not an office file")


def _property_parts(archive: zipfile.ZipFile, context: Context) -> dict[str, bytes]:
    """Name of each property part -> what stands there afterwards."""
    found = {"docProps/core.xml": _CORE, "docProps/app.xml": _APP, "docProps/custom.xml": _CUSTOM}
    root = xml_tree(open_member(archive, archive.getinfo("_rels/.rels"), context))
    for relation in root:
        kind = (relation.get("Type") or "").rpartition("/")[2]
        if kind in _EMPTY:
            found[posixpath.normpath((relation.get("Target") or "").lstrip("/"))] = _EMPTY[kind]
    return found


def _part(name: str, data: bytes, properties: dict[str, bytes], dropped: set[str], removed: set[str]) -> bytes:
    if name in properties:
        return _emptied(data, properties[name], removed)
    if name == "_rels/.rels" and dropped:
        return _without_thumbnail(data)
    if _PEOPLE.match(name) or _REVISED.match(name):
        data = _without_names(data, removed)
    if name.startswith("word/"):
        bare = _SAVES.sub(b"", data)
        if bare != data:
            removed.add("save marks")
        data = bare
        if posixpath.basename(name) == "settings.xml":
            data = _without_save_list(data, removed)
    return data


def _emptied(data: bytes, empty: bytes, removed: set[str]) -> bytes:
    for element in xml_tree(BytesIO(data)).iter():
        if local(element) == "property":
            removed.add(element.get("name") or "property")
        elif (element.text or "").strip() and len(element) == 0 and empty is not _CUSTOM:
            removed.add(local(element))
    return empty


def _without_thumbnail(data: bytes) -> bytes:
    root = xml_tree(BytesIO(data))
    for relation in list(root):
        if (relation.get("Type") or "").endswith("/thumbnail"):
            root.remove(relation)
    return _written(root)


def _without_names(data: bytes, removed: set[str]) -> bytes:
    """Authors of comments and tracked changes; the comments themselves are for people to take out."""
    if not re.search(rb"author|initials|displayName|person|userInfo|userName", data, re.I):
        return data
    root = xml_tree(BytesIO(data))
    changed = False
    for element in root.iter():
        name = local(element)
        if name in _NAMED:
            changed |= _blank(element)
        if name == "author" and (element.text or "").strip():
            element.text, changed = "", True
    if changed:
        removed.add("authors of comments and changes")
    return _written(root) if changed else data


def _blank(element: Any) -> bool:
    changed = False
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] in _AUTHORS and value:
            element.set(key, "")
            changed = True
    return changed


def _without_save_list(data: bytes, removed: set[str]) -> bytes:
    root = xml_tree(BytesIO(data))
    found = [element for element in root if local(element) in ("rsids", "attachedTemplate", "docVars")]
    for element in found:
        root.remove(element)
        removed.add({"rsids": "save marks", "docVars": "document variables"}.get(local(element), "template"))
    return _written(root) if found else data


def _written(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _opens_again(path: Path, kind: str) -> None:
    """A copy that the programs cannot open is no copy: the libraries try first."""
    if kind == "word":
        import docx

        docx.Document(str(path))
    elif kind == "xl":
        import openpyxl

        openpyxl.load_workbook(path, read_only=True).close()
    else:
        import pptx

        pptx.Presentation(str(path))
