"""The times of old pages, as templates, servers and people have written them."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from sites.documents_in.extraction.recognition.dates import find_written, parse_date

CHINA = timezone(timedelta(hours=8))
EARLIEST = datetime(1990, 1, 1, tzinfo=CHINA)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})T(\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?:\s?([01]\d|2[0-3]):?([0-5]\d):?([0-5]\d)?)?")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?|[5-9]\d{8}")
_CLOCK = re.compile(
    r"(?:(上午|下午|晚上|[AaPp][Mm])\s*+)?(\d{1,2})\s*+[:：时點点]\s*+(\d{1,2})(?:\s*+[:：分]\s*+(\d{1,2}))?"
)
_SHORT = re.compile(r"(?<!\d)(\d{2})([-./])(\d{1,2})\2(\d{1,2})(?!\d)")
_JAVA = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) \S+ (\d{4})")
_ENGLISH = re.compile(r"([A-Z][a-z]{2})[a-z]*\.? (\d{1,2}),? (\d{4})")
#: A day in an address: its parts apart from each other by the same sign, or each with two digits.
_IN_ADDRESS = re.compile(
    r"(?:/|[_t])((?:19|20)\d{2})(?:([-_/])(1[0-2]|0?[1-9])\2(3[01]|[12]\d|0?[1-9])|[-_/]?(0[1-9]|1[0-2])[-_/]?([0-2]\d|3[01]))"
    r"(?=[/_.\-]|$)"
)
_LABELLED = re.compile(r"(?:时间|日期|時間)\s*+[:：]\s*+([^\n]{6,40})")


def parse_time(text: str, *, now: datetime) -> tuple[datetime, bool] | None:
    """Return (time, whether a time of day is stated) of the first date in a text; None where there is none.

    A time without a zone is China's. Nothing before 1990 and nothing later than a day after `now` is a publish time.
    """
    text = " ".join(text.split())
    for read in (_iso, _java, _mail, _chinese, _compact, _short, _english, _epoch):
        try:
            found = read(text)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
        if found is not None:
            return found if EARLIEST <= found[0] <= now + timedelta(days=1) else None
    return None


def labelled_time(text: str, *, now: datetime) -> tuple[datetime, bool] | None:
    """Return what `parse_time` makes of the first day in a text that stands behind a word such as 发布时间."""
    for found in re.finditer(_LABELLED, text):
        # Of a line with more on it only the beginning is the day.
        words = re.split(r"[　|]| {2,}|来源|作者|浏览|点击|字号", found[1])[0].strip()
        if (parsed := parse_time(words, now=now)) is not None:
            return parsed
    return None


def time_in_address(address: str, *, now: datetime) -> datetime | None:
    """Return the day that an address names, like /art/2019/3/2/art_1.html or /201903/t20190302_5.html."""
    for found in re.finditer(_IN_ADDRESS, address):
        try:
            month, number = found[3] or found[5], found[4] or found[6]
            day = datetime(int(found[1]), int(month), int(number), tzinfo=CHINA)
        except ValueError:
            continue
        if EARLIEST <= day <= now + timedelta(days=1):
            return day
    return None


def _iso(text: str) -> tuple[datetime, bool] | None:
    found = _ISO.search(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(value or 0) for value in found.groups()[:6])
    zone = found[7]
    made = datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
    if zone == "Z":
        made = made.replace(tzinfo=UTC)
    elif zone:
        sign = -1 if zone[0] == "-" else 1
        digits = zone[1:].replace(":", "")
        offset = sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        made = made.replace(tzinfo=timezone(offset))
    return made.astimezone(CHINA), True


def _java(text: str) -> tuple[datetime, bool] | None:
    found = _JAVA.search(text)
    if found is None:
        return None
    month, day, hour, minute, second, year = found.groups()
    moment = datetime(int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), int(second), tzinfo=CHINA)
    return moment, True


def _mail(text: str) -> tuple[datetime, bool] | None:
    if not re.match(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}", text):
        return None
    return parsedate_to_datetime(text).astimezone(CHINA), True


def _chinese(text: str) -> tuple[datetime, bool] | None:
    written = find_written(text)
    day = parse_date(written) if written else None
    if day is None:
        return None
    rest = text[text.index(written) + len(written) :][:20]
    moment = datetime(day.year, day.month, day.day, tzinfo=CHINA)
    return _with_clock(moment, rest)


def _with_clock(moment: datetime, rest: str) -> tuple[datetime, bool]:
    clock = _CLOCK.match(rest.strip())
    if clock is None:
        return moment, False
    hour, minute, second = int(clock[2]), int(clock[3]), int(clock[4] or 0)
    if (clock[1] or "").lower() in ("下午", "晚上", "pm") and hour < 12:
        hour += 12
    try:
        return moment.replace(hour=hour, minute=minute, second=second), True
    except ValueError:
        return moment, False


def _compact(text: str) -> tuple[datetime, bool] | None:
    found = _COMPACT.fullmatch(text)
    if found is None:
        return None
    moment = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=CHINA)
    if found[4] is None:
        return moment, False
    return moment.replace(hour=int(found[4]), minute=int(found[5]), second=int(found[6] or 0)), True


def _short(text: str) -> tuple[datetime, bool] | None:
    found = _SHORT.search(text)
    if found is None:
        return None
    year = int(found[1])
    moment = datetime(year + (1900 if year >= 90 else 2000), int(found[3]), int(found[4]), tzinfo=CHINA)
    return _with_clock(moment, text[found.end() :][:20])


def _english(text: str) -> tuple[datetime, bool] | None:
    found = _ENGLISH.search(text)
    if found is None or found[1].lower() not in _MONTHS:
        return None
    moment = datetime(int(found[3]), _MONTHS[found[1].lower()], int(found[2]), tzinfo=CHINA)
    return _with_clock(moment, text[found.end() :][:20])


def _epoch(text: str) -> tuple[datetime, bool] | None:
    if not _EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text[:10]) if len(text) == 13 else int(text), tz=CHINA), True
