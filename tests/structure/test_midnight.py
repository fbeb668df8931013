"""No test is begun that would go on over midnight, and what was prepared for one day is no other day's."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests import database
from tests.layers import _Layer
from tests.midnight import LAST_MINUTE, pause_before_test, seconds_to_new_day

CHINA = timezone(timedelta(hours=8))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("now", "pause"),
    [
        (datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC), 1),  # the end of a month in China
        (datetime(2026, 12, 31, 15, 59, 0, tzinfo=UTC), 60),  # and of a year
        (datetime(2026, 11, 30, 15, 58, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 30, 16, 0, 0, tzinfo=UTC), 0),
        (datetime(2026, 11, 30, 23, 59, 30, tzinfo=UTC), 30),  # the morning of the offices
    ],
)
def test_a_test_waits_for_the_end_of_the_day_when_that_is_near(now, pause):
    waited = pause_before_test(now, CHINA, UTC)
    assert pause <= waited <= pause + 0.2
    begun = now + timedelta(seconds=waited)
    assert min(seconds_to_new_day(begun, zone) for zone in (CHINA, UTC)) > LAST_MINUTE


@pytest.mark.unit
def test_live_pages_are_of_the_day_and_bare_sites_of_any(time_machine, monkeypatch):
    def names():
        database.begin_day()
        return database.name_of("sites"), database.name_of("pages")

    monkeypatch.setattr(database, "_today", "")
    today = names()
    assert names() == today
    time_machine.move_to(datetime.now(UTC) + timedelta(days=1))
    assert database.name_of("pages") == today[1], "a test that moves its clock stays where it stands"
    tomorrow = names()
    assert tomorrow[0] == today[0]
    assert tomorrow[1] != today[1]


@pytest.mark.django_db
def test_a_layer_is_written_anew_on_a_new_day(time_machine):
    written = []
    layer = _Layer()

    def build():
        written.append("rows")

    for _ in range(2):
        layer.change_to(build)
        assert len(written) == 1
    time_machine.move_to(datetime.now(UTC) + timedelta(days=1))
    layer.change_to(build)
    assert len(written) == 2
    layer.leave()
