"""Files made to be slow: what grows in them is read in one pass, so ten times as much is about ten times the steps."""

import sys
from pathlib import Path

import pytest

from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.word.reader import read_docx
from tests.documents_in.word.writing import abstract, level, num, numbered, p, style, text, write

pytestmark = pytest.mark.unit

MARK = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
OPEN = MARK.format("begin") + "<w:r><w:instrText>REF a</w:instrText></w:r>" + MARK.format("separate") + text("甲")
BULLET = '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl>'
LISTS = abstract(0, level(0, "decimal", "%1、"), BULLET) + num(1, 0)


def linked(count: int) -> str:
    """Lists that lead to each other by their styles."""
    links = '<w:numStyleLink w:val="S{}"/><w:styleLink w:val="S{}"/>'
    lists = "".join(abstract(n, more=links.format(n + 1, n)) for n in range(count))
    return lists + "".join(num(n, n) for n in range(count))


def steps(path: Path, body: str, **parts: str) -> int:
    """How many calls the reading of a document takes."""
    write(path, body, **parts)  # type: ignore[arg-type]
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        read_docx(path, ExtractionLimits())
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "grown",
    [
        lambda n: {"body": p(OPEN * n + MARK.format("end") * n)},
        lambda n: {"body": p(OPEN * n)},
        lambda n: {"body": p(text("甲", "<w:b/>") * n)},
        lambda n: {"body": numbered("甲。") * n, "numbering": LISTS},
        lambda n: {"body": (numbered("甲。") + numbered("乙。", 1, 1)) * n, "numbering": LISTS},
        lambda n: {"body": p("甲", "<w:rPr><w:vanish/></w:rPr>") * n},
        lambda n: {"body": p("甲。"), "numbering": linked(n)},
        lambda n: {"body": p("甲。"), "styles": "".join(style(f"s{k}", based_on=f"s{k - 1}") for k in range(n))},
        lambda n: {"body": "<w:tbl>" + f"<w:tr><w:tc>{p('甲')}</w:tc><w:tc>{p('乙')}</w:tc></w:tr>" * n + "</w:tbl>"},
    ],
    ids=["open fields", "broken fields", "runs", "numbers", "bullets", "joined", "linked lists", "styles", "rows"],
)
def test_reading_grows_with_the_file(tmp_path: Path, grown: object) -> None:
    small, large = (steps(tmp_path / "a.docx", **grown(n)) for n in (100, 1000))  # type: ignore[operator]
    assert large < small * 13
