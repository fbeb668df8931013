"""A file is what its bytes are, and its text is read in the encoding that it is in."""

import io
import zipfile

import pytest

from govplatform.untrusted_files.encodings import decode, decode_or_none, detect_encoding, looks_like_text, read_text
from govplatform.untrusted_files.kinds import kind_of, suffix_of, wrong_name

pytestmark = pytest.mark.unit
TEXT = "关于做好防汛工作的通知，各有关单位：请认真贯彻执行。"
#: Not one character of ASCII: UTF-16 shows no zero byte.
CHINESE = TEXT * 4


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "suffix", "kind"),
    [
        (b"", ".txt", "empty"),
        (b"%PDF-1.7", ".docx", "pdf"),
        (b"\n\n junk %PDF-1.7", "", "pdf"),
        (archive("[Content_Types].xml", "word/document.xml"), ".zip", "docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "", "xlsx"),
        (archive("[Content_Types].xml", "xl/workbook.bin"), "", "xlsb"),
        (archive("word/document.xml"), ".docx", "zip"),
        (archive("OFD.xml"), "", "ofd"),
        (b"PK\x03\x04 torn", ".docx", "zip"),
        (b"#!/bin/sh\n\x00" + archive("a"), ".sh", "zip"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, ".docx", "ole"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04", ".txt", "program"),
        (b"\x7fELF\x02\x01\x01\x00", "", "program"),
        ("MZ/T 001-2020 民政行业标准".encode(), ".txt", "text"),
        (b"BM not a picture", ".txt", "text"),
        (b"<!DOCTYPE html><html><p>x</p></html>", ".txt", "html"),
        ("文中提到 <p> 标签".encode(), ".txt", "text"),
        ("文中有 <p>标签".encode(), ".html", "html"),
        ("<html><p>x</p></html>".encode("utf-16"), ".html", "html"),
        (b"<svg onload='x'></svg>", ".html", "svg"),
        (b"<html><body><svg></svg></body></html>", ".html", "html"),
        (b"MIME-Version: 1.0\nx", ".html", "message"),
        (b"From: a\nTo: b\nSubject: c\n\nx", "", "message"),
        (b"a,b\n1,2", ".csv", "csv"),
        (b"\x01\x00\x00\x00\x07\x09\x00\x02" * 40, ".bin", "unknown"),
    ],
)
def test_kinds(data, suffix, kind):
    stream = io.BytesIO(data)
    assert kind_of(stream, suffix) == kind
    assert stream.tell() == 0


def test_a_name_that_promises_something_else_is_said_in_words():
    assert wrong_name(suffix_of("名单.DOCX"), "pdf") == "Word 文档"
    assert wrong_name(suffix_of("a.txt"), "html") == ""
    assert wrong_name(suffix_of("noname"), "pdf") == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_same_text_for_those_who_import_and_those_who_scan(encoding):
    data = CHINESE.encode(encoding)
    assert decode_or_none(data).lstrip("\ufeff") == CHINESE
    assert "".join(read_text(io.BytesIO(data))).lstrip("\ufeff") == CHINESE
    assert looks_like_text(data[:8192]) or 0 not in data


def test_utf16_with_hardly_any_ascii_is_text():
    data = (CHINESE + "\n").encode("utf-16-le")
    assert 0 in data
    assert looks_like_text(data)
    assert detect_encoding(io.BytesIO(data)) == "utf-16-le"


def test_big5_and_what_is_declared():
    text = "關於做好防汛工作的通知，各有關單位請認真貫徹執行。" * 3
    assert decode_or_none(text.encode("big5hkscs")) == text
    assert decode_or_none(TEXT.encode("gb18030"), declared="gb2312") == TEXT
    assert decode(TEXT.encode("gb18030"), "no-such-encoding") == TEXT


@pytest.mark.parametrize(
    "data", [bytes(range(128, 256)) * 20, b"\x01\x00\x00\x00" * 20, b"\xef\xbb\xbf" + TEXT.encode("gb18030")]
)
def test_no_plausible_reading_is_none_for_those_who_import(data):
    assert decode_or_none(data) is None
    assert "".join(read_text(io.BytesIO(data)))
