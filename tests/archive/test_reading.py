"""The reader: archives as they were, and no way out of them."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from lxml import html as lxml_html

from govplatform.archive.actions import verify_kept
from govplatform.archive.models import Archive
from govplatform.archive.package.layout import ADDRESSES
from govplatform.archive.package.opening import json_lines
from govplatform.archive.reader.links import Places
from govplatform.archive.reader.rewriting import rewritten_page, rewritten_styles
from govplatform.archive.reader.texts import keep_texts, pages_with, texts_file
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant

ROOT = "http://alpha.localhost:8000"
READER = "archive.localhost"


class Asked(HTMLParser):
    """Every address that a browser would ask for, or lead to, and every script."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.scripts: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "href", "poster", "data", "action", "formaction", "background", "xlink:href"):
                self.addresses.append(value or "")
            if name == "srcset":
                self.addresses += [part.split()[0] for part in (value or "").split(",") if part.strip()]
            if name.startswith("on") or (value or "").strip().lower().startswith(("javascript:", "vbscript:")):
                self.scripts.append(f"{tag} {name}")
        if tag in ("script", "iframe", "object", "embed", "base", "frame"):
            self.scripts.append(tag)


@pytest.fixture
def reader(whole: Path) -> Callable[[str], Any]:
    """``reader("/at/news/")``: the answer for an address below the archive of alpha; ``reader.archive``: its row."""
    archive = Archive.objects.create(
        tenant=get_tenant("alpha"),
        name=json.loads((whole / "data/certificate.json").read_bytes())["archive"],
        folder=str(whole),
        state=Archive.State.DONE,
        state_at="2026-03-01T08:00:00+08:00",
        addresses=1,
    )

    def ask(path: str, **extra: Any) -> Any:
        answer = Client(HTTP_HOST=READER, raise_request_exception=False).get(f"/{archive.pk}{path}", **extra)
        if answer.streaming:
            answer.whole = b"".join(answer.streaming_content)
        return answer

    ask.archive = archive  # type: ignore[attr-defined]
    return ask


def test_the_host_keeps_no_session_and_runs_nothing(reader: Any):
    for path in ("/", "/at/", "/search/?q=x", "/elsewhere/?address=x", "/nothing"):
        answer = reader(path)
        assert not answer.cookies
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy
    assert Client(HTTP_HOST=READER).get("/admin/").status_code == 404
    assert Client(HTTP_HOST=READER).post(f"/{reader.archive.pk}/at/").status_code == 405


