"""A page of an old site, made to keep its reader busy: work that grows with its length."""

from datetime import UTC, datetime

import pytest

from sites.arrivals.reading.bounds import CrawlBounds
from sites.arrivals.reading.page import read_page
from tests.linear.work import grows_too_fast

pytestmark = pytest.mark.unit
_NOW, _SIZE = datetime(2026, 6, 1, tzinfo=UTC), 192 * 1024
#: What stands again and again in one element.
UNITS = {
    "links in one line": '<a href="/a/1.html">关于做好有关工作的通知</a> 2024-05-01<br>',
    "links in items": '<li><a href="/a/1.html">关于做好有关工作的通知</a> 2024-05-01</li>',
    "short links": '<a href="/a/1.html">通知</a> ',
    "links without words": '<a href="/a/1.html"></a>',
    "spans that say a day": "<span>发布时间：2024-05-01 来源：本站</span>",
    "pictures": '<img src="/a/1.png" alt="图">',
    "headings": "<h1>标题</h1>",
    "rows": '<tr><td><a href="/a/1.html">关于做好有关工作的通知</a></td><td>2024-05-01</td></tr>',
    "jumps": "<script>if(a)location.href='/b/'</script>",
}


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS.keys())
def test_a_page_is_read_in_work_that_grows_with_its_length(unit: str):
    def run(length: int) -> object:
        page = f"<html><head><title>题</title></head><body><div>{unit * (length // len(unit))}</div></body></html>"
        return read_page(page.encode(), "http://old.example/a.html", now=_NOW, bounds=CrawlBounds())

    assert grows_too_fast(run, _SIZE) == 0
