"""手机号码 and 固定电话. Service numbers (400, 800, 12345, 110) belong to no person and are no findings."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from govplatform.sentences import gettext_noop

from ..articles import PRIVACY
from .rule import Hit, Rule
from .touched import stands_alone

if TYPE_CHECKING:
    from .numbers import Group
    from .reading import Reading

_MOBILE = re.compile(r"(?:0086|86)?(1(?:3[0-9]|4[014-9]|5[0-35-9]|6[25-7]|7[0-8]|8[0-9]|9[0-35-9])[0-9]{8})")
_AREA = re.compile(
    r"0(?:10|2[0-57-9]|3[1-7][0-9]|39[1-8]|4[1-8][0-9]|5[1-9][0-9]|6[36][0-9]|69[12]|7[0-79][0-9]|8[1-9][0-9]|9[0-9]{2})"
)
_LABEL = re.compile(r"电\s?话|電話|传\s?真|傳真|座机|热线|(?i:tel|fax|phone)")
_OTHER_LABEL = re.compile(
    r"(?:订单|流水|受理|办件|业务|合同|项目|交易|发票|凭证|索引|登记|备案|许可证?|编|案|运单|快递|物流|序列|批次|档案"
    r"|案件|信用|单)(?:单?编?号|代码)?码?\W{0,3}$|[民刑行执赔破商知](?:初|终|再|监|申|特|字第?)$"
)
#: A number without area code goes on from the one before: “65101234/65101235”.
_ANOTHER = re.compile(r"[0-9]{7,8}\s?[/、／,，;；或]\s?$")
_SHAPES = frozenset(((11,), (13,), (15,), (3, 4, 4), (3, 8), (7, 4), (5, 6), (3, 3, 5), (4, 4, 3)))
#: How an area code, a number without one, or both in one begin, by their length.
_FIRST_DIGITS = dict.fromkeys((3, 4, 10, 11, 12), "0") | dict.fromkeys((7, 8), "23456789")
_AREA_BEFORE = re.compile(r"(?:[(（]\s{0,2}(0[0-9]{2,3})\s{0,2}[)）]|(0[0-9]{2,3})\s{0,2}[—–-])\s{0,2}$")


def find(reading: "Reading", groups: "list[Group]", taken: list[bool]) -> Iterator[tuple[str, Hit, int, int]]:
    """Find mobile and landline numbers among the groups of one run (``numbers.Find``)."""
    for at in range(len(groups)):
        if taken[at]:
            continue
        found = _mobile(reading, groups, taken, at) or _landline(reading, groups, taken, at)
        if found is not None:
            rule, hit, last = found
            taken[at:last] = [True] * (last - at)
            yield rule, hit, at, last


def _mobile(reading: "Reading", groups: "list[Group]", taken: list[bool], at: int) -> tuple[str, Hit, int] | None:
    number, last = groups[at].digits, at + 1
    if number[0] not in "180":
        return None
    shape = [len(number)]
    while len(number) < 11 and last < len(groups) and _follows(groups[last]) and not taken[last] and len(shape) < 5:
        number += groups[last].digits
        shape.append(len(groups[last].digits))
        last += 1
    if shape[0] in (2, 4) and shape[1:] and number[: shape[0]] in ("86", "0086"):
        number, shape = number[shape[0] :], shape[1:]
        while len(number) < 11 and last < len(groups) and _follows(groups[last]) and not taken[last]:
            number += groups[last].digits
            shape.append(len(groups[last].digits))
            last += 1
    match = _MOBILE.fullmatch(number)
    if match is None or tuple(shape) not in _SHAPES:
        return None
    start, end = groups[at].start, groups[last - 1].end
    if not stands_alone(reading.text, start, end):
        return None
    if len(shape) == 1 and _is_another_number(reading, start):
        return None
    return "mobile", Hit(start, end, match[1]), last


def _is_another_number(reading: "Reading", start: int) -> bool:
    """Whether the words before, or the head of the column, say that it is the number of an order or a case."""
    if _OTHER_LABEL.search(reading.text, max(0, start - 12), start):
        return True
    return reading.is_table and _OTHER_LABEL.search(reading.column(start)) is not None


def _follows(group: "Group") -> bool:
    return group.joined and not group.breaks and group.digits.isdigit()


def _landline(reading: "Reading", groups: "list[Group]", taken: list[bool], at: int) -> tuple[str, Hit, int] | None:
    group = groups[at]
    digits, last, start = group.digits, at + 1, group.start
    if digits[0] not in _FIRST_DIGITS.get(len(digits), ""):
        return None
    if not digits.isdigit() or (digits.startswith(("400", "800", "95", "96")) and len(digits) < 11):
        return None
    if len(digits) in (3, 4) and last < len(groups) and _follows(groups[last]) and not taken[last]:
        area, rest, last = digits, groups[last].digits, last + 1
        if len(rest) in (3, 4) and last < len(groups) and _follows(groups[last]) and len(groups[last].digits) == 4:
            rest, last = rest + groups[last].digits, last + 1
    elif len(digits) in (7, 8):
        before = _AREA_BEFORE.search(reading.text, max(0, start - 12), start)
        if before is None and not _LABEL.search(reading.label(start, 12)):
            another = _ANOTHER.search(reading.text, max(0, start - 12), start)
            if another is None or not _LABEL.search(reading.label(start, 32)):
                return None
        area, rest = (before[1] or before[2], digits) if before else ("", digits)
        start = before.start() if before else start
    elif 10 <= len(digits) <= 12 and digits[0] == "0" and _LABEL.search(reading.label(start, 16)):
        width = 3 if digits[1] in "12" else 4
        area, rest = digits[:width], digits[width:]
    else:
        return None
    if (area and not _AREA.fullmatch(area)) or len(rest) not in (7, 8) or rest[0] in "01":
        return None
    return "landline", Hit(start, groups[last - 1].end, area + rest), last


class Mobile(Rule):
    """Mobile telephone numbers."""

    id = "mobile"
    severity = "warn"
    source = PRIVACY
    message = gettext_noop("手机号码。请核实是否个人号码；对外公布的服务电话可加入本站允许公开的号码。")

    def hits(self, reading: "Reading") -> Iterable[Hit]:
        return reading.numbers.get(self.id, ())


class Landline(Rule):
    """Landline telephone numbers."""

    id = "landline"
    severity = "info"
    source = PRIVACY
    message = gettext_noop("固定电话。请确认是对外公布的办公电话。")

    def hits(self, reading: "Reading") -> Iterable[Hit]:
        return reading.numbers.get(self.id, ())
