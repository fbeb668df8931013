"""Publish times as old sites wrote them."""

from datetime import UTC, datetime

import pytest

from sites.arrivals.reading.times import CHINA, labelled_time, parse_time, time_in_address

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "told", "timed"),
    [
        ("2019-03-02 10:20", "2019-03-02T10:20", True),
        ("2019年3月2日 下午3:05", "2019-03-02T15:05", True),
        ("二〇一九年三月二日", "2019-03-02T00:00", False),
        ("2019/3/2", "2019-03-02T00:00", False),
        ("2019.03.02 23:59:59", "2019-03-02T23:59", True),
        ("20190302", "2019-03-02T00:00", False),
        ("20190302102030", "2019-03-02T10:20", True),
        ("2019-03-02T02:20:00Z", "2019-03-02T10:20", True),
        ("2019-03-02T10:20:00+08:00", "2019-03-02T10:20", True),
        ("Sat, 02 Mar 2019 02:20:00 GMT", "2019-03-02T10:20", True),
        ("Sat Mar 02 10:20:00 CST 2019", "2019-03-02T10:20", True),
        ("Mar 2, 2019", "2019-03-02T00:00", False),
        ("19-03-02 10:20", "2019-03-02T10:20", True),
        ("1551493200", "2019-03-02T10:20", True),
        ("1551493200000", "2019-03-02T10:20", True),
    ],
)
def test_forms(written, told, timed):
    found = parse_time(written, now=NOW)
    assert found is not None
    assert (found[0].astimezone(CHINA).isoformat()[:16], found[1]) == (told, timed)


@pytest.mark.parametrize("written", ["", "null", "2019-13-40", "1900-01-01", "2099-01-01", "昨天", "${pubdate}"])
def test_what_is_no_publish_time(written):
    assert parse_time(written, now=NOW) is None


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://a.example/art/2019/3/2/art_1_2.html", "2019-03-02"),
        ("http://a.example/xw/201903/t20190302_55.html", "2019-03-02"),
        ("http://a.example/xw/55.html", None),
    ],
)
def test_a_day_in_the_address(address, told):
    found = time_in_address(address, now=NOW)
    assert (found.date().isoformat() if found else None) == told


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("/tzgg/2020/11/30.shtml", "2020-11-30"), ("/tzgg/2020/1/10.shtml", "2020-01-10"),
        ("/art/2019/3/12/art_1.html", "2019-03-12"), ("/2019/0302/5.html", "2019-03-02"),
        ("/201903/t20190302_5.html", "2019-03-02"), ("/x/2019_12_1_7.html", "2019-12-01"),
    ],
)  # fmt: skip
def test_no_digit_of_a_day_in_an_address_is_lost(address, day):
    assert time_in_address(f"http://a.example{address}", now=NOW).date().isoformat() == day


@pytest.mark.parametrize("written", ["2020.9.12", "二〇二〇年九月十二日", "20-09-12", "2020-9-12 8:30"])
def test_a_day_behind_its_label_is_found(written):
    text = f"会议纪要\n发布时间：{written}　来源：农技站　浏览次数：318\n2021年5月6日召开会议。"
    assert labelled_time(text, now=NOW)[0].date().isoformat() == "2020-09-12"
    assert labelled_time("正文里的2021年5月6日", now=NOW) is None
