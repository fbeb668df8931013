"""Addresses that a crawl names in other ways than a browser does."""

import pytest

from sites.arrivals.reading.addresses import as_sent
from tests.arrivals.old_site import HOST, Answer, article, write_warc
from tests.arrivals.test_survey import by_path, survey


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def test_a_draft_whose_old_address_nobody_can_ask_for_says_so(verb, tmp_path):
    plain, control, long = "/xw/a.html", "/xw/a%00b.html", f"/xw/{'长' * 300}.html"
    titles = ("岚河县检修山区供水设施", "岚河县公布冬季防冻安排", "岚河县开通山区公交")
    answers = [
        Answer(path, article(title, words=(f"{title}。" * 12,)))
        for path, title in zip((plain, control, long), titles, strict=True)
    ]
    status, answer = survey(verb, write_warc(tmp_path / "old.warc.gz", answers))
    pages, _skipped = by_path(answer)
    assert status == 0 and set(pages) == {plain, control, long}
    told = {path: [reason for reason in page["reasons"] if "不能从它跳转" in reason] for path, page in pages.items()}
    assert told[plain] == [] and f"http://{HOST}{control}" in told[control][0]
    assert len(told[control]) == 1


def test_an_address_that_a_crawl_names_in_bytes_of_gbk_keeps_them_as_escapes(verb, tmp_path):
    source = write_warc(tmp_path / "old.warc", [Answer("/xw/PLACE.html", article("岚河县检修山区供水设施"))])
    source.write_bytes(source.read_bytes().replace(b"PLACE", "新闻页".encode("gbk")))
    status, answer = survey(verb, source)
    assert status == 0 and [page["address"] for page in answer["pages"]] == [
        f"http://{HOST}/xw/%D0%C2%CE%C5%D2%B3.html"
    ]


@pytest.mark.parametrize("header", ["http://old.test/a.html", "http://old.test/新闻.html", "http://old.test/caf\xe9/"])
def test_what_is_no_gbk_stays(header):
    assert as_sent(header) == header
