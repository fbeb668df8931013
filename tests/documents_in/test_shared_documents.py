"""Three real documents, where they are at hand: their facts as numbers and digests, none of their text."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from sites.documents_in.extraction import ExtractedDocument, HeadingBlock
from tests.documents_in.fictional import (
    extract,
    outline,
    warned,
    write_docx,
    write_html,
    write_pdf,
    write_text,
)
from tests.documents_in.test_formats import facts

pytestmark = pytest.mark.unit

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "documents"


@dataclass(frozen=True)
class Facts:
    """title and issuer: length and digest. lines: of the outline. characters: of all lines."""

    title: tuple[int, str]
    number: str
    issuer: tuple[int, str]
    issued_on: date | None
    published_on: date | None
    variant: str
    headings: int
    lines: int
    characters: int


EXPECTED: dict[str, Facts] = {
    "hebei-measures.txt": Facts(
        title=(11, "407d631ce7"),
        number="",
        issuer=(0, "e3b0c44298"),
        issued_on=None,
        published_on=None,
        variant="hant",
        headings=8,
        lines=50,
        characters=6039,
    ),
    "jiangsu-opinions.txt": Facts(
        title=(25, "4ba41169bf"),
        number="",
        issuer=(10, "15cd7aef7b"),
        issued_on=date(2017, 6, 28),
        published_on=None,
        variant="hans",
        headings=3,
        lines=30,
        characters=4994,
    ),
    "state-council-notice-2011.txt": Facts(
        title=(26, "6fcfed885b"),
        number="〔2011〕421号",
        issuer=(10, "30ec103ebf"),
        issued_on=date(2011, 7, 21),
        published_on=date(2011, 7, 25),
        variant="hans",
        headings=2,
        lines=29,
        characters=3770,
    ),
}


def short(text: str) -> tuple[int, str]:
    return len(text), hashlib.sha256(text.encode()).hexdigest()[:10]


def facts_of(document: ExtractedDocument) -> Facts:
    lines = outline(document)
    return Facts(
        title=short(document.title),
        number="".join(document.document_number.partition("〔")[1:]),
        issuer=short(document.issued_by),
        issued_on=document.issued_on,
        published_on=document.published_on,
        variant=document.language_variant,
        headings=sum(isinstance(block, HeadingBlock) for block in document.blocks),
        lines=len(lines),
        characters=sum(map(len, lines)),
    )


def test_each_is_recognised_and_agrees_between_formats(tmp_path: Path) -> None:
    """Passes over an empty list where the folder is not at hand; the rules themselves are tested elsewhere."""
    for path in sorted(FOLDER.glob("*.txt")):
        document = extract(path)
        assert facts_of(document) == EXPECTED[path.name]
        lines = path.read_text(encoding="utf-8").splitlines()
        for copy in (
            write_text(tmp_path / "a.txt", lines, "gb18030"),
            write_html(tmp_path / "a.html", lines, "gbk"),
            write_pdf(tmp_path / "a.pdf", [line for line in lines if line.strip()], head="汇编"),
        ):
            assert facts(extract(copy))[1:] == facts(document)[1:]
            assert extract(copy).title == document.title
        word = extract(write_docx(tmp_path / "a.docx", lines))
        assert facts(word)[:6] == facts(document)[:6]
        assert len("".join(outline(word))) >= len("".join(outline(document)))


def test_what_was_changed_is_told() -> None:
    documents = {path.stem.split("-")[0]: extract(path) for path in sorted(FOLDER.glob("*.txt"))}
    for name, words in (
        ("hebei", ("页面附加内容 3 行",)),
        ("jiangsu", ("标题由 2 行合并",)),
        ("state", ("段与前面的重复，未删除",)),
    ):
        assert name not in documents or warned(documents[name], *words)