def test_by_address_with_banner(reader: Any):
    answer = reader("/at/news/employment-meeting/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "已归档，不再更新" in text and "2026-03-01 08:00" in text
    assert f'<a href="{ROOT}/news/employment-meeting/" rel="noreferrer">' in text
    assert text.index("archive-banner") < text.index("<h1")


def test_the_banner_has_no_link_where_nothing_is_known(reader: Any):
    tenant = get_tenant("alpha")
    tenant.status = Tenant.Status.RETIRED
    tenant.save()
    assert "现在的网址" not in reader("/at/news/employment-meeting/").content.decode()


def test_nothing_leads_out_of_the_archive(reader: Any, whole: Path):
    """Every page of the archive, every address on it: it is answered here, and by the archive."""
    pages = [
        line["address"].removeprefix(ROOT) for line in json_lines(whole / ADDRESSES) if line["type"] == "text/html"
    ]
    prefix = f"/{reader.archive.pk}/"
    asked: set[str] = set()
    for path in pages:
        answer = reader(f"/at{path}")
        if answer.status_code in (301, 302):
            assert answer.headers["Location"].startswith(prefix)
            continue
        found = Asked(answer.content.decode())
        assert found.scripts == []
        ours = {f"{ROOT}{path}", "/static/archive/reader.css"}
        assert [
            one for one in found.addresses if not one.startswith((prefix, "#", "mailto:", "tel:")) and one not in ours
        ] == []
        asked.update(one.split("#")[0] for one in found.addresses if one.startswith(f"{prefix}at/"))
    assert len(asked) > 30
    for address in sorted(asked):
        assert reader(address.removeprefix(prefix[:-1])).status_code in (200, 301), address


def test_files_come_whole(reader: Any, whole: Path):
    for line in json_lines(whole / ADDRESSES):
        if line["type"].startswith(("image/", "video/")) and "svg" not in line["type"]:
            answer = reader(f"/at{line['address'].removeprefix(ROOT)}")
            assert answer.status_code == 200 and len(answer.whole) == line["bytes"]
            assert answer.headers["Content-Type"] == line["type"]
            assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_the_words_of_pages_are_found(reader: Any, whole: Path, live: Any):
    """What stands in the text alone, and in no title or summary."""
    archive = reader.archive
    page = live("article")
    text = lxml_html.fromstring(str(page.body)).text_content().strip()
    words = text[:8]
    assert words not in page.title + page.summary
    bare = reader(f"/search/?q={quote(words)}").content.decode()
    assert "正文还没有准备好" in bare and "/at/news/article/" not in bare
    assert keep_texts(archive) > 5
    found = reader(f"/search/?q={quote(words)}").content.decode()
    assert f"/{archive.pk}/at/news/article/" in found and "archive-excerpt" in found and words in found
    # By its title it stands above, and once.
    titled = reader(f"/search/?q={quote(page.title)}").content.decode()
    assert titled.count(f"/{archive.pk}/at/news/article/") == 1
    nothing = reader("/search/?q=nothing-like-it").content.decode()
    assert "摘要和正文" in nothing
    assert pages_with(archive, ["\x00"], 5) == []
    # Words of a page's frame are no words of the page.
    assert pages_with(archive, ["网站标识码"], 500) == []
    texts_file(archive).write_bytes(b"no line\n[]\n{}\n" + texts_file(archive).read_bytes())
    assert f"/{archive.pk}/at/news/article/" in reader(f"/search/?q={quote(words)}").content.decode()
    Archive.objects.filter(pk=archive.pk).update(certificate="f" * 64)
    assert "正文还没有准备好" in reader("/search/?q=nothing-like-it").content.decode()


def test_a_film_is_wound_to_any_place(reader: Any, whole: Path):
    """The parts that a browser asks for, of the largest file there is."""
    files = [line for line in json_lines(whole / ADDRESSES) if line["type"].startswith("image/")]
    line = max(files, key=lambda line: line["bytes"])
    path, size = f"/at{line['address'].removeprefix(ROOT)}", line["bytes"]
    all_of_it = reader(path)
    assert all_of_it.headers["Accept-Ranges"] == "bytes"
    tag, content = all_of_it.headers["ETag"], all_of_it.whole
    for asked, (first, last) in {
        "bytes=0-0": (0, 0),
        "bytes=0-": (0, size - 1),
        f"bytes=10-{size + 99}": (10, size - 1),
        "bytes=-7": (size - 7, size - 1),
        f"bytes=-{size + 1}": (0, size - 1),
        f"bytes={size - 1}-": (size - 1, size - 1),
        "bytes= 5 - 20": (5, 20),
    }.items():
        answer = reader(path, HTTP_RANGE=asked)
        assert (answer.status_code, answer.headers["Content-Range"]) == (206, f"bytes {first}-{last}/{size}"), asked
        assert answer.whole == content[first : last + 1] and answer.headers["Content-Length"] == str(last - first + 1)
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    for asked in ("bytes=5-2", "bytes=0-1,5-6", "bytes=-", "lines=1-2", "bytes=a-b", "bytes=²-3", ""):
        answer = reader(path, HTTP_RANGE=asked)
        assert (answer.status_code, len(answer.whole)) == (200, size), asked
    for asked in (f"bytes={size}-", "bytes=999999999999999999-", "bytes=-0"):
        answer = reader(path, HTTP_RANGE=asked)
        assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{size}"), asked
    assert reader(path, HTTP_RANGE="bytes=3-9", HTTP_IF_RANGE=tag).status_code == 206
    assert reader(path, HTTP_RANGE="bytes=3-9", HTTP_IF_RANGE='"other"').status_code == 200
    page = reader("/at/", HTTP_RANGE="bytes=3-9")
    assert page.status_code == 200 and "Content-Range" not in page.headers


def test_columns_and_search(reader: Any):
    tree = reader("/").content.decode()
    assert "政策文件" in tree and "/column/?path=" in tree
    listed = reader("/column/?path=%2Fpolicies%2F").content.decode()
    assert f"/{reader.archive.pk}/at/policies/business-environment/" in listed
    title = lxml_html.fromstring(listed).xpath("//ul[@class='archive-items']//a")[0].text
    found = reader(f"/search/?q={quote(title[:6])}").content.decode()
    assert title in found
    assert "没有找到" in reader("/search/?q=nothing-like-it").content.decode()
    assert reader("/search/?q=" + quote("<script>")).content.decode().count("<script") == 0
    assert reader("/column/?path=/no/").status_code == 404


def test_what_is_not_there_is_said(reader: Any):
    answer = reader("/at/news/never-there/")
    assert answer.status_code == 404 and f"{ROOT}/news/never-there/" in answer.content.decode()
    answer = reader("/elsewhere/?address=" + quote("javascript:alert(1)"))
    assert "javascript:alert(1)" in answer.content.decode() and 'href="javascript' not in answer.content.decode()
    assert Client(HTTP_HOST=READER).get("/999999/").status_code == 404
    assert Client(HTTP_HOST=READER).get("/").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/at/../../../../etc/passwd", "/at/%2e%2e/%2e%2e/etc/passwd", "/at//etc/passwd", "/at/%00", "/at/..%5c..%5cx"],
)
def test_no_path_leads_into_the_disk(reader: Any, path: str):
    answer = reader(path)
    assert answer.status_code in (400, 404) and b"root:" not in answer.content


