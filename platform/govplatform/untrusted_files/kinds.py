"""What a file is, by its content; what its name promises is compared, never believed."""

import re
import zipfile
from typing import IO

from govplatform.sentences import gettext_noop

from .encodings import looks_like_text

#: kind -> what people call it
NAMES: dict[str, str] = {
    "docx": gettext_noop("Word 文档"),
    "xlsx": gettext_noop("Excel 工作簿"),
    "pptx": gettext_noop("PowerPoint 演示文稿"),
    "xlsb": gettext_noop("Excel 二进制工作簿"),
    "ofd": gettext_noop("OFD 版式文件"),
    "odf": gettext_noop("OpenDocument 文档"),
    "zip": gettext_noop("ZIP 压缩包"),
    "tar": gettext_noop("TAR 压缩包"),
    "compressed": gettext_noop("压缩文件"),
    "packed": gettext_noop("压缩包"),
    "ole": gettext_noop("旧版 Office 文档"),
    "pdf": gettext_noop("PDF 文档"),
    "image": gettext_noop("图片"),
    "media": gettext_noop("音视频"),
    "rtf": gettext_noop("RTF 文档"),
    "html": gettext_noop("网页"),
    "svg": gettext_noop("SVG 图形"),
    "message": gettext_noop("邮件"),
    "csv": gettext_noop("CSV 表格"),
    "text": gettext_noop("文本"),
    "program": gettext_noop("可执行程序"),
    "empty": gettext_noop("空文件"),
    "unknown": gettext_noop("未知格式"),
}

_PROMISED: dict[str, tuple[str, ...]] = {
    "docx": (".docx", ".docm", ".dotx", ".dotm"),
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm", ".et"),
    "pptx": (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx"),
    "xlsb": (".xlsb",),
    "ofd": (".ofd",),
    "odf": (".odt", ".ods", ".odp", ".odg"),
    "zip": (".zip", ".jar", ".epub", ".kmz"),
    "tar": (".tar",),
    "compressed": (".gz", ".tgz", ".bz2", ".xz", ".tbz", ".txz"),
    "packed": (".rar", ".7z", ".cab", ".arj", ".lzh"),
    "ole": (".doc", ".dot", ".xls", ".xlt", ".ppt", ".pps", ".wps", ".et", ".dps", ".msg", ".vsd", ".bin"),
    "pdf": (".pdf", ".ai"),
    "image": (
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".ico",
        ".heic", ".heif", ".avif", ".wmf", ".emf",
    ),
    "media": (
        ".mp3", ".mp4", ".m4a", ".m4v", ".mov", ".avi", ".wmv", ".wma", ".flv", ".mkv", ".webm", ".wav",
        ".ogg", ".ogv", ".oga", ".flac", ".aac", ".mpg", ".mpeg", ".3gp", ".amr", ".rm", ".rmvb", ".ts",
    ),
    "rtf": (".rtf",),
    "html": (".html", ".htm", ".xhtml", ".shtml"),
    "svg": (".svg",),
    "message": (".eml", ".mht", ".mhtml"),
    "csv": (".csv", ".tsv"),
    "text": (".txt", ".md", ".log", ".json", ".xml", ".yml", ".yaml", ".ini", ".css", ".js", ".srt", ".sql"),
}  # fmt: skip
PROMISES: dict[str, tuple[str, ...]] = {}
for _kind, _suffixes in _PROMISED.items():
    for _suffix in _suffixes:
        PROMISES[_suffix] = (*PROMISES.get(_suffix, ()), _kind)
#: One kind of text passes for another: a web page named .txt hides nothing.
TEXTS = ("text", "csv", "html", "svg", "message")

_MAGICS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"{\\rtf", "rtf"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"II+\x00", "image"),
    (b"BM", "image"),
    (b"\x00\x00\x01\x00", "image"),
    (b"Rar!\x1a\x07", "packed"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"MSCF", "packed"),
    (b"\x1f\x8b", "compressed"),
    (b"BZh", "compressed"),
    (b"\xfd7zXZ\x00", "compressed"),
    (b"\x1a\x45\xdf\xa3", "media"),
    (b"FLV\x01", "media"),
    (b"ID3", "media"),
    (b"OggS", "media"),
    (b"fLaC", "media"),
    (b"\x00\x00\x01\xba", "media"),
    (b"\x00\x00\x01\xb3", "media"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "media"),
    (b".RMF", "media"),
    (b"#!AMR", "media"),
    (b"\xff\xfb", "media"),
    (b"\xff\xf3", "media"),
    (b"\xff\xf1", "media"),
)
_STILL_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"heim", b"heis")
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|p|h[1-6]|table|article|section|span|br|ul|ol|center|font)[\s>/]",
    re.IGNORECASE,
)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_MESSAGE = re.compile(
    rb"^(?:Received|From|To|Subject|Date|MIME-Version|Return-Path|Delivered-To|Message-ID|Content-Type|X-[\w-]+):",
    re.IGNORECASE | re.MULTILINE,
)
_ARCHIVE_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_HEAD = 8192
_MOST_NAMES = 20_000
_MOST_DECLARED = 256 * 1024
_MAIN_TYPES = (
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"wordprocessingml.template.main+xml", "docx"),
    (b"spreadsheetml.sheet.main+xml", "xlsx"),
    (b"presentationml.presentation.main+xml", "pptx"),
)


