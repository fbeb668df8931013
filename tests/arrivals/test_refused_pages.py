"""Why a page of a crawl is not taken: in words for whoever reads the report, who has no file to upload again."""

import re
from pathlib import Path

import pytest

from sites.arrivals.reading import refusals
from sites.documents_in import extraction
from tests.arrivals.test_lying_pages import read

pytestmark = pytest.mark.unit

NAVIGATION = "".join(f'<li><a href="/{n}/">岚河县第{n}个栏目的信息</a></li>' for n in range(40))
PAGES = {
    "links": f"<ul>{NAVIGATION}</ul>".encode(),
    "frame": b'<body><iframe src="/text.html"></iframe></body>',
    "too deep": b"<div>" * 300 + "深".encode() + b"</div>" * 300,
    "too long": "".join(f"<p>第{n}段的文字。</p>" for n in range(20_100)).encode(),
    "many cells": ("<p>统计</p><table>" + "<tr>" + "<td>一</td>" * 200 + "</tr>").encode()
    + ("<tr>" + "<td>一</td>" * 200 + "</tr>").encode() * 110 + b"</table>",
    "undecodable": "锟斤拷锟斤拷".encode() * 40,
    "binary": b"<p>\x00\x01\x02" + bytes(range(256)) * 4,
}  # fmt: skip


@pytest.mark.parametrize("what", PAGES)
def test_no_reason_speaks_of_uploading(what):
    found = read(PAGES[what], "/gk/12.shtml")
    assert found.kind != "article" and found.reason, what
    assert not re.search("上传|另存|docx|记事本|%", found.reason), found.reason


def test_a_page_of_nothing_but_links_is_a_navigation_page_wherever_it_is():
    found = read(PAGES["links"], "/gk/12.shtml")
    assert (found.kind, found.reason) == ("list", "栏目页或首页：几乎只有导航和链接。")


def test_every_refusal_of_the_reader_of_pages_has_its_words():
    """Whatever is refused in the reading of a page stands in the sheet; a new one would be told as a file is."""
    folder = Path(extraction.__file__).parent
    files = [*(folder / "html").glob("*.py"), folder / "encodings.py"]
    raised = set()
    for file in files:
        raised |= set(re.findall(r"raise ExtractionRefused\((?:said\()?([^,)\n]+)", file.read_text()))
    names = {name for one in raised for name in re.findall(r"\b[A-Z_]{4,}\b", one)}
    assert raised and all(re.search(r"[A-Z_]{4,}", one) for one in raised), raised
    assert names <= set(vars(refusals)), names
