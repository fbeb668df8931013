"""Working days of China, and when a period of hours, days, working days or months ends.

How a period is counted stands in 《中华人民共和国民法典》第二百零一条至第二百零三条: counted in hours, it runs from
the hour itself; counted in days or months, the day it begins on does not count, its last day ends at 24:00 or, where
there are office hours, when the office closes, and a last day that is a day of rest gives way to the next working day.
Which of the two ends holds is a choice of the rule pack (``WorkingTime.day_ends``). Working days are counted in the
same way: the day of receipt does not count, and "within three working days" ends with the third working day after it.

Days of rest and make-up days are those of the package ``chinesecalendar``, which knows the years that the State
Council has announced. Outside them weekends alone are taken for days of rest, and ``calendar_warning`` says so.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

from chinese_calendar.constants import holidays, workdays
from django.utils.translation import gettext as _

#: The one time of China. A fixed distance from UTC: daylight saving was given up in 1991.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
KNOWN_YEARS = (min(holidays).year, max(holidays).year)
#: So many days before the calendar ends the warning begins. No regulation's number: the next year is announced in
#: the fourth quarter, and a new version of the package follows within weeks.
WARN_DAYS_AHEAD = 30
_SATURDAY = 5
_MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True)
class WorkingTime:
    """The end of a day of work by a rule pack. ``day_ends``: minutes after midnight, at most 1440 for 24:00."""

    day_ends: int = _MINUTES_OF_A_DAY
    article: str = ""
    verified: bool = True

    def end_of(self, day: date) -> datetime:
        """The moment at which ``day`` ends; 24:00 is given as 23:59:59, so that a screen shows the day it ends."""
        end = datetime.combine(day, time(), CHINA) + timedelta(minutes=self.day_ends)
        return end - timedelta(seconds=1) if self.day_ends == _MINUTES_OF_A_DAY else end

    @property
    def day_ends_words(self) -> str:
        """The end of a day of work as ``HH:MM``."""
        return f"{self.day_ends // 60:02d}:{self.day_ends % 60:02d}"


def read_day_end(text: object) -> int | None:
    """Minutes after midnight for ``HH:MM`` from 00:01 to 24:00; None for anything else."""
    if not isinstance(text, str):
        return None
    hours, colon, minutes = text.partition(":")
    if not (colon and len(hours) == len(minutes) == 2 and (hours + minutes).isascii() and (hours + minutes).isdigit()):
        return None
    found = int(hours) * 60 + int(minutes)
    return found if int(minutes) < 60 and 0 < found <= _MINUTES_OF_A_DAY else None


def is_known(day: date) -> bool:
    """Whether the calendar knows the days of rest of that year."""
    return KNOWN_YEARS[0] <= day.year <= KNOWN_YEARS[1]


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Whether offices work on ``day``: make-up days do, holidays and weekends do not."""
    return day in workdays or (day.weekday() < _SATURDAY and day not in holidays)


def nth_working_day(after: date, count: int) -> date:
    """The ``count``-th working day after the day ``after``; that day itself for 0."""
    day = after
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_day_from(day: date) -> date:
    """``day`` itself, or the next working day when it is a day of rest."""
    return day if is_working_day(day) else nth_working_day(day, 1)


def months_later(day: date, months: int) -> date:
    """The same day of the month ``months`` later, or that month's last day where there is none.

    《中华人民共和国民法典》第二百零二条.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def local_day(moment: datetime) -> date:
    """The day in China on which ``moment`` lies. Raises ValueError for a moment without its time zone."""
    if moment.tzinfo is None:
        raise ValueError(_("时刻没有时区，算不出期限：%(moment)s") % {"moment": moment.isoformat()})
    return moment.astimezone(CHINA).date()


def calendar_warning(today: date) -> str:
    """The warning that the calendar ends soon or has ended, with the way out; '' while it reaches far enough."""
    if is_known(today + timedelta(days=WARN_DAYS_AHEAD)):
        return ""
    return _(
        "工作日历只到 %(year)s 年底。此后的期限只按周末推算，不含法定节假日和调休。"
        "请把软件包 chinesecalendar 升级到包含下一年放假安排的版本（国务院一般在第四季度公布），再重新启动平台。"
    ) % {"year": KNOWN_YEARS[1]}
