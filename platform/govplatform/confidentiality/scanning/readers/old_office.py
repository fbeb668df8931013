"""Reads OLE containers: properties of old office files, messages of Outlook, packages inside of documents."""

import io
import re

import msoffcrypto
import olefile

from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.encodings import decode

from .context import Context, Items, ReadSource, Source
from .flow import piece
from .unreadable import CORRUPT, ENCRYPTED, UNKNOWN, Unreadable, hidden_content

NO_OFFICE = gettext_noop("旧版 Office 文档（.doc、.xls、.ppt）无法检查。请另存为 .docx、.xlsx、.pptx 后重新上传。")
#: Main stream -> the modern kind that LibreOffice makes of it.
OLD_KINDS = {"WordDocument": "docx", "Workbook": "xlsx", "Book": "xlsx", "PowerPoint Document": "pptx"}
_TEXT_STREAM = re.compile(r"__substg1\.0_([0-9A-F]{4})001F$")
_MOST = 64 * 1024 * 1024


class OldOffice(Unreadable):
    """An old office file, whose text only LibreOffice can read.

    ``kind``: what it can be converted to (docx, xlsx, pptx).
    """

    def __init__(self, kind: str) -> None:
        super().__init__(NO_OFFICE)
        self.kind = kind


def read_old_office(source: Source, context: Context, read_source: ReadSource) -> Items:
    """Read an OLE container; files inside are read by their own readers.

    Raises OldOffice for an old office file after its properties, Unreadable for an encrypted or unknown one.
    """
    try:
        container = olefile.OleFileIO(source.stream)
    except Exception as error:
        raise Unreadable(CORRUPT) from error
    if container.exists("EncryptedPackage") or container.exists("EncryptionInfo"):
        raise Unreadable(ENCRYPTED)
    for stream, kind in OLD_KINDS.items():
        if container.exists(stream):
            if _is_encrypted(source):
                raise Unreadable(ENCRYPTED)
            yield from _properties(container, context)
            raise OldOffice(kind)
    yield from _properties(container, context)
    read = False
    for path in container.listdir():
        context.budget.spend_members(1)
        name = path[-1]
        if name in ("Package", "CONTENTS", "EmbeddedOdf", "\x01Ole10Native"):
            read = True
            data = _stream(container, path, context)
            title = name.strip("\x01")
            if name == "\x01Ole10Native":
                title, data = _native(data)
            yield hidden_content(context.file_place(), gettext_noop("文件内嵌入了其他文件，请核对后删除。"))
            yield from read_source(Source(io.BytesIO(data), title), context.attachment(title))
        elif _TEXT_STREAM.match(name):
            read = True
            where = "body" if name.startswith("__substg1.0_1000") else "message head"
            yield from piece(context, where, _stream(container, path, context).decode("utf-16-le", "replace"))
        elif name == "__substg1.0_37010102":
            yield from read_source(
                Source(io.BytesIO(_stream(container, path, context)), "attachment"), context.attachment("attachment")
            )
    if not read:
        raise Unreadable(UNKNOWN)


def _is_encrypted(source: Source) -> bool:
    source.stream.seek(0)
    try:
        return bool(msoffcrypto.OfficeFile(source.stream).is_encrypted())
    except Exception:
        return False


def _stream(container: olefile.OleFileIO, path: list[str], context: Context) -> bytes:
    size = container.get_size(path)
    if size > _MOST:
        raise Unreadable(gettext_noop("内嵌文件过大，无法检查。请单独上传该文件。"))
    context.budget.spend_bytes(size)
    return bytes(container.openstream(path).read())


def _properties(container: olefile.OleFileIO, context: Context) -> Items:
    try:
        meta = container.get_metadata()
    except Exception:
        return
    lines = []
    for name in (*meta.SUMMARY_ATTRIBS, *meta.DOCSUM_ATTRIBS):
        value = getattr(meta, name, None)
        text = decode(value) if isinstance(value, bytes) else value
        if isinstance(text, str) and text.strip("\x00 ") and len(text) < 10_000:
            lines.append(f"{name}: {text}")
    yield from piece(context, "document properties", "\n".join(lines), hidden=True)


def _native(data: bytes) -> tuple[str, bytes]:
    """(name, content) of an Ole10Native stream (MS-OLEDS 2.3.6 and the packager's own layout)."""
    try:
        position = 6
        name, position = _zero_ended(data, position)
        _path, position = _zero_ended(data, position)
        position += 4
        length = int.from_bytes(data[position : position + 4], "little")
        position += 4 + length
        size = int.from_bytes(data[position : position + 4], "little")
        content = data[position + 4 : position + 4 + size]
    except ValueError:
        return "object", data[4:]
    return (decode(name) or "object", content) if content else ("object", data[4:])


def _zero_ended(data: bytes, start: int) -> tuple[bytes, int]:
    end = data.index(b"\x00", start)
    return data[start:end], end + 1