def test_a_faulty_archive_is_not_shown(copy: Path, reader: Any):
    archive = reader.archive
    Archive.objects.filter(pk=archive.pk).update(folder=str(copy))
    archive.refresh_from_db()
    (copy / "data/pages/pages.jsonl").write_text("x")
    assert not verify_kept(archive, acting_user=None).ok
    assert reader("/at/").status_code == 404


def test_a_damaged_record_is_said_and_harms_nothing(copy: Path, reader: Any):
    Archive.objects.filter(pk=reader.archive.pk).update(folder=str(copy))
    warc = next((copy / "data/archive").iterdir())
    warc.write_bytes(b"\x00" * warc.stat().st_size)
    assert reader("/at/news/article/").status_code == 500
    assert reader("/").status_code == 200


HOSTILE = """<!doctype html><html manifest="http://evil.example/m"><head><base href="http://evil.example/">
<meta http-equiv="refresh" content="0;url=http://evil.example/"><meta http-equiv="Content-Security-Policy" content="x">
<link rel="preload" href="http://evil.example/p"><link rel="dns-prefetch" href="//evil.example">
<link rel="stylesheet" href="http://evil.example/s.css"><script>alert(1)</script><script src="/x.js"></script>
<style>@import "http://evil.example/a.css"; @import url(//evil.example/b.css);
p{background:url( 'http://evil.example/i')}</style></head>
<body onload="alert(1)" background="http://evil.example/bg"><svg><script>alert(1)</script>
<a xlink:href="javascript:alert(1)">x</a>
<image href="http://evil.example/i"/><use xlink:href="http://evil.example/u#x"/></svg><img src="http://evil.example/1"
srcset="http://evil.example/2 2x, /known.png 1x">
<iframe src="http://evil.example/f" srcdoc="<script>x</script>"></iframe>
<object data="http://evil.example/o"><embed src="http://evil.example/e"></object>
<form action="http://evil.example/f"><input name=a formaction="http://evil.example/g"><button>go</button></form>
<a href=" java\tscript:alert(1)">1</a><a href="JaVaScRiPt:alert(1)">2</a><a href="data:text/html,x">3</a>
<a href="http://evil.example/l" ping="http://evil.example/ping" target="_top">4</a><a href="//evil.example/m">5</a>
<video poster="http://evil.example/v" src="http://evil.example/w" autoplay><source src="http://evil.example/s"></video>
<p style="background:url(http://evil.example/st)">text</p><a href="/known.png">6</a><svg><use href="#mark"/></svg>
<template><img src="http://evil.example/t"></template>
</body></html>"""


