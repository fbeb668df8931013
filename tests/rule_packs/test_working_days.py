"""Periods in hours, days, working days and months. Days of 2026: 15 to 23 February and 1 to 7 October are holidays,
Saturday 14 and 28 February, Sunday 20 September and Saturday 10 October are worked."""

from datetime import UTC, date, datetime, timedelta

import pytest

from govplatform.rule_packs.limits import Limit, Unit, WrongUnit
from govplatform.rule_packs.working_days import (
    CHINA,
    KNOWN_YEARS,
    WorkingTime,
    calendar_warning,
    is_known,
    is_working_day,
    nth_working_day,
    read_day_end,
)

pytestmark = pytest.mark.unit


def stated(value, unit, day_ends="24:00"):
    return Limit("claim", value, Unit(unit), "平台约定", working_time=WorkingTime(read_day_end(day_ends)))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("value", "unit", "begins", "ends"),
    [
        # Friday afternoon: the day of receipt does not count, the weekend neither.
        (1, "working_days", "2026-11-27 15:00", "2026-11-30 23:59:59"),
        (3, "working_days", "2026-11-27 15:00", "2026-12-02 23:59:59"),
        # On a day of rest: the next working day is the first.
        (1, "working_days", "2026-11-28 09:00", "2026-11-30 23:59:59"),
        # The first and the last minute of a day are of that day.
        (1, "working_days", "2026-11-25 00:00", "2026-11-26 23:59:59"),
        (1, "working_days", "2026-11-25 23:59", "2026-11-26 23:59:59"),
        # A Saturday that is worked counts; the nine days of the Spring Festival do not.
        (2, "working_days", "2026-02-12 10:00", "2026-02-14 23:59:59"),
        (1, "working_days", "2026-02-14 10:00", "2026-02-24 23:59:59"),
        # Hours run from the hour itself, whatever the day.
        (24, "hours", "2026-02-14 10:30", "2026-02-15 10:30"),
        (2, "hours", "2026-11-27 23:00", "2026-11-28 01:00"),
        # Days end with the last day, or with the next working day when that is a day of rest.
        (3, "days", "2026-11-23 08:00", "2026-11-26 23:59:59"),
        (5, "days", "2026-11-23 08:00", "2026-11-30 23:59:59"),
        (7, "days", "2026-09-24 08:00", "2026-10-08 23:59:59"),
        # Months end with the same day of the month, or its last one.
        (1, "months", "2026-10-26 08:00", "2026-11-26 23:59:59"),
        (1, "months", "2026-01-31 08:00", "2026-02-28 23:59:59"),
        (13, "months", "2025-01-15 08:00", "2026-02-24 23:59:59"),
        (0, "days", "2026-11-26 08:00", "2026-11-26 23:59:59"),
    ],
)
def test_when_a_period_ends(value, unit, begins, ends):
    assert stated(value, unit).after(at(begins)) == at(ends)


def test_the_day_is_that_of_china_wherever_the_moment_was_taken():
    received = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)  # 00:30 of the 27th in China, a Friday
    assert stated(1, "working_days").after(received) == at("2026-11-30 23:59:59")
    assert stated(2, "hours").after(received).isoformat() == "2026-11-27T02:30:00+08:00"


def test_china_has_one_time_in_summer_and_in_winter():
    summer, winter = stated(1, "hours").after(at("1988-07-01 12:00")), stated(1, "hours").after(at("2026-01-01 12:00"))
    assert summer.utcoffset() == winter.utcoffset() == timedelta(hours=8)


def test_a_pack_may_let_the_day_end_when_the_office_closes():
    assert stated(1, "working_days", "18:00").after(at("2026-11-27 15:00")) == at("2026-11-30 18:00")
    assert stated(3, "days", "17:30").after(at("2026-11-23 08:00")) == at("2026-11-26 17:30")
    assert stated(2, "hours", "18:00").after(at("2026-11-27 17:00")) == at("2026-11-27 19:00")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("24:00", 1440), ("18:00", 1080), ("00:01", 1), ("00:00", None), ("24:01", None), ("7:30", None), ("17:60", None),
     ("1800", None), ("", None), (18, None), (None, None), ("１８:００", None), ("-1:30", None)],
)  # fmt: skip
def test_how_the_end_of_a_day_is_written(text, minutes):
    assert read_day_end(text) == minutes


def test_a_moment_without_its_time_zone_is_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="时区"):
        stated(1, "hours").after(datetime(2026, 11, 27, 15, 0))  # noqa: DTZ001 - what is tested


def test_a_limit_answers_only_what_its_unit_can():
    with pytest.raises(WrongUnit, match=r"claim.*persons（人）.*不是时间"):
        stated(3, "persons").after(at("2026-11-27 15:00"))
    with pytest.raises(WrongUnit, match=r"working_days（个工作日）.*日历天数"):
        _ = stated(3, "working_days").days
    with pytest.raises(WrongUnit, match=r"hours（小时）.*是时间"):
        _ = stated(3, "hours").count
    assert (stated(3, "persons").count, stated(14, "days").days) == (3, 14)
    assert [str(stated(1, unit)) for unit in ("hours", "working_days", "times")] == ["1 小时", "1 个工作日", "1 次"]


def test_beyond_the_known_years_weekends_alone_are_days_of_rest():
    for year in (KNOWN_YEARS[1] + 1, KNOWN_YEARS[1] + 40, KNOWN_YEARS[0] - 1):
        first = date(year, 1, 1)
        assert not is_known(first)
        week = [first + timedelta(days=n) for n in range(7)]
        assert [is_working_day(day) for day in week] == [day.weekday() < 5 for day in week]
    last = datetime(KNOWN_YEARS[1], 12, 31, 12, tzinfo=CHINA)
    due = stated(10, "working_days").after(last)
    assert due.date() == nth_working_day(last.date(), 10)
    assert due.year == KNOWN_YEARS[1] + 1


def test_the_end_of_the_calendar_is_said_before_it_comes():
    assert calendar_warning(date(KNOWN_YEARS[1], 6, 1)) == ""
    for day in (date(KNOWN_YEARS[1], 12, 20), date(KNOWN_YEARS[1] + 1, 3, 1)):
        assert str(KNOWN_YEARS[1]) in calendar_warning(day)
        assert "chinesecalendar" in calendar_warning(day)
