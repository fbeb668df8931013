"""What stands in a picture besides the picture is found."""

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from .archives import zipped
from .planted import NUMBER

pytestmark = pytest.mark.unit

XMP = (
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a creator="甲" note="{NUMBER}" GPSLatitude="39,54.5N"/></x:xmpmeta>'.encode()
)


def exif(*, gps: bool = True) -> Image.Exif:
    tags = Image.Exif()
    tags[0x010E] = NUMBER
    if gps:
        # TIFF writes only the tables that a tag of their own points to.
        tags.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 26.0), 3: "E", 4: (116.0, 23.0, 29.0)})
        tags[0x8825] = 0
    return tags


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tiff"])
def test_exif_and_the_place_where_it_was_taken(tmp_path: Path, scan: Any, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.new("RGB", (40, 30)).save(path, exif=exif())
    scanned = scan(path)
    assert "EXIF" in scanned.places()
    assert scanned.places("gps") == ["EXIF GPS"]
    excerpt = next(finding["excerpt"] for finding in scanned.findings if finding["rule"] == "gps")
    assert "39.9" not in excerpt


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_xmp(tmp_path: Path, scan: Any, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    options: dict[str, Any] = {"xmp": XMP}
    if suffix == "png":
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options = {"pnginfo": info}
    Image.new("RGB", (40, 30)).save(path, **options)
    scanned = scan(path)
    assert scanned.places() == ["XMP"]
    assert scanned.places("gps") == ["XMP"]


def test_text_chunks_and_comments(tmp_path: Path, scan: Any) -> None:
    info = PngInfo()
    info.add_text("Comment", NUMBER)
    info.add_itxt("Title", f"姓名 {NUMBER}", zip=True)
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png", pnginfo=info)
    assert scan(tmp_path / "a.png").places() == ["text chunk", "text chunk"]
    for suffix in ("jpg", "gif"):
        Image.new("RGB", (40, 30)).save(tmp_path / f"a.{suffix}", comment=NUMBER.encode())
        assert scan(tmp_path / f"a.{suffix}").places() == ["picture comment"]


def test_an_archive_behind_the_picture(tmp_path: Path, scan: Any) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (40, 30)).save(path)
    path.write_bytes(path.read_bytes() + zipped({"a.txt": NUMBER.encode()}))
    scanned = scan(path)
    assert scanned.places() == ["a.txt: body"]
    assert scanned.hidden() == ["file"]


def test_a_picture_of_millions_of_pixels_each_way(tmp_path: Path, scan: Any) -> None:
    path = tmp_path / "a.png"
    Image.new("1", (8, 8)).save(path)
    data = bytearray(path.read_bytes())
    data[16:24] = struct.pack(">II", 2**20, 2**20)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    path.write_bytes(data)
    assert "尺寸" in scan(path).unreadable()["file"]


def test_a_truncated_photograph_with_a_whole_preview(tmp_path: Path, scan: Any) -> None:
    path = tmp_path / "a.jpg"
    Image.effect_noise((200, 200), 50).save(path, comment=b"\xff\xd8\xff\xd9")
    assert scan(path).unreadable() == {}
    path.write_bytes(path.read_bytes()[:-2000])
    assert "损坏" in scan(path).unreadable()["file"]


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "webp"])
def test_a_truncated_picture(tmp_path: Path, scan: Any, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.effect_noise((200, 200), 50).convert("RGB").save(path)
    path.write_bytes(path.read_bytes()[:-2000])
    assert "损坏" in scan(path).unreadable()["file"]