def hostile_places() -> Places:
    return Places("/7", "http://old.gov.cn", lambda address: address == "http://old.gov.cn/known.png")


def test_a_hostile_page_asks_nobody_and_runs_nothing():
    markup = HOSTILE.replace('<base href="http://evil.example/">', "")
    for source in (HOSTILE, markup):
        made = rewritten_page(
            source.encode(), "utf-8", "http://old.gov.cn/p/", hostile_places(), '<div class="b">banner</div>', "/s.css"
        ).decode()
        found = Asked(made)
        assert found.scripts == []
        assert all(one.startswith(("/7/at/", "/7/elsewhere/", "/s.css", "#")) for one in found.addresses), (
            found.addresses
        )
        outside = re.sub(r'"/7/elsewhere/\?address=[^"]*"', '""', made)
        assert "evil.example" not in re.sub(r">[^<]*<", "><", outside)
        assert made.index("banner") < made.index("<img")
    assert 'href="/7/at/known.png"' in made and '<use href="#mark">' in made


@pytest.mark.parametrize(
    "markup",
    [
        '<svg><style><meta http-equiv="refresh" content="0;url=http://evil.example/"></style></svg>',
        '<noscript><style></noscript><meta http-equiv=refresh content="0;url=http://evil.example/"></style></noscript>',
        "<math><style><<!--!--><a href=http://evil.example/>x</a></style></math>",
        "<svg><a><set attributeName=href to='http://evil.example/'/><text>x</text></a></svg>",
        "<svg><a><animate attributeName='xlink:href' values='http://evil.example/'/><text>x</text></a></svg>",
        "<img attributionsrc='http://evil.example/' lowsrc='http://evil.example/'>",
    ],
)
def test_what_browsers_read_otherwise_leads_nowhere(markup: str):
    made = rewritten_page(markup.encode(), "utf-8", "http://old.gov.cn/p/", hostile_places(), "<p>b</p>", "/s.css")
    assert not re.search(rb"<(?:meta http|a href=.?http|set|animate)|<img [^>]*evil", made), made


def test_styles_in_a_page_stay_what_they_are():
    styles = "<style><!-- @media (400px < width <= 90rem) { a > b::before { content: '5 < 6' } } --></style>"
    made = rewritten_page(styles.encode(), "utf-8", "http://old.gov.cn/", hostile_places(), "<p>b</p>", "/s.css")
    assert b"<style> @media (400px < width <= 90rem) { a > b::before { content: '5 < 6' } } </style>" in made


def test_styles_fetch_out_of_the_archive_alone():
    styles = b"""@import url("/x.css"); a{background:url(/known.png)} b{background:URL( "//evil.example/i" )}
    @font-face{src:url('http://evil.example/f') format("woff2")} @IMPORT 'http://evil.example/c';"""
    made = rewritten_styles(styles, "http://old.gov.cn/css/a.css", hostile_places())
    assert b"evil.example" not in made and b'url("/7/at/known.png")' in made


@pytest.mark.parametrize("markup", [b"", b"<", b"\x00\xff\xfe", b"<" * 50_000, b"<div>" * 20_000, b"plain text"])
def test_markup_of_any_kind_gives_a_page_or_is_given_up(markup: bytes):
    from govplatform.archive.reader.rewriting import NotReadable

    try:
        made = rewritten_page(
            markup, "no-such-charset", "http://old.gov.cn/", hostile_places(), "<div>b</div>", "/s.css"
        )
    except NotReadable:
        return
    assert b"<div>b</div>" in made
