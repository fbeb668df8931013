"""Reads what a picture file holds besides the picture. Nothing is decoded, only the heads are read."""

import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from PIL import ExifTags, Image, IptcImagePlugin, UnidentifiedImageError

from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.encodings import decode

from ..findings import Finding
from ..pieces import Piece
from .archives import read_zip
from .context import Context, Items, ReadSource, Source
from .flow import piece
from .pdf import read_xmp, xmp_values
from .unreadable import (
    CORRUPT,
    TOO_BIG_PICTURE,
    UNKNOWN,
    Unreadable,
    hidden_content,
    make_finding,
    unreadable,
)

_CHARSETS = {b"ASCII\x00\x00\x00": "ascii", b"UNICODE\x00": "utf-16-le", b"JIS\x00\x00\x00\x00\x00": "iso2022_jp"}
BROKEN_EXIF = gettext_noop("图片的拍摄信息（EXIF）已损坏，未能全部读取。请核对，或用看图软件另存一份后重新上传。")
_HEAD = 64 * 1024 * 1024
_WINDOWS_TEXT = range(0x9C9B, 0x9CA0)
_NOT_TEXT = ("exif", "xmp", "icc_profile", "photoshop", "XML:com.adobe.xmp", "Raw profile type exif", "comment")


def read_picture(source: Source, context: Context, read_source: ReadSource) -> Items:
    """Read EXIF, XMP, IPTC and texts of a picture, and an archive behind its end; a position is a finding."""
    _register_heif()
    Image.MAX_IMAGE_PIXELS = context.limits.pixels // 2
    source.stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(source.stream)
    except Image.DecompressionBombError as error:
        raise Unreadable(TOO_BIG_PICTURE) from error
    except UnidentifiedImageError as error:
        raise Unreadable(UNKNOWN if source.head(4)[:2] == b"BM" else CORRUPT) from error
    if not _is_whole(source, image):
        yield unreadable(context.file_place(), CORRUPT)
    yield from _exif(image, context)
    yield from _xmp(image, context)
    yield from _iptc(image, context)
    yield from _text(image, context)
    if zipfile.is_zipfile(source.stream):
        yield hidden_content(context.file_place(), gettext_noop("图片文件的末尾附有压缩包，请删除后重新上传。"))
        yield from read_zip(source, context, read_source)


def _register_heif() -> None:
    try:
        import pillow_heif
    except ImportError:
        return
    pillow_heif.register_heif_opener()


def _is_whole(source: Source, image: Any) -> bool:
    """Whether the end of the file is the end of a picture, without decoding it."""
    if image.format in ("JPEG", "MPO"):
        return _jpeg_ends(source.head(_HEAD))
    if image.format == "PNG":
        return b"IEND" in source.tail(256 * 1024)
    if image.format == "GIF":
        return b"\x00;" in source.tail(256)
    if image.format == "WEBP":
        return int.from_bytes(source.head(8)[4:8], "little") + 8 <= source.size() + 1
    return True


def _jpeg_ends(data: bytes) -> bool:
    """Whether an end follows the beginning of the pixels; that of a preview in the head does not count."""
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF and data[position + 1] != 0xDA:
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return data.find(b"\xff\xd9", position) >= 0 or len(data) == _HEAD


