"""What a file is, by its content; the extension must agree."""

import re
import zipfile
from pathlib import Path
from typing import Literal

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
NAMES: dict[FileKind, str] = {"text": "纯文本", "html": "网页", "docx": "Word 文档", "pdf": "PDF"}
ACCEPTED = "可以上传的格式：.docx、.pdf、.html、.txt。"

_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|p|h[1-6]|table|article|section|span|br|ul|ol|center|font)[\s>/]",
    re.IGNORECASE,
)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)


def check_filename(filename: str, limits: ExtractionLimits) -> FileKind:
    """The kind that the name promises. Refuses path parts, control characters and other extensions."""
    if not filename or len(filename) > limits.filename_length:
        raise ExtractionRefused("文件名为空或过长。请改成较短的文件名后重新上传。")
    if re.search(r"[/\\\x00-\x1f\x7f]", filename) or filename.startswith(".."):
        raise ExtractionRefused("文件名含有路径或控制字符。请改成普通的文件名后重新上传。")
    extension = Path(filename).suffix.lower()
    if extension in (".doc", ".wps", ".rtf", ".docm"):
        raise ExtractionRefused(f"不支持 {extension} 格式。请用 Word 或 WPS 打开，另存为 .docx 后重新上传。")
    if extension not in EXTENSIONS:
        raise ExtractionRefused(f"不支持这种文件。{ACCEPTED}")
    return EXTENSIONS[extension]


def sniff(path: Path, promised: FileKind) -> FileKind:
    """The kind that the content shows. Refuses what can be named but is not taken.

    A fragment of HTML is taken as HTML when the name says so; a text that merely mentions a tag stays text.
    """
    with path.open("rb") as handle:
        head = handle.read(4096)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _sniff_archive(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _refuse_ole(path)
    for magic, name in (
        (b"{\\rtf", "RTF 文件"),
        (b"\x89PNG", "图片"),
        (b"\xff\xd8\xff", "图片"),
        (b"GIF8", "图片"),
        (b"Rar!", "压缩包"),
        (b"7z\xbc\xaf", "压缩包"),
        (b"\x1f\x8b", "压缩包"),
        (b"MZ", "可执行程序"),
        (b"\x7fELF", "可执行程序"),
    ):
        if head.startswith(magic):
            raise ExtractionRefused(f"文件内容是{name}，不是文档。{ACCEPTED}")
    # UTF-16 text shows its tags only without the zero bytes.
    visible = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _SVG.search(visible) and not _HTML.search(visible[: visible.lower().find(b"<svg")]):
        raise ExtractionRefused(f"文件内容是 SVG 图形，不是网页文档。{ACCEPTED}")
    if visible.startswith(b"<?xml") and not re.search(rb"<html[\s>]", visible, re.IGNORECASE):
        raise ExtractionRefused(f"文件内容是 XML 数据，不是文档。{ACCEPTED}")
    if re.match(rb"mime-version:", visible, re.IGNORECASE):
        raise ExtractionRefused("文件内容是网页归档（MHT）。请在浏览器中另存为“网页，仅 HTML”后重新上传。")
    if _HTML.match(visible) or (promised == "html" and _HTML.search(visible)):
        return "html"
    return "text"


def check_kind(promised: FileKind, found: FileKind) -> None:
    """Refuse a file whose extension says something else than its content."""
    if promised != found:
        right = next(ext for ext, kind in EXTENSIONS.items() if kind == found)
        raise ExtractionRefused(
            f"扩展名与内容不符：扩展名表示{NAMES[promised]}，内容却是{NAMES[found]}。"
            f"请核对文件来源；确认无误后把扩展名改为 {right} 重新上传。"
        )


def _sniff_archive(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ExtractionRefused("Word 文档已损坏，无法打开。请用 Word 或 WPS 打开修复，另存一份后重新上传。") from error
    if "word/document.xml" in names:
        return "docx"
    if any(name.startswith("xl/") for name in names):
        raise ExtractionRefused("文件内容是电子表格。请作为附件上传，或把文字另存为 .docx。")
    if any(name.startswith("ppt/") for name in names):
        raise ExtractionRefused("文件内容是演示文稿。请作为附件上传，或把文字另存为 .docx。")
    raise ExtractionRefused(f"文件内容是压缩包，或 Word 文档缺少正文部分。{ACCEPTED}")


def _refuse_ole(path: Path) -> FileKind:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise ExtractionRefused("Word 文档设有打开密码。请取消密码保护，另存后重新上传。")
    raise ExtractionRefused("文件内容是旧版 Word（.doc）格式。请用 Word 或 WPS 打开，另存为 .docx 后重新上传。")
