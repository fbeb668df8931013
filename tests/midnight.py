"""No test goes on over midnight: who writes today's date at its beginning and reads it at its end reads one day.

Holding the clock of Python alone would not do: PostgreSQL has its own, and so have the processes that tests start. So a
test that would begin in the last minute of a day begins after it. What was prepared for the day before is prepared anew
(``tests/database.py``, ``tests/layers.py``).
"""

import time
from datetime import UTC, datetime, timedelta, tzinfo

from django.utils import timezone

#: Seconds: longer than nearly every test takes on a busy machine.
LAST_MINUTE = 60


def seconds_to_new_day(now: datetime, zone: tzinfo) -> float:
    """From ``now`` to the midnight of ``zone`` that comes next."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return (datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone) - now).total_seconds()


def pause_before_test(now: datetime, *zones: tzinfo) -> float:
    """Seconds that a test waits which would begin at ``now``: to the end of the day, if that comes soon, or none."""
    pauses = [left + 0.1 for zone in zones if (left := seconds_to_new_day(now, zone)) <= LAST_MINUTE]
    return max(pauses, default=0.0)


def wait_for_a_whole_day() -> None:
    """Returns when no day ends within a minute: that of the offices, and that of UTC."""
    if pause := pause_before_test(datetime.now(UTC), timezone.get_default_timezone(), UTC):
        time.sleep(pause)