def _exif(image: Any, context: Context) -> Iterator[Piece | Finding]:
    try:
        with warnings.catch_warnings(record=True) as skipped:
            warnings.simplefilter("always")
            exif = image.getexif()
            lines = [*_lines(exif, ExifTags.TAGS), *_lines(exif.get_ifd(ExifTags.IFD.Exif), ExifTags.TAGS)]
            gps = dict(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except Exception:
        yield unreadable(context.place("EXIF"), BROKEN_EXIF, "warn")
        return
    if skipped:
        # Pillow leaves out what is damaged; other programs may still read it.
        yield unreadable(context.place("EXIF"), BROKEN_EXIF, "warn")
    yield from piece(context, "EXIF", "\n".join(lines), hidden=True)
    if not gps:
        return
    yield from piece(context, "EXIF GPS", "\n".join(_lines(gps, ExifTags.GPSTAGS)), hidden=True)
    if ExifTags.GPS.GPSLatitude in gps or ExifTags.GPS.GPSLongitude in gps or ExifTags.GPS.GPSDestLatitude in gps:
        place = _coordinate(gps.get(ExifTags.GPS.GPSLatitude)), _coordinate(gps.get(ExifTags.GPS.GPSLongitude))
        yield _position(context.place("EXIF GPS"), place)


def _position(where: str, place: tuple[str, str]) -> Finding:
    message = gettext_noop("图片带有拍摄地点的经纬度，公开前须去除（公众看到的副本会自动去除，原件请勿外传）。")
    shown = ", ".join(f"{value[:2]}***" for value in place if value)
    return make_finding("gps", "warn", where, message, excerpt=shown, value="|".join(place))


def _coordinate(value: Any) -> str:
    try:
        degrees, minutes, seconds = (float(part) for part in value)
    except (TypeError, ValueError, ZeroDivisionError):
        return ""
    return f"{degrees + minutes / 60 + seconds / 3600:.4f}"


def _lines(tags: Any, names: dict[int, str]) -> Iterator[str]:
    for tag, value in tags.items():
        text = _words(tag, value)
        if text and tag not in (ExifTags.Base.XMLPacket, ExifTags.Base.InterColorProfile):
            yield f"{names.get(tag, tag)}: {text}"


def _words(tag: int, value: Any) -> str:
    if isinstance(value, str):
        return value.replace("\x00", " ").strip()
    if isinstance(value, bytes) and len(value) <= 65536:
        if tag in _WINDOWS_TEXT:
            return value.decode("utf-16-le", "replace").rstrip("\x00")
        if charset := _CHARSETS.get(value[:8]):
            text = decode(value[8:], "" if charset == "ascii" else charset)
        else:
            text = decode(value.rstrip(b"\x00"))
        return text.strip("\x00 ") if text.isprintable() or value[:8] in _CHARSETS else ""
    if isinstance(value, tuple) and tag in _WINDOWS_TEXT:
        return bytes(value).decode("utf-16-le", "replace").rstrip("\x00")
    return str(value) if isinstance(value, (int, float, tuple)) and len(str(value)) < 200 else ""


def _xmp(image: Any, context: Context) -> Iterator[Piece | Finding]:
    data = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    data = data.encode() if isinstance(data, str) else data
    if not data:
        return
    yield from read_xmp(data, context)
    try:
        values = dict(xmp_values(data))
    except Unreadable:
        return
    if "GPSLatitude" in values or "GPSLongitude" in values:
        place = values.get("GPSLatitude", ""), values.get("GPSLongitude", "")
        yield _position(context.place("XMP"), place)


def _iptc(image: Any, context: Context) -> Iterator[Piece]:
    try:
        records = IptcImagePlugin.getiptcinfo(image) or {}
    except Exception:
        return
    values = [item for value in records.values() for item in (value if isinstance(value, list) else [value])]
    yield from piece(context, "IPTC", "\n".join(decode(value) for value in values if len(value) > 1), hidden=True)


def _text(image: Any, context: Context) -> Iterator[Piece]:
    """Text chunks of PNG (also those after the picture), comments of JPEG and GIF."""
    comment = image.info.get("comment", b"")
    comment = decode(comment) if isinstance(comment, bytes) else str(comment)
    yield from piece(context, "picture comment", comment, hidden=True)
    try:
        chunks = dict(image.text) if image.format == "PNG" else {}
    except Exception:
        chunks = {}
    chunks.update({key: value for key, value in image.info.items() if isinstance(key, str) and isinstance(value, str)})
    lines = [f"{key}: {value}" for key, value in chunks.items() if key not in _NOT_TEXT]
    yield from piece(context, "text chunk", "\n".join(lines), hidden=True)
