"""A .docx is an archive of XML from a stranger: looked through before any library opens it."""

import posixpath
import zipfile
from pathlib import Path
from xml.parsers import expat

from sites.documents_in.extraction.limits import MEBIBYTE, ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused

BROKEN = "Word 文档已损坏，无法打开。请用 Word 或 WPS 打开修复，另存一份后重新上传。"
BOMB = "Word 文档解压后过大，已拒绝。请压缩其中的图片，或把正文复制到新文档，另存后重新上传。"
ENTITIES = "Word 文档的 XML 含有实体声明，不是正常文档，已拒绝。请把正文复制到新文档，另存后重新上传。"
TOO_DEEP = "Word 文档的结构嵌套过深，无法处理。请把正文复制到新文档，另存后重新上传。"
MACROS = "Word 文档含有宏。请另存为不含宏的 .docx 后重新上传。"
CHUNK = 64 * 1024
HYPERLINK = "/hyperlink"


def check_archive(path: Path, limits: ExtractionLimits) -> list[str]:
    """Refuses bombs, entities, macros and damage; returns warnings about what is left out.

    Sizes are taken from the directory first and then counted while unpacking, since a directory can lie.
    """
    warnings: list[str] = []
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_directory(members, limits)
            total = 0
            external = 0
            for member in members:
                scan = _XmlScan(limits) if member.filename.lower().endswith((".xml", ".rels")) else None
                total = _unpack(archive, member, scan, total, limits)
                external += scan.external if scan else 0
            names = {member.filename.lower() for member in members}
    except ExtractionRefused:
        raise
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        # RuntimeError is what zipfile raises for a member with a password.
        raise ExtractionRefused(BROKEN) from error
    except Exception as error:
        # zlib.error and its like for damaged data.
        raise ExtractionRefused(BROKEN) from error
    if any("vbaproject.bin" in name for name in names):
        raise ExtractionRefused(MACROS)
    if external:
        warnings.append(f"文档引用了 {external} 处外部资源（图片、模板或对象），未取回。")
    for part, text in (
        ("word/comments", "文档含有批注，批注未导入；如原件要作为附件公开，请先删除批注。"),
        ("word/embeddings/", "文档含有嵌入对象（表格、文件等），未导入。"),
        ("word/charts/", "文档含有图表，未导入。请截图后手工插入。"),
        ("word/diagrams/", "文档含有 SmartArt 图形，未导入。请截图后手工插入。"),
    ):
        if any(name.startswith(part) for name in names):
            warnings.append(text)
    return warnings


def _check_directory(members: list[zipfile.ZipInfo], limits: ExtractionLimits) -> None:
    if len(members) > limits.archive_members:
        raise ExtractionRefused(BOMB)
    if sum(member.file_size for member in members) > limits.archive_bytes:
        raise ExtractionRefused(BOMB)
    names: set[str] = set()
    for member in members:
        name = member.filename
        if name in names or name.startswith(("/", "\\")) or ".." in posixpath.normpath(name).split("/"):
            raise ExtractionRefused(BROKEN)
        names.add(name)
        if member.flag_bits & 1:
            raise ExtractionRefused("Word 文档设有密码。请取消密码保护，另存后重新上传。")
        if member.file_size > MEBIBYTE and member.file_size > member.compress_size * limits.archive_ratio:
            raise ExtractionRefused(BOMB)


def _unpack(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    scan: "_XmlScan | None",
    total: int,
    limits: ExtractionLimits,
) -> int:
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            total += len(chunk)
            if total > limits.archive_bytes:
                raise ExtractionRefused(BOMB)
            if scan is not None:
                scan.feed(chunk)
    if scan is not None:
        scan.feed(b"", final=True)
    return total


class _XmlScan:
    """Reads XML without building anything: no DTD, bounded depth, counts external targets."""

    def __init__(self, limits: ExtractionLimits) -> None:
        self.depth = 0
        self.external = 0
        self.most = limits.xml_depth
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        try:
            self.parser.Parse(chunk, final)
        except expat.ExpatError as error:
            raise ExtractionRefused(BROKEN) from error

    def _doctype(self, *_: object) -> None:
        raise ExtractionRefused(ENTITIES)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > self.most:
            raise ExtractionRefused(TOO_DEEP)
        if name.rpartition(":")[2] == "Relationship" and attributes.get("TargetMode") == "External":
            self.external += not attributes.get("Type", "").endswith(HYPERLINK)

    def _end(self, name: str) -> None:
        self.depth -= 1
