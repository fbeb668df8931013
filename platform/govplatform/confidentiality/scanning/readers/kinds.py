"""What a file is, by its content; what its name promises is compared, never believed."""

import re
import zipfile

from .context import Source
from .encodings import looks_like_text

#: kind -> what people call it
NAMES: dict[str, str] = {
    "docx": "Word 文档",
    "xlsx": "Excel 工作簿",
    "pptx": "PowerPoint 演示文稿",
    "xlsb": "Excel 二进制工作簿",
    "ofd": "OFD 版式文件",
    "odf": "OpenDocument 文档",
    "zip": "ZIP 压缩包",
    "tar": "TAR 压缩包",
    "compressed": "压缩文件",
    "packed": "压缩包",
    "ole": "旧版 Office 文档",
    "pdf": "PDF 文档",
    "image": "图片",
    "media": "音视频",
    "rtf": "RTF 文档",
    "html": "网页",
    "svg": "SVG 图形",
    "message": "邮件",
    "csv": "CSV 表格",
    "text": "文本",
    "empty": "空文件",
    "unknown": "未知格式",
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
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
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
_MESSAGE = re.compile(
    rb"^(?:Received|From|To|Subject|Date|MIME-Version|Return-Path|Delivered-To|Message-ID|Content-Type|X-[\w-]+):",
    re.IGNORECASE | re.MULTILINE,
)


def kind_of(source: Source) -> str:
    """One of NAMES."""
    head = source.head(8192)
    if not head:
        return "empty"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _archive_kind(source)
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
        return _text_kind(head, source.suffix)
    # Something was put in front of an archive (self-extracting, or to hide it).
    return "zip" if zipfile.is_zipfile(source.stream) else "unknown"


def wrong_name(source: Source, kind: str) -> str:
    """What the name promises when that is not what the file is, in words; else ''."""
    promised = PROMISES.get(source.suffix, ())
    if not promised or kind in promised or (kind in TEXTS and promised[0] in TEXTS):
        return ""
    return NAMES[promised[0]]


def _text_kind(head: bytes, suffix: str) -> str:
    if suffix in (".eml", ".mht", ".mhtml") or len(_MESSAGE.findall(head[:2048])) >= 3:
        return "message"
    if suffix in (".csv", ".tsv"):
        return "csv"
    if re.search(rb"<svg[\s>]", head[:4096], re.IGNORECASE):
        return "svg"
    if suffix != ".txt" and _HTML.search(head):
        return "html"
    return "text"


def _archive_kind(source: Source) -> str:
    try:
        with zipfile.ZipFile(source.stream) as archive:
            names = set(archive.namelist()[:20_000])
            if "OFD.xml" in names:
                return "ofd"
            if "[Content_Types].xml" in names:
                return _package_kind(names)
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
    return "zip"
