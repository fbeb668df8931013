"""What a screen says of a limit: what is left in working time, by how much it was missed, how long one waits."""

from datetime import datetime

import pytest

from govplatform.rule_packs.time_words import age_words, left_words
from govplatform.rule_packs.working_days import CHINA

pytestmark = pytest.mark.unit


def at(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("now", "due", "said"),
    [
        ("11-25 14:00", "11-25 17:10", "还剩 3 小时"),
        ("11-25 14:00", "11-25 14:59", "还剩 59 分钟"),
        ("11-25 14:00", "11-25 14:00", "还剩不到 1 分钟"),
        ("11-25 23:00", "11-26 01:30", "还剩 2 小时"),
        # from one working day into the next: that one day is left, whatever hour it is
        ("11-25 10:00", "11-26 23:59", "还剩 1 个工作日"),
        # Friday to Monday: the weekend is nobody's time
        ("11-27 10:00", "11-30 23:59", "还剩 1 个工作日"),
        ("11-27 10:00", "12-02 23:59", "还剩 3 个工作日"),
        # over the days of rest of the national holiday nothing but days of rest lies between
        ("10-01 10:00", "10-04 12:00", "还剩 3 天"),
        ("11-25 14:00", "11-25 13:20", "已超 40 分钟"),
        ("11-25 14:00", "11-25 09:00", "已超 5 小时"),
        ("11-30 10:00", "11-27 09:00", "已超 1 个工作日"),
        ("11-26 23:00", "11-24 23:59", "已超 2 个工作日"),
        ("11-29 12:00", "11-28 09:00", "已超 1 天"),
    ],
)
def test_a_limit_is_told_in_working_time(now, due, said):
    assert left_words(at(due), at(now)) == said


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("11-25 13:59", "刚到"),
        ("11-25 13:20", "等了 40 分钟"),
        ("11-25 05:00", "等了 9 小时"),
        ("11-22 10:00", "等了 3 天"),
    ],
)
def test_a_wait_is_told_in_words(since, said):
    assert age_words(at(since), at("11-25 14:00")) == said
