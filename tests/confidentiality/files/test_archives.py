"""Archives are opened down to the bottom, and bombs end as findings within the limits."""

import io
import tarfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest

from .archives import declared, forty_two, locked, rewrite, zeros, zipped
from .planted import NUMBER

MEBIBYTE = 1024 * 1024
MOST_MB = 512


def word(text: str = NUMBER) -> bytes:
    document, target = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(target)
    return target.getvalue()


def written(tmp_path: Path, data: bytes, name: str = "a.zip") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_archives_in_archives(tmp_path: Path, scan: Any) -> None:
    inner = zipped({"folder/a.docx": word(), "b.txt": NUMBER.encode()})
    scanned = scan(written(tmp_path, zipped({"inner.zip": inner, "c.txt": b"x"})))
    assert scanned.places() == ["inner.zip/folder/a.docx: body", "inner.zip/b.txt: body"]


def test_names_and_remarks_of_an_archive(tmp_path: Path, scan: Any) -> None:
    assert scan(written(tmp_path, zipped({f"{NUMBER}.txt": b"x"}))).places() == ["file names"]


def test_names_in_gbk(tmp_path: Path, scan: Any) -> None:
    data = zipped({"xxxx.txt": NUMBER.encode()}).replace(b"xxxx.txt", "名单.txt".encode("gbk"))
    assert scan(written(tmp_path, data)).places() == ["名单.txt: body"]


def test_tar_and_gzip(tmp_path: Path, scan: Any) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        info = tarfile.TarInfo("a.docx")
        info.size = len(word())
        archive.addfile(info, io.BytesIO(word()))
    assert scan(written(tmp_path, target.getvalue(), "a.tar.gz")).places() == ["a.tar/a.docx: body"]


def test_too_deep(tmp_path: Path, scan: Any) -> None:
    data = zipped({"a.txt": NUMBER.encode()})
    for level in range(12):
        data = zipped({f"{level}.zip": data})
    scanned = scan(written(tmp_path, data))
    assert any("层数" in message for message in scanned.unreadable().values())


def test_an_archive_with_very_many_entries(tmp_path: Path, scan: Any) -> None:
    data = zipped({f"{number}.txt": b"" for number in range(12_000)})
    assert "过多" in scan(written(tmp_path, data)).unreadable()["file"]


def test_a_bomb_like_42_zip(tmp_path: Path, guarded_scan: Any) -> None:
    path = written(tmp_path, forty_two(40 * MEBIBYTE, 16, 4))
    assert path.stat().st_size < MEBIBYTE
    scanned = guarded_scan(path)
    assert any("异常巨大" in message for message in scanned.unreadable().values())
    assert 0 < scanned.answer["peak_mb"] < MOST_MB


def test_a_bomb_of_archives_that_each_stay_below_the_ratio(tmp_path: Path, guarded_scan: Any) -> None:
    scanned = guarded_scan(written(tmp_path, forty_two(20 * MEBIBYTE, 16, 3)))
    assert "异常巨大" in scanned.unreadable()["file"]
    assert 0 < scanned.answer["peak_mb"] < MOST_MB


@pytest.mark.parametrize("size", [4_000_000_000, 10 * 1024**3])
def test_a_sparse_entry(tmp_path: Path, scan: Any, size: int) -> None:
    assert "异常巨大" in scan(written(tmp_path, declared(size))).unreadable()["disk.img"]


def test_an_entry_of_many_zeros(tmp_path: Path, guarded_scan: Any) -> None:
    scanned = guarded_scan(written(tmp_path, zeros(400 * MEBIBYTE)))
    assert "异常巨大" in scanned.unreadable()["0.dll"]
    assert 0 < scanned.answer["peak_mb"] < MOST_MB


def test_a_bomb_in_a_part_of_an_office_file(tmp_path: Path, guarded_scan: Any) -> None:
    path = written(tmp_path, word(), "a.docx")
    rewrite(path, lambda name, data: b"<a>" + b" " * 120 * MEBIBYTE if name == "docProps/app.xml" else data)
    scanned = guarded_scan(path)
    assert any("异常巨大" in message for message in scanned.unreadable().values())
    assert 0 < scanned.answer["peak_mb"] < MOST_MB


LAUGHS = '<!DOCTYPE lolz [<!ENTITY lol "lol">' + "".join(
    f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' if n > 1 else '<!ENTITY lol1 "&lol;">' for n in range(1, 11)
)


def laughing(part: str) -> Any:
    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        text = data.decode()
        start = text.index("?>") + 2 if text.startswith("<?xml") else 0
        end = text.rindex("</")
        return (text[:start] + LAUGHS + "]>" + text[start:end] + "&lol10;" + text[end:]).encode()

    return change


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_billion_laughs_in_office_files(tmp_path: Path, guarded_scan: Any, encoding: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.save(tmp_path / "a.xlsx")
    pptx.Presentation().save(str(tmp_path / "a.pptx"))
    written(tmp_path, word(), "a.docx")
    for name, part in (
        ("a.docx", "word/document.xml"),
        ("a.xlsx", "xl/worksheets/sheet1.xml"),
        ("a.pptx", "ppt/presentation.xml"),
    ):
        change = laughing(part)

        def encoded(name: str, data: bytes, change: Any = change, part: str = part) -> bytes:
            text = change(name, data).decode() if name == part else ""
            body = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
            return f'<?xml version="1.0" encoding="{encoding}"?>{body}'.encode(encoding) if name == part else data

        scanned = guarded_scan(rewrite(tmp_path / name, encoded))
        assert any("实体" in message for message in scanned.unreadable().values()), (name, scanned.findings)
        assert 0 < scanned.answer["peak_mb"] < 150


def test_xml_nested_very_deep(tmp_path: Path, guarded_scan: Any) -> None:
    path = written(tmp_path, word(), "a.docx")
    deep = b"<w:r>" * 100_000
    rewrite(path, lambda name, data: data.replace(b"<w:p>", b"<w:p>" + deep) if name == "word/document.xml" else data)
    assert guarded_scan(path).unreadable()


def test_an_entry_with_a_password(tmp_path: Path, scan: Any) -> None:
    scanned = scan(written(tmp_path, locked(zipped({"a.txt": b"x", "b.txt": b"y"}))))
    assert list(scanned.unreadable()) == ["a.txt", "b.txt"]
    assert "加密" in scanned.unreadable()["a.txt"]


def test_formats_that_nothing_here_unpacks(tmp_path: Path, scan: Any) -> None:
    assert "ZIP" in scan(written(tmp_path, b"Rar!\x1a\x07\x01\x00" + bytes(99), "a.rar")).unreadable()["file"]


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
@pytest.mark.parametrize("name", ["a.docx", "a.zip"])
def test_truncated_archives(tmp_path: Path, scan: Any, name: str, share: float) -> None:
    data = word()
    scanned = scan(written(tmp_path, data[: int(len(data) * share)], name))
    assert "损坏" in scanned.unreadable()["file"]
    assert not scanned.answer["readable"]


def test_a_damaged_entry_does_not_hide_the_others(tmp_path: Path, scan: Any) -> None:
    data = bytearray(zipped({"a.txt": b"abc" * 500, "b.txt": NUMBER.encode()}))
    at = data.index(b"a.txt") + 8
    data[at : at + 4] = b"\xff\xff\xff\xff"
    scanned = scan(written(tmp_path, bytes(data)))
    assert scanned.places() == ["b.txt: body"]
    assert "a.txt" in scanned.unreadable()
