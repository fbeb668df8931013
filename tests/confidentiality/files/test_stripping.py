"""Copies for citizens: the properties are gone, the content stays, and the programs open them."""

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from PIL import Image, ImageCms, ImageSequence
from PIL.PngImagePlugin import PngInfo

from govplatform.confidentiality.scanning.stripping import NotStripped, strip_metadata, strip_metadata_guarded

from .archives import replaced, rewrite
from .planted import NUMBER
from .test_pictures import XMP, exif

pytestmark = pytest.mark.unit

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def stripped(path: Path, kind: str) -> tuple[Path, list[str]]:
    out = path.with_name("out" + path.suffix)
    return out, strip_metadata_guarded(path, out, kind)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tiff"])
def test_pictures_lose_what_they_tell_and_keep_their_colours(tmp_path: Path, scan: Any, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    tags = exif()
    tags[0x0112] = 6
    options: dict[str, Any] = {} if suffix == "tiff" else {"xmp": XMP}
    if suffix == "png":
        info = PngInfo()
        info.add_text("Comment", NUMBER)
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options = {"pnginfo": info}
    Image.new("RGB", (40, 30), "red").save(path, exif=tags, icc_profile=PROFILE, **options)
    assert scan(path).places()
    out, removed = stripped(path, "picture")
    scanned = scan(out)
    assert scanned.places() == []
    assert scanned.places("gps") == []
    assert {"EXIF", "GPS"} <= set(removed)
    with Image.open(out) as image:
        # What the camera said about turning has been done.
        assert image.size == (30, 40)
        assert image.info["icc_profile"] == PROFILE
        assert image.format == {"jpg": "JPEG", "tiff": "TIFF"}.get(suffix, suffix.upper())
    assert NUMBER.encode() not in out.read_bytes()


def test_the_quality_of_photographs_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.effect_noise((100, 100), 50).convert("RGB").save(path, quality=92, exif=exif())
    out, _removed = stripped(path, "picture")
    with Image.open(path) as before, Image.open(out) as after:
        assert before.quantization == after.quantization


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_pictures_that_move_go_on_moving(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    comment = {"comment": NUMBER.encode()} if suffix == "gif" else {"exif": exif()}
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=0, **comment)
    out, removed = stripped(path, "picture")
    assert removed
    with Image.open(out) as image:
        assert image.n_frames == 3
        colours = [frame.convert("RGB").getpixel((5, 5)) for frame in ImageSequence.Iterator(image)]
    assert [max(range(3), key=lambda band: colour[band]) for colour in colours] == [0, 1, 2]
    assert NUMBER.encode() not in out.read_bytes()


def test_word_documents(tmp_path: Path, scan: Any) -> None:
    document = docx.Document()
    document.core_properties.author = NUMBER
    document.add_comment(document.add_paragraph("正文").runs, text="看过", author=NUMBER)
    path = tmp_path / "a.docx"
    document.save(str(path))
    rewrite(path, replaced("word/document.xml", "<w:p>", '<w:p w:rsidR="00AB12CD">'))
    custom = (
        f'<Properties xmlns:vt="urn:v"><property name="经办"><vt:lpwstr>{NUMBER}</vt:lpwstr></property></Properties>'
    )
    rewrite(path, docProps__custom=custom.encode())
    assert scan(path).places() == ["document properties"] * 2 + ["author of comments and changes"]
    out, removed = stripped(path, "office")
    assert {"creator", "经办", "thumbnail", "authors of comments and changes", "save marks"} <= set(removed)
    with zipfile.ZipFile(out) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert not any("thumbnail" in name for name in archive.namelist())
    assert NUMBER.encode() not in everything
    assert b"rsidR=" not in everything
    copy = docx.Document(str(out))
    assert [paragraph.text for paragraph in copy.paragraphs] == ["正文"]
    assert copy.core_properties.author == ""
    assert [comment.text for comment in copy.comments] == ["看过"]


def test_workbooks_and_presentations(tmp_path: Path, scan: Any) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "数据"
    book.properties.creator = book.properties.lastModifiedBy = NUMBER
    book.save(tmp_path / "a.xlsx")
    slides = pptx.Presentation()
    slides.core_properties.author = NUMBER
    slides.slides.add_slide(slides.slide_layouts[5]).shapes.title.text = "标题"
    slides.save(str(tmp_path / "a.pptx"))
    for name in ("a.xlsx", "a.pptx"):
        assert scan(tmp_path / name).places()
        out, removed = stripped(tmp_path / name, "office")
        assert "creator" in removed
        assert scan(out).places() == []
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").active["A1"].value == "数据"
    assert pptx.Presentation(str(tmp_path / "out.pptx")).slides[0].shapes.title.text == "标题"


def test_what_cannot_be_stripped_leaves_no_copy(tmp_path: Path) -> None:
    content = io.BytesIO()
    openpyxl.Workbook().save(content)
    (tmp_path / "a.xlsx").write_bytes(content.getvalue()[:-100])
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff" + bytes(100))
    for name, kind in (("a.xlsx", "office"), ("a.jpg", "picture"), ("a.jpg", "film")):
        with pytest.raises(NotStripped):
            strip_metadata(tmp_path / name, tmp_path / "out", kind)
        assert not (tmp_path / "out").exists()
    with pytest.raises(NotStripped):
        strip_metadata_guarded(tmp_path / "a.xlsx", tmp_path / "out", "office")


_MODERN_AUTHORS = (
    b'<?xml version="1.0" encoding="UTF-8"?><p188:authorLst xmlns:p188="http://schemas.microsoft.com/office/powerpoint/'
    b'2018/8/main"><p188:author id="{1}" name="\xe6\x9d\x8e\xe6\xa1\x82" initials="LG" userId="S::li@example"'
    b' providerId="AD"/></p188:authorLst>'
)
_WORD_PEOPLE = (
    b'<?xml version="1.0" encoding="UTF-8"?><w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
    b'<w15:person w15:author="LG"><w15:presenceInfo w15:providerId="AD" w15:userId="S::li@example"/></w15:person>'
    b"</w15:people>"
)
_SHARED_WORKBOOK = (
    b'<?xml version="1.0" encoding="UTF-8"?><users xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    b' count="1"><userInfo guid="{1}" name="S::li@example" id="-1" dateTime="2026-01-01T00:00:00"/></users>'
)


@pytest.mark.parametrize(
    ("suffix", "member", "content"),
    [
        ("pptx", "ppt/authors.xml", _MODERN_AUTHORS),
        ("docx", "word/people.xml", _WORD_PEOPLE),
        ("xlsx", "xl/revisions/userNames.xml", _SHARED_WORKBOOK),
    ],
)
def test_accounts_of_those_who_commented_are_gone_wherever_the_program_keeps_them(
    tmp_path: Path, suffix: str, member: str, content: bytes
) -> None:
    path = tmp_path / f"a.{suffix}"
    made: Any = {"pptx": pptx.Presentation, "docx": docx.Document, "xlsx": openpyxl.Workbook}[suffix]()
    made.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(member, content)
    out, removed = stripped(path, "office")
    assert "authors of comments and changes" in removed
    with zipfile.ZipFile(out) as archive:
        left = archive.read(member)
    assert b"li@example" not in left and b"LG" not in left and "李桂".encode() not in left
