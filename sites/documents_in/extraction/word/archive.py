"""The check of a .docx, an archive of XML from a stranger, before any library opens it."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from govplatform.sentences import gettext_noop, said
from govplatform.untrusted_files.faults import FaultKind, FileFault
from govplatform.untrusted_files.xml_limits import limited_elements
from govplatform.untrusted_files.zip_limits import (
    BoundedReader,
    Total,
    check_directory,
    check_names,
    open_member,
    open_zip,
)
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused

BROKEN = gettext_noop("Word 文档已损坏，无法打开。请用 Word 或 WPS 打开修复，另存一份后重新上传。")
BOMB = gettext_noop("Word 文档解压后过大，已拒绝。请压缩其中的图片，或把正文复制到新文档，另存后重新上传。")
ENTITIES = gettext_noop("Word 文档的 XML 含有实体声明，不是正常文档，已拒绝。请把正文复制到新文档，另存后重新上传。")
TOO_DEEP = gettext_noop("Word 文档的结构嵌套过深，无法处理。请把正文复制到新文档，另存后重新上传。")
MACROS = gettext_noop("Word 文档含有宏。请另存为不含宏的 .docx 后重新上传。")
HYPERLINK = "/hyperlink"
REASONS: dict[FaultKind, str] = {
    "broken": BROKEN,
    "bomb": BOMB,
    "too many": BOMB,
    "encrypted": gettext_noop("Word 文档设有密码。请取消密码保护，另存后重新上传。"),
    "entities": ENTITIES,
    "too deep": TOO_DEEP,
}


def check_archive(source: Path | IO[bytes], limits: ExtractionLimits) -> list[str]:
    """Raise ExtractionRefused for bombs, passwords, entities, macros and damage; return warnings on what is omitted."""
    warnings: list[str] = []
    try:
        with open_zip(source) as archive:
            members = archive.infolist()
            names = {member.filename.replace("\\", "/").lower() for member in members}
            check_directory(members, limits.zip_limits())
            check_names(members)
            external = sum(_external_targets(archive, members, limits))
    except FileFault as fault:
        raise ExtractionRefused(REASONS[fault.kind]) from fault
    if any("vbaproject.bin" in name for name in names):
        raise ExtractionRefused(MACROS)
    if external:
        warnings.append(
            said(gettext_noop("文档引用了 %(external)s 处外部资源（图片、模板或对象），未取回。"), external=external)
        )
    for part, text in (
        ("comments", gettext_noop("文档含有批注，批注未导入；如原件要作为附件公开，请先删除批注。")),
        ("embeddings/", gettext_noop("文档含有嵌入对象（表格、文件等），未导入。")),
        ("charts/", gettext_noop("文档含有图表，未导入。请截图后手工插入。")),
        ("diagrams/", gettext_noop("文档含有 SmartArt 图形，未导入。请截图后手工插入。")),
    ):
        if any(f"/{part}" in f"/{name}" for name in names):
            warnings.append(text)
    return warnings


def _external_targets(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], limits: ExtractionLimits
) -> Iterator[int]:
    """Unpack every member once, within the limits; yield for each XML member how many external targets it has.

    Raises FileFault for members that break a limit. Hyperlinks are not counted.
    """
    bounds = limits.zip_limits()
    spend = Total(bounds.total_bytes)
    for member in members:
        stream = open_member(archive, member, bounds, spend)
        if member.filename.lower().endswith((".xml", ".rels")):
            yield _count_external(stream, limits.xml_depth)
        while stream.read():
            pass


def _count_external(stream: BoundedReader, deepest: int) -> int:
    """Count the external targets of a part, none of one that is no XML: its reader names it or refuses the file."""
    try:
        return sum(_is_external(element) for element in limited_elements(stream, deepest))
    except FileFault as fault:
        if fault.kind != "broken":
            raise
        return 0


def _is_external(element: Any) -> bool:
    is_target = str(element.tag).rpartition("}")[2] == "Relationship" and element.get("TargetMode") == "External"
    return is_target and not element.get("Type", "").endswith(HYPERLINK)
