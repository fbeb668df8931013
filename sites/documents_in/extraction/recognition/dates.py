"""The reading of dates as official documents write them: 2026年3月2日, 二〇二六年三月二日, 2026-03-02."""

import re
from datetime import date

DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")}
DIGITS |= dict.fromkeys("〇○Ｏ０OＯ◯", "0") | {chr(0xFF10 + i): str(i) for i in range(10)}

_N = "0-9０-９"
_C = "〇○Ｏ０OＯ◯零一二三四五六七八九十廿卅"
DATE = (
    rf"(?:[{_N}]{{4}}\s*年\s*[{_N}]{{1,2}}\s*月\s*[{_N}]{{1,2}}\s*日"
    rf"|[{_C}]{{4}}\s*年\s*[{_C}]{{1,3}}\s*月\s*[{_C}]{{1,4}}\s*日"
    rf"|[{_N}]{{4}}\s*[-－/／.．]\s*[{_N}]{{1,2}}\s*[-－/／.．]\s*[{_N}]{{1,2}})"
)
_PARTS = re.compile(r"[年月日\-－/／.．]")
_FIND = re.compile(DATE)
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")


def parse_date(text: str) -> date | None:
    """Return the date if the text is one date and nothing else; None if it is not, or no such day exists."""
    text = re.sub(r"\s+", "", text)
    if not re.fullmatch(DATE, text):
        return None
    parts = [part for part in _PARTS.split(text) if part]
    try:
        year, month, day = (_number(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def find_date(text: str) -> date | None:
    """Return the first date anywhere in the text; None if there is none, or no such day exists."""
    return parse_date(find_written(text))


def find_written(text: str) -> str:
    """Return the first date in the text as it is written; "" if there is none."""
    found = _FIND.search(text)
    return found[0] if found else ""


def clock_times(text: str) -> list[str]:
    """Return the times of day in the text."""
    return _CLOCK.findall(text)


def _number(text: str) -> int:
    """Return the number that is written like 12, １２, 十二, 二十一, 廿一 or 二〇一七; ValueError for anything else."""
    for short, long in (("廿", "二十"), ("卅", "三十")):
        text = text.replace(short, long)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return int(DIGITS.get(tens, tens) or 1) * 10 + int(DIGITS.get(ones, ones) or 0)
    return int("".join(DIGITS.get(char, char) for char in text))
