"""Pages that say the wrong thing of themselves: of their encoding, title, day, column, or of being a page at all."""

from datetime import UTC, datetime

import pytest

from sites.arrivals.reading.addresses import cleaned, key_of
from sites.arrivals.reading.bounds import CrawlBounds
from sites.arrivals.reading.page import read_page
from tests.arrivals.old_site import BIG5, HOST, SITE, WORDS, article

pytestmark = pytest.mark.unit

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SIMPLE, TRADITIONAL = "岚河县检修山区供水设施", "嵐河縣公佈冬季防凍安排"


def read(data: bytes, path: str = "/xw/1.html"):
    return read_page(data, f"http://{HOST}{path}", now=NOW, bounds=CrawlBounds())[0]


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "gbk", "gb18030", "big5", "iso-8859-1", "nonsense"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gbk", "gb18030", "big5"])
def test_the_encoding_is_told_from_the_bytes_whatever_is_declared(encoding, declared):
    big5 = encoding == "big5"
    title = TRADITIONAL if big5 else SIMPLE
    metas = {"SiteName": "嵐河縣人民政府", "ContentSource": "嵐河縣水務局", "ColumnName": "-"} if big5 else None
    page = article(title, encoding=encoding, declared=declared, words=BIG5 * 3 if big5 else WORDS, metas=metas)
    found = read(page)
    assert (found.kind, found.title) == ("article", title)
    assert found.source == ("嵐河縣水務局" if big5 else "岚河县水务局")


@pytest.mark.parametrize(
    "day",
    ["2018-05-06", "2018/5/6", "2018年5月6日", "二〇一八年五月六日", "2018.05.06 10:20", "2018-05-06T10:20:00+08:00"],
)
@pytest.mark.parametrize("where", ["tag", "line"])
def test_a_day_in_any_form_is_found_in_its_tag_and_below_the_title(day, where):
    if where == "tag":
        page = article(SIMPLE, day=day)
    else:
        page = article(
            SIMPLE, metas={"PubDate": "-"}, under_title=f"发布时间：{day.replace('T', ' ')[:16]}　来源：县水务局"
        )
    assert read(page).published_at[:10] == "2018-05-06"


@pytest.mark.parametrize("value", ["", "null", "NULL", "undefined", "-", "${title}", SITE, "工作动态"])
def test_a_title_that_says_nothing_is_taken_from_the_text(value):
    found = read(article(SIMPLE, metas={"ArticleTitle": value}))
    assert found.title == SIMPLE and any("ArticleTitle" in str(reason) for reason in found.reasons)


@pytest.mark.parametrize("name", ["PubDate", "ContentSource", "ColumnName"])
@pytest.mark.parametrize("value", ["", "null", "Null", "{{ value }}"])
def test_no_empty_tag_is_believed(name, value):
    found = read(article(SIMPLE, metas={name: value}))
    told = {"PubDate": found.published_at, "ContentSource": found.source, "ColumnName": found.column}[name]
    assert value.lower() != told.lower() or value == ""
    assert "null" not in told.lower() and "{{" not in told


@pytest.mark.parametrize(
    "code",
    [
        'window.location.href="/xw/2.html";',
        "location='/xw/2.html'",
        'location.replace("/xw/2.html")',
        'top.location.href = "/xw/2.html"',
        'self.location="/xw/2.html";',
        'location.assign("/xw/2.html")',
    ],
)
def test_a_page_that_leads_on_by_a_script_is_a_redirect(code):
    found = read(f"<html><script>{code}</script><body>请稍候</body></html>".encode())
    assert (found.kind, found.target) == ("redirect", f"http://{HOST}/xw/2.html")


def test_framesets_and_pages_that_refresh_are_no_articles():
    frames = b'<html><frameset cols="1,2"><frame src="/a.html"><frame src="/b.html"></frameset></html>'
    assert read(frames).kind == "frame"
    refresh = '<html><head><meta http-equiv="refresh" content="3; URL=/xw/2.html"></head><body>请稍候</body></html>'
    assert read(refresh.encode()).target == f"http://{HOST}/xw/2.html"


@pytest.mark.parametrize(
    "written",
    [
        "/show.jsp;jsessionid=AB12CD?id=3",
        "/show.jsp?id=3&JSESSIONID=AB12CD",
        "/show.jsp?PHPSESSID=9f8e&id=3",
        "/show.jsp?id=3&sid=1&_=163",
        "/show.jsp?ASPSESSIONIDQQ=A&id=3#top",
    ],
)
def test_addresses_that_differ_by_the_session_are_one(written):
    assert key_of(f"http://{HOST}{written}") == key_of(f"http://{HOST}/show.jsp?id=3")
    assert "id=3" in cleaned(f"http://{HOST}{written}")
