"""The same document gives the same result from every format and encoding."""

from datetime import date
from pathlib import Path

import pytest

from sites.documents_in.extraction import ExtractedDocument
from tests.documents_in.fictional import (
    NOTICE,
    extract,
    outline,
    warned,
    write_docx,
    write_html,
    write_pdf,
    write_text,
)

pytestmark = pytest.mark.unit

# Twice the text, so that the PDF has more than one page.
LONG = [
    *NOTICE[:-3],
    *(f"{line[:-1]}，第{n}批。" for n in "甲乙丙丁戊" for line in NOTICE[4:10] if line[-1] == "。"),
    *NOTICE[-3:],
]


def facts(document: ExtractedDocument) -> tuple[object, ...]:
    return (
        document.title,
        document.document_number,
        document.issued_by,
        document.issued_on,
        document.addressee,
        document.signature,
        outline(document),
    )


@pytest.fixture
def expected(tmp_path: Path) -> tuple[object, ...]:
    return facts(extract(write_text(tmp_path / "a.txt", LONG)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "gbk"])
def test_text_in_each_encoding(tmp_path: Path, encoding: str, expected: tuple[object, ...]) -> None:
    assert facts(extract(write_text(tmp_path / "b.txt", LONG, encoding))) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030"])
def test_html_in_each_encoding(tmp_path: Path, encoding: str, expected: tuple[object, ...]) -> None:
    assert facts(extract(write_html(tmp_path / "b.html", LONG, encoding))) == expected


def test_word(tmp_path: Path, expected: tuple[object, ...]) -> None:
    assert facts(extract(write_docx(tmp_path / "b.docx", LONG))) == expected


def test_pdf(tmp_path: Path, expected: tuple[object, ...]) -> None:
    document = extract(write_pdf(tmp_path / "b.pdf", list(LONG), head="云江省公文汇编"))
    assert facts(document) == expected
    assert warned(document, "页眉、页脚和页码")


def test_traditional_text_in_big5(tmp_path: Path) -> None:
    lines = ["雲江省政府信箱管理辦法", "第一條 為規範政府信箱管理,制定本辦法。", "二○二三年五月九日"]
    document = extract(write_text(tmp_path / "b.txt", lines, "big5"))
    assert (document.title, document.language_variant) == (lines[0], "hant")
    assert document.issued_on == date(2023, 5, 9)


def test_json_and_back(tmp_path: Path) -> None:
    document = extract(write_docx(tmp_path / "b.docx", LONG))
    assert ExtractedDocument.from_json(document.to_json()) == document
