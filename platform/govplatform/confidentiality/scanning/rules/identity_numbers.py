"""居民身份证号码: 18 digits by GB 11643 (province, real date, ISO 7064 MOD 11-2), and the old form of 15.

The card of a foreigner who resides permanently has a number of the same length that begins with 9 (GA/T 2102).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from govplatform.sentences import gettext_noop

from ..articles import PRIVACY
from .rule import Hit, Rule

if TYPE_CHECKING:
    from .numbers import Group
    from .reading import Reading

Found = tuple[str, Hit, int, int]

_PROVINCES = frozenset(
    str(region * 10 + number)
    for region, numbers in enumerate(("", "12345", "123", "1234567", "123456", "01234", "12345", "1", "123"))
    for number in map(int, numbers)
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_LABEL = re.compile(r"信用代码|組織機構代碼|组织机构代码")
#: A number that says what it is, and is something else. A real identity number behind such a word stays a finding
#: of the lower degree, since offices do use it as the number of a case.
_OTHER_LABEL = re.compile(
    r"(?:订单|流水|受理|办件|业务|合同|项目|交易|发票|凭证|索引|登记|备案|许可证?)(?:编?号|代码)码?\W{0,3}$"
)
#: More words of that kind, before digits without a check character.
_SERIAL_LABEL = re.compile(
    r"(?:编|单|序|序列|流水|批|户|案|卷|档案|账|帐|卡|货|型|条|箱|票|文|工|学|设备|发票|编目)(?:号|号码|码|代码)\W{0,3}$"
    r"|(?:编码|代码|序列|条形码)\W{0,3}$|(?i:imei|sn|no|id|code|serial|order)\W{0,3}$"
)
_AMOUNT = re.compile(r"金额|数量|单价|总价|合计|面积|比例|坐标|经度|纬度|余额")
_PART_BEFORE = re.compile(r"[0-9]\.$|[A-Za-z_/=&%#-]$")
#: The number of an item at the beginning of a line: “1.150105…”.
_ITEM_BEFORE = re.compile(r"(?:^|\n)[ \t\u3000]{0,3}[1-9][0-9]?\.$", re.ASCII)
_PART_AFTER = re.compile(r"\.[0-9]|[A-Za-z_%]")
#: Region, date of birth, serial with check character.
_IN_PARTS = (6, 8, 4)
_PERSON_LABEL = re.compile(r"身份|证件|公民|(?i:\bid\b)")


def is_identity_number(number: str) -> bool:
    """Whether 18 characters (the last may be X) are a valid number of a person born since 1870."""
    if number[0] == "9":
        return _is_foreign_residence_number(number)
    return number[:2] in _PROVINCES and number[6:8] in ("18", "19", "20") and checks(number) and real_date(number[6:14])


def _is_foreign_residence_number(number: str) -> bool:
    """9, the province that accepted, the country (ISO 3166-1 numeric), date of birth, serial, check character.

    A unified social credit code of digits alone may begin so as well; it has a check character of its own.
    """
    return (
        number[1:3] in _PROVINCES
        and number[6:8] in ("18", "19", "20")
        and "004" <= number[3:6] <= "894"
        and checks(number)
        and real_date(number[6:14])
        and not is_credit_code(number)
    )


def checks(number: str) -> bool:
    """Whether the 18th character is the check character of the 17 digits (ISO 7064 MOD 11-2)."""
    total = 0
    for digit, weight in zip(number, _WEIGHTS, strict=False):
        total += (ord(digit) - 48) * weight
    return _CHECKS[total % 11] == number[17]


def real_date(digits: str) -> bool:
    """Whether YYYYMMDD is a day on which somebody may have been born."""
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return date(1870, 1, 1) <= day <= datetime.now(UTC).date() + timedelta(days=1)


def is_credit_code(code: str) -> bool:
    """Whether 18 characters are a unified social credit code (GB 32100)."""
    total = 0
    for character, weight in zip(code, _CREDIT_WEIGHTS, strict=False):
        at = _CREDIT_ALPHABET.find(character)
        if at < 0:
            return False
        total += at * weight
    return _CREDIT_ALPHABET[-total % 31] == code[17]


def find(reading: "Reading", groups: "list[Group]", taken: list[bool]) -> Iterator[Found]:
    """Find identity numbers among the groups of one run (``numbers.Find``).

    Whole groups come first, so that a neighbour never lends its digits to a number that stands alone.
    """
    for at, group in enumerate(groups):
        if len(group.digits) == 18 and not taken[at] and is_identity_number(group.digits):
            hit = _hit(reading, group.start, group.end, group.digits)
            if hit is not None:
                yield "id-card", hit, at, at + 1
        elif (
            len(group.digits) == 15
            and not taken[at]
            and _is_old_number(group.digits)
            and not _is_serial(reading, group.start, group.end)
        ):
            yield "id-card-15", Hit(group.start, group.end, group.digits), at, at + 1
    if len(groups) > 1 and sum(len(group.digits) for group in groups) >= 18:
        yield from _split(reading, groups, taken)


def _split(reading: "Reading", groups: "list[Group]", taken: list[bool]) -> Iterator[Found]:
    first = 0
    while first < len(groups):
        length, breaks, last = 0, 0, first
        while last < len(groups) and not taken[last] and length < 18:
            if last > first and not groups[last].joined:
                break
            breaks += last > first and groups[last].breaks
            length += len(groups[last].digits)
            last += 1
        if length == 18 and last - first > 1 and _plausible(reading, groups[first:last], breaks):
            number = "".join(group.digits for group in groups[first:last])
            if "X" not in number[:17] and is_identity_number(number):
                hit = _hit(reading, groups[first].start, groups[last - 1].end, number)
                if hit is not None:
                    yield "id-card", hit, first, last
                    first = last
                    continue
        first += 1


def _plausible(reading: "Reading", groups: "list[Group]", breaks: int) -> bool:
    """One number over so many groups: set in blocks, a digit a cell, or broken by a line or cell once or twice.

    Cells side by side, and the rows of a table, hold numbers of their own: they are one only where a digit stands in
    each cell, or where the words before say that it is the number of a person. In running text a tab is also used as a
    blank between the parts of a number: region, date, serial.
    """
    count = len(groups)
    if count in (17, 18):
        return True
    if breaks > 2 and not (count <= 6 and breaks == count - 1):
        return False
    between = reading.text[groups[0].start : groups[-1].end]
    if not reading.is_table and tuple(len(group.digits) for group in groups) == _IN_PARTS:
        return True
    if breaks and (breaks > 1 or "\t" in between or reading.is_table):
        return bool(_PERSON_LABEL.search(reading.label(groups[0].start)))
    return True


def _hit(reading: "Reading", start: int, end: int, number: str) -> Hit | None:
    label = reading.label(start)
    if _CREDIT_LABEL.search(label) and is_credit_code(number):
        return None
    if _OTHER_LABEL.search(label) and not _PERSON_LABEL.search(label):
        return Hit(start, end, number, "warn", note="前面的文字说它是别的编号，请核实。")
    return Hit(start, end, number)


def _is_serial(reading: "Reading", start: int, end: int) -> bool:
    """Whether 15 digits are part of a fraction or a code, or behind a word for another number."""
    text = reading.text
    if _PART_BEFORE.search(text, max(0, start - 8), start) and not _ITEM_BEFORE.search(text, max(0, start - 8), start):
        return True
    if _PART_AFTER.match(text, end):
        return True
    if _OTHER_LABEL.search(reading.label(start)) or _SERIAL_LABEL.search(text, max(0, start - 16), start):
        return True
    head = reading.column(start) if reading.is_table else ""
    return bool(head) and bool(_OTHER_LABEL.search(head) or _SERIAL_LABEL.search(head) or _AMOUNT.search(head))


def _is_old_number(digits: str) -> bool:
    return digits.isdigit() and digits[:2] in _PROVINCES and digits[2:4] != "00" and real_date("19" + digits[6:12])


class IdCard(Rule):
    """Identity numbers of 18 characters."""

    id = "id-card"
    severity = "block"
    source = PRIVACY
    message = gettext_noop("公民身份证号码。请删除或遮盖后再送审。")

    def hits(self, reading: "Reading") -> Iterable[Hit]:
        return reading.numbers.get(self.id, ())


class IdCard15(Rule):
    """Identity numbers of the old form, 15 digits."""

    id = "id-card-15"
    severity = "warn"
    source = PRIVACY
    message = gettext_noop("形似旧式15位身份证号码。请核实，属实的须删除或遮盖。")

    def hits(self, reading: "Reading") -> Iterable[Hit]:
        return reading.numbers.get(self.id, ())
