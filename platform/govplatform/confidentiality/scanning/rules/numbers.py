"""One pass over all digits of a text, which tells the numbers of persons and their kinds.

A run is digits with blanks, dashes or line ends between them. Its groups of digits are looked at alone and together
with their neighbours, so a number is found that was split over lines or cells. What one rule took is not offered to the
next, so an identity number is never a bank card as well.
"""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from . import bank_numbers, identity_numbers, phone_numbers

if TYPE_CHECKING:
    from .reading import Reading
    from .rule import Hit

#: Looks at the groups of one run that are not taken; yields rule, hit, first group, behind the last one.
Find = Callable[["Reading", "list[Group]", list[bool]], Iterator[tuple[str, "Hit", int, int]]]

_GAP = " \t\r\n\u00a0\u2000-\u200d\u2010-\u2015\u2028\u2029\u202f\u205f\u2060\u2212\u3000\ufeff\u00ad\uff0d\\-"
#: Seven characters or more, so that years and dates in Chinese cost nothing. One class, so no backtracking.
_RUN = re.compile(f"[0-9][0-9Xx{_GAP}]{{6,}}")
_GROUP = re.compile(r"[0-9]+[Xx]?|[Xx]")
_BLANK = " \t\r\n\u00a0\u3000"
_FINDERS: tuple[Find, ...] = (identity_numbers.find, bank_numbers.find, phone_numbers.find)
_PHONES, _LONG = _FINDERS[2:], _FINDERS[:2]
#: How long a number is that stands alone, and how it begins: telephones, identity numbers of both forms, cards.
_BEGINNINGS = {
    7: "23456789", 8: "23456789", 10: "0", 11: "01", 12: "0", 13: "8", 15: "012345678", 16: "4569", 17: "4569",
    18: "123456789", 19: "4569",
}  # fmt: skip
#: More between two groups than this, and they are two numbers.
_WIDEST_GAP = 4


class Group(NamedTuple):
    """Digits in a row. ``joined``: near enough to the group before to be one number with it.

    ``breaks``: whether a line or cell ends between the two.
    """

    start: int
    end: int
    digits: str
    joined: bool
    breaks: bool


def classify(reading: "Reading") -> "dict[str, list[Hit]]":
    """Find all numbers of persons in the reading: rule id -> hits."""
    found: dict[str, list[Hit]] = {}
    for run in reading.find_near_codes(_RUN):
        digits = run[0].rstrip(_BLANK)
        finders = _FINDERS
        if digits.isdigit():
            if digits[0] not in _BEGINNINGS.get(len(digits), ""):
                continue
            if len(digits) > 15 and not _may_be_long(digits):
                continue
            finders = _PHONES if len(digits) < 14 else (_LONG if len(digits) > 15 else _FINDERS)
            groups = [Group(run.start(), run.start() + len(digits), digits, False, False)]
        else:
            groups = _groups(run[0], run.start())
            if sum(len(group.digits) for group in groups) < 7:
                continue
        taken = [False] * len(groups)
        for find in finders:
            for rule, hit, first, last in find(reading, groups, taken):
                taken[first:last] = [True] * (last - first)
                found.setdefault(rule, []).append(hit)
    return found


def _may_be_long(digits: str) -> bool:
    """Whether 16 digits and more that stand alone can be anything: most are the numbers of cases and orders."""
    if len(digits) == 18 and identity_numbers.is_identity_number(digits):
        return True
    return digits[0] in "4569" and bank_numbers.luhn(digits) and bank_numbers.has_issuer(digits)


def _groups(run: str, offset: int) -> list[Group]:
    groups: list[Group] = []
    end = 0
    for match in _GROUP.finditer(run):
        gap = run[end : match.start()]
        joined = bool(groups) and len(gap) <= _WIDEST_GAP
        breaks = "\n" in gap or "\t" in gap
        end = match.end()
        groups.append(Group(offset + match.start(), offset + end, match[0].upper(), joined, breaks))
    return groups