def suffix_of(name: str) -> str:
    """The extension of a file's name in lower case with its dot, or ''."""
    stem, dot, extension = name.rpartition(".")
    return f".{extension.lower()}" if dot and stem and len(extension) <= 10 else ""


def kind_of(stream: IO[bytes], suffix: str) -> str:
    """Tell what ``stream`` holds, by its content: one of the keys of NAMES. Leaves the stream at its beginning.

    ``stream``: seekable. ``suffix``: extension of the file's name; it only tells kinds of text apart.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    try:
        return _kind_by_content(stream, head, suffix)
    finally:
        stream.seek(0)


def _kind_by_content(stream: IO[bytes], head: bytes, suffix: str) -> str:
    if not head:
        return "empty"
    if head.startswith(_ARCHIVE_MAGICS):
        return _archive_kind(stream)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head[:4] == b"RIFF":
        return "image" if head[8:12] == b"WEBP" else "media"
    if head[4:8] == b"ftyp":
        return "image" if head[8:12] in _STILL_BRANDS else "media"
    if head[257:262] == b"ustar":
        return "tar"
    for magic, kind in _MAGICS:
        # Two letters prove nothing: a text may begin with BM.
        if head.startswith(magic) and (len(magic) > 2 or not looks_like_text(head)):
            return kind
    if looks_like_text(head):
        return _text_kind(visible(head), suffix)
    # Something was put in front of an archive (self-extracting, or to hide it).
    return "zip" if zipfile.is_zipfile(stream) else "unknown"


def wrong_name(suffix: str, kind: str) -> str:
    """The kind of file, in words, that the name promises and the content is not; '' when both agree."""
    promised = PROMISES.get(suffix, ())
    if not promised or kind in promised or (kind in TEXTS and promised[0] in TEXTS):
        return ""
    return NAMES[promised[0]]


def visible(head: bytes) -> bytes:
    """The beginning of a text with its tags in ASCII: without zero bytes, marks and blanks, also when it is UTF-16."""
    return head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")


def _text_kind(head: bytes, suffix: str) -> str:
    is_message = re.match(rb"mime-version:", head, re.IGNORECASE) or len(_MESSAGE.findall(head[:2048])) >= 3
    if is_message or suffix in (".eml", ".mht", ".mhtml"):
        return "message"
    if suffix in (".csv", ".tsv"):
        return "csv"
    svg, html = _SVG.search(head, 0, 4096), _HTML.search(head)
    # A drawing in a web page is part of the page.
    if svg and not (html and html.start() < svg.start()):
        return "svg"
    # A text that mentions a tag is a text still.
    return "html" if html and (suffix != ".txt" or html.start() == 0) else "text"


def _archive_kind(stream: IO[bytes]) -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = {name.replace("\\", "/") for name in archive.namelist()[:_MOST_NAMES]}
            if "OFD.xml" in names:
                return "ofd"
            if "[Content_Types].xml" in names:
                return _package_kind(names) or _declared_kind(archive)
            if "content.xml" in names and "META-INF/manifest.xml" in names:
                return "odf"
    except Exception:
        # A damaged archive is one still: its reader says so.
        return "zip"
    return "zip"


def _package_kind(names: set[str]) -> str:
    folders = {name.partition("/")[0].lower() for name in names}
    if any(name.lower().endswith("workbook.bin") for name in names):
        return "xlsb"
    for folder, kind in (("word", "docx"), ("xl", "xlsx"), ("ppt", "pptx")):
        if folder in folders:
            return kind
    return ""


def _declared_kind(archive: zipfile.ZipFile) -> str:
    """The kind of a package whose folders have other names than the usual: its content types say what is in it."""
    with archive.open("[Content_Types].xml") as stream:
        declared = stream.read(_MOST_DECLARED).replace(b"\x00", b"")
    for mark, kind in _MAIN_TYPES:
        if mark in declared:
            return kind
    return "zip"
