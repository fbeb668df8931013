"""Days and moments as people write them in addresses and forms, and read them in sentences."""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone, localtime

#: Nothing here happens before or after; a day within has a day before and one after it, in every time zone.
FIRST, LAST = date(1900, 1, 1), date(2999, 12, 31)


def parse_day(text: str) -> date | None:
    """The day that ``text`` names as YYYY-MM-DD, from FIRST to LAST; None for anything else.

    Other ways of the standard to write a day (20260302, 2026-W10-1) do not stand in the order of their days.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if FIRST <= day <= LAST and day.isoformat() == text.strip() else None


def end_of_day(day: date) -> datetime:
    """The moment by the clock here at which ``day`` is over; of a day after LAST the end of that."""
    return datetime.combine(min(day, LAST) + timedelta(days=1), time(), get_current_timezone())


def moment_words(moment: datetime) -> str:
    """A moment as people read it, by the clock here: 2026-12-01 08:00."""
    return f"{localtime(moment):%Y-%m-%d %H:%M}"
