"""Hostile and broken files: each is refused with a reason and a way out, or taken without harm."""

import io
import zipfile
from pathlib import Path

import docx
import pytest

from sites.documents_in.extraction import ExtractionLimits, ExtractionRefused
from sites.documents_in.extraction.extract import extract_document
from tests.documents_in.fictional import (
    NOTICE,
    TITLE,
    extract,
    picture,
    rewrite_docx,
    write_docx,
    write_pdf,
    write_text,
)

pytestmark = pytest.mark.unit

WORD = '<?xml version="1.0"?>{dtd}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'


def refused(path: Path, filename: str = "", limits: ExtractionLimits | None = None) -> str:
    with pytest.raises(ExtractionRefused) as caught:
        extract_document(path, filename=filename or path.name, limits=limits)
    reason = caught.value.reason
    assert reason.endswith("。") and ("请" in reason or "可以上传" in reason or "没有文字" in reason), reason
    return reason


def raw(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.docx", "a.pdf"])
def test_empty_file(tmp_path: Path, name: str) -> None:
    assert "空的" in refused(raw(tmp_path, name, b""))


@pytest.mark.parametrize("data", [b" \r\n\r\n\t\n", b"<html><body><script>x</script></body></html>"])
def test_file_without_text(tmp_path: Path, data: bytes) -> None:
    name = "a.html" if b"html" in data else "a.txt"
    assert "没有文字" in refused(raw(tmp_path, name, data))


def test_fifty_megabytes_of_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as handle:
        for _ in range(50):
            handle.write(("云" * 349_525 + "。").encode())
    assert "MB" in refused(path)


def test_too_many_characters_and_lines(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.txt", [f"第{n}句说明。" for n in range(900)])
    assert "段" in refused(path, limits=ExtractionLimits(elements=100))
    assert "万字" in refused(path, limits=ExtractionLimits(characters=1000))


@pytest.mark.parametrize(
    "name", ["../a.txt", "..\\a.txt", "/etc/a.txt", "a\x00.txt", "a\n.txt", "..txt", "", "a" * 300 + ".txt"]
)
def test_names_with_paths_or_control_characters(tmp_path: Path, name: str) -> None:
    path = write_text(tmp_path / "a.txt", NOTICE)
    with pytest.raises(ExtractionRefused, match="文件名"):
        extract_document(path, filename=name)


@pytest.mark.parametrize("name", ["a.doc", "a.wps", "a.rtf", "a.docm", "a.exe", "a.svg", "a", "a.xlsx"])
def test_other_extensions(tmp_path: Path, name: str) -> None:
    refused(write_text(tmp_path / "a.txt", NOTICE), filename=name)


def test_extension_that_disagrees_with_the_content(tmp_path: Path) -> None:
    word, pdf = write_docx(tmp_path / "a.docx", NOTICE), write_pdf(tmp_path / "a.pdf", [TITLE, NOTICE[4]])
    text = write_text(tmp_path / "a.txt", NOTICE)
    for path in (word, pdf, text):
        for name in ("b.txt", "b.html", "b.docx", "b.pdf"):
            if Path(name).suffix != path.suffix:
                assert "扩展名与内容不符" in refused(path, filename=name)
    assert "扩展名与内容不符" in refused(raw(tmp_path, "c.txt", b"<!DOCTYPE html><html><p>x</p></html>"))


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.html", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><text>x</text></svg>', "SVG"),
        ("a.html", b'<?xml version="1.0"?><svg onload="alert(1)"></svg>', "SVG"),
        ("a.html", b'<?xml version="1.0"?><data>x</data>', "XML"),
        ("a.txt", picture(), "图片"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"x" * 600, "旧版 Word"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("a.txt", b"{\\rtf1 x}", "RTF"),
        ("a.txt", "云江".encode() + b"\x00\x00\x01" + b"\x00" * 40, "二进制"),
        ("a.txt", b"text\x07\x08" * 20, "二进制"),
        ("a.txt", bytes(range(128, 256)) * 20, "编码"),
        ("a.txt", TITLE.encode("utf-8").decode("latin-1").encode("utf-8"), "编码"),
        ("a.txt", "锟斤拷锟斤拷云江省".encode(), "编码"),
        ("a.txt", (TITLE + "\ufffd\ufffd").encode(), "编码"),
        ("a.txt", b"\xef\xbb\xbf" + TITLE.encode("gbk"), "编码"),
    ],
)
def test_content_that_can_be_named(tmp_path: Path, name: str, data: bytes, word: str) -> None:
    assert word in refused(raw(tmp_path, name, data))


def test_broken_word_files(tmp_path: Path) -> None:
    whole = write_docx(tmp_path / "a.docx", NOTICE).read_bytes()
    for number, data in enumerate((whole[: len(whole) // 2], whole[:40], b"PK\x03\x04" + b"x" * 500)):
        assert "已损坏" in refused(raw(tmp_path, f"b{number}.docx", data))
    flipped = bytearray(whole)
    flipped[200:400] = b"\x00" * 200
    refused(raw(tmp_path, "c.docx", bytes(flipped)))
    rewrite_docx(tmp_path / "a.docx", {"word/document.xml": b"<w:document><unclosed>"})
    assert "已损坏" in refused(tmp_path / "a.docx")


def test_billion_laughs(tmp_path: Path) -> None:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    document = WORD.format(dtd=f"<!DOCTYPE x [{entities}]>", body="<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>")
    path = rewrite_docx(write_docx(tmp_path / "a.docx", NOTICE), {"word/document.xml": document.encode()})
    assert "实体" in refused(path)


def test_external_entity_in_any_encoding(tmp_path: Path) -> None:
    document = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    path = rewrite_docx(write_docx(tmp_path / "a.docx", NOTICE), {"word/comments.xml": document.encode("utf-16")})
    assert "实体" in refused(path)


def test_deep_nesting(tmp_path: Path) -> None:
    document = WORD.format(dtd="", body="<w:p>" * 5000 + "</w:p>" * 5000)
    path = rewrite_docx(write_docx(tmp_path / "a.docx", NOTICE), {"word/document.xml": document.encode()})
    assert "嵌套过深" in refused(path)
    deep = "<html><body>" + "<div>" * 5000 + NOTICE[4] + "</div>" * 5000 + "</body></html>"
    assert "嵌套过深" in refused(raw(tmp_path, "b.html", deep.encode()))


def test_zip_bomb_by_its_directory(tmp_path: Path) -> None:
    path = rewrite_docx(write_docx(tmp_path / "a.docx", NOTICE), {"word/media/b.bin": bytes(200 * 1024 * 1024)})
    assert path.stat().st_size < 1024 * 1024
    assert "解压后过大" in refused(path)


def test_zip_bomb_by_ratio_and_by_count(tmp_path: Path) -> None:
    path = rewrite_docx(write_docx(tmp_path / "a.docx", NOTICE), {"word/media/b.bin": bytes(3 * 1024 * 1024)})
    assert "解压后过大" in refused(path)
    many = {f"word/media/{n}.bin": b"x" for n in range(60)}
    path = rewrite_docx(write_docx(tmp_path / "b.docx", NOTICE), many)
    assert "解压后过大" in refused(path, limits=ExtractionLimits(archive_members=50))


def test_zip_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = rewrite_docx(write_docx(tmp_path / "a.docx", NOTICE), {"word/media/b.bin": bytes(900_000)})
    data = path.read_bytes().replace((900_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    refused(raw(tmp_path, "b.docx", data))


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/evil.xml", "word/../../evil.xml"])
def test_member_names_with_paths(tmp_path: Path, name: str) -> None:
    assert "已损坏" in refused(rewrite_docx(write_docx(tmp_path / "a.docx", NOTICE), {name: b"<x/>"}))


def test_macros_and_other_office_files(tmp_path: Path) -> None:
    path = rewrite_docx(write_docx(tmp_path / "a.docx", NOTICE), {"word/vbaProject.bin": b"x"})
    assert "宏" in refused(path)
    for part, word in (("xl/workbook.xml", "电子表格"), ("ppt/slides.xml", "演示文稿"), ("a.txt", "压缩包")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(part, "<x/>")
        assert word in refused(raw(tmp_path, "o.docx", out.getvalue()))


def test_picture_bomb_costs_the_picture_only(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(NOTICE[4])
    (tmp_path / "p.png").write_bytes(picture())
    document.add_picture(str(tmp_path / "p.png"))
    document.save(str(tmp_path / "p.docx"))
    result = extract(tmp_path / "p.docx", limits=ExtractionLimits(image_pixels=100))
    assert result.images == []
    assert any("1 张图片" in warning for warning in result.warnings)


def test_invisible_and_reversing_characters_are_removed(tmp_path: Path) -> None:
    document = extract(
        write_text(tmp_path / "a.txt", [TITLE, "付款\u202e方收\u202c款\u200b方应当核对账目并签字确认。"])
    )
    assert "付款方收款方应当核对账目" in repr(document.blocks)


def test_huge_table_spans_are_bounded(tmp_path: Path) -> None:
    cells = "<td colspan=999999 rowspan=999999>x</td>" * 40
    page = f"<html><body><p>{NOTICE[4]}</p><table>{f'<tr>{cells}</tr>' * 40}</table></body></html>"
    assert "单元格" in refused(raw(tmp_path, "a.html", page.encode()))
