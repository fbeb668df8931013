"""The recognition of a file's kind by its content; the extension must agree."""

import re
from pathlib import Path
from typing import Literal, cast

from govplatform.sentences import gettext_noop, said
from govplatform.untrusted_files.faults import FileFault
from govplatform.untrusted_files.kinds import NAMES as KIND_NAMES
from govplatform.untrusted_files.kinds import kind_of, visible
from govplatform.untrusted_files.zip_limits import open_zip
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused

FileKind = Literal["text", "html", "docx", "pdf"]

EXTENSIONS: dict[str, FileKind] = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".docx": "docx",
    ".pdf": "pdf",
}
NAMES: dict[FileKind, str] = {
    "text": gettext_noop("纯文本"),
    "html": gettext_noop("网页"),
    "docx": gettext_noop("Word 文档"),
    "pdf": "PDF",
}

_NAMED = {
    "xlsx": gettext_noop("文件内容是电子表格。请作为附件上传，或把文字另存为 .docx。"),
    "xlsb": gettext_noop("文件内容是电子表格。请作为附件上传，或把文字另存为 .docx。"),
    "pptx": gettext_noop("文件内容是演示文稿。请作为附件上传，或把文字另存为 .docx。"),
    "message": gettext_noop("文件内容是邮件或网页归档（MHT）。请在浏览器中另存为“网页，仅 HTML”后重新上传。"),
}


def check_filename(filename: str, limits: ExtractionLimits) -> FileKind:
    """Return the kind that the name promises.

    Raises ExtractionRefused for empty or long names, path parts, control characters and other extensions.
    """
    check_name(filename, limits)
    extension = Path(filename).suffix.lower()
    if extension in (".doc", ".wps", ".rtf", ".docm"):
        raise ExtractionRefused(
            said(
                gettext_noop("不支持 %(extension)s 格式。请用 Word 或 WPS 打开，另存为 .docx 后重新上传。"),
                extension=extension,
            )
        )
    if extension not in EXTENSIONS:
        raise ExtractionRefused(gettext_noop("不支持这种文件。可以上传的格式：.docx、.pdf、.html、.txt。"))
    return EXTENSIONS[extension]


def check_name(filename: str, limits: ExtractionLimits) -> None:
    """Raise ExtractionRefused for empty or long names, path parts and control characters, whatever kind is named."""
    if not filename or len(filename) > limits.filename_length:
        raise ExtractionRefused(gettext_noop("文件名为空或过长。请改成较短的文件名后重新上传。"))
    if re.search(r"[/\\\x00-\x1f\x7f]", filename) or filename.startswith(".."):
        raise ExtractionRefused(gettext_noop("文件名含有路径或控制字符。请改成普通的文件名后重新上传。"))


def sniff(path: Path, promised: FileKind) -> FileKind:
    """Return the kind that the content shows. Raise ExtractionRefused for kinds that are recognised but not accepted.

    A fragment of HTML counts as HTML when the name says so; a text that merely mentions a tag stays text.
    """
    suffix = next(extension for extension, kind in EXTENSIONS.items() if kind == promised)
    with path.open("rb") as handle:
        kind = kind_of(handle, suffix)
        head = visible(handle.read(4096))
    if kind in ("pdf", "docx", "html"):
        return cast(FileKind, kind)
    if kind == "ole":
        return _refuse_ole(path)
    if kind == "zip" and head.startswith(b"PK"):
        return _refuse_archive(path)
    if kind in _NAMED:
        raise ExtractionRefused(_NAMED[kind])
    if kind not in ("text", "csv", "unknown"):
        raise ExtractionRefused(
            said(
                gettext_noop("文件内容是%(kind)s，不是文档。可以上传的格式：.docx、.pdf、.html、.txt。"),
                kind=said(KIND_NAMES[kind]),
            )
        )
    if head.startswith(b"<?xml") and not re.search(rb"<html[\s>]", head, re.IGNORECASE):
        raise ExtractionRefused(
            gettext_noop("文件内容是 XML 数据，不是文档。可以上传的格式：.docx、.pdf、.html、.txt。")
        )
    # Bytes of no known kind: the reader of texts says what is wrong with them.
    return "text"


def check_kind(promised: FileKind, found: FileKind) -> None:
    """Raise ExtractionRefused for a file whose extension says something else than its content."""
    if promised != found:
        right = next(ext for ext, kind in EXTENSIONS.items() if kind == found)
        raise ExtractionRefused(
            said(
                gettext_noop(
                    "扩展名与内容不符：扩展名表示%(promised)s，内容却是%(found)s。"
                    "请核对文件来源；确认无误后把扩展名改为 %(right)s 重新上传。"
                ),
                promised=said(NAMES[promised]),
                found=said(NAMES[found]),
                right=right,
            )
        )


def _refuse_archive(path: Path) -> FileKind:
    try:
        with open_zip(path) as archive:
            names = archive.namelist()
    except FileFault as fault:
        raise ExtractionRefused(
            gettext_noop("Word 文档已损坏，无法打开。请用 Word 或 WPS 打开修复，另存一份后重新上传。")
        ) from fault
    for folder, kind in (("xl/", "xlsx"), ("ppt/", "pptx")):
        if any(name.startswith(folder) for name in names):
            raise ExtractionRefused(_NAMED[kind])
    raise ExtractionRefused(
        gettext_noop("文件内容是压缩包，或 Word 文档缺少正文部分。可以上传的格式：.docx、.pdf、.html、.txt。")
    )


def _refuse_ole(path: Path) -> FileKind:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise ExtractionRefused(gettext_noop("Word 文档设有打开密码。请取消密码保护，另存后重新上传。"))
    raise ExtractionRefused(
        gettext_noop("文件内容是旧版 Word（.doc）格式。请用 Word 或 WPS 打开，另存为 .docx 后重新上传。")
    )
