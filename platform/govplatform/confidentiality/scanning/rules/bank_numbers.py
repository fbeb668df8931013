"""银行卡号: 16 to 19 digits with a valid Luhn check digit and the prefix of an issuer."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from govplatform.sentences import gettext_noop

from ..articles import PRIVACY
from .rule import Hit, Rule

if TYPE_CHECKING:
    from .numbers import Group
    from .reading import Reading

_LABEL = re.compile(
    r"银行|開戶|开户|卡号|卡號|账号|帐号|賬號|账户|帐户|银联|储蓄|借记|信用卡|社保卡|一卡通|存折|打卡"
    r"|农行|工行|建行|中行|邮储|农商|信用社|(?i:card)"
)
_OTHER_LABEL = re.compile(
    r"(?:订单|流水|受理|办件|业务|合同|项目|交易|发票|凭证|索引|登记|备案|许可证?|运单|快递|批次|条形?|设备|序列|物料|信用)(?:编?号|代码)码?\W{0,3}$"
    r"|(?i:isbn|imei|iccid|sn)\W{0,3}$|统一社会信用代码\W{0,3}$"
)

_TOUCHED = re.compile(r"[A-Za-z_/=.]")

#: First six digits of cards that Chinese banks issue in large numbers -> lengths. From public lists of issuers.
_RANGES: tuple[tuple[int, int, tuple[int, ...]], ...] = (
    (620000, 620999, (16, 18, 19)), (621000, 621999, (16, 17, 18, 19)), (622100, 622999, (16, 17, 18, 19)),
    (623000, 623799, (16, 17, 18, 19)), (624000, 626999, (16, 19)), (628200, 628899, (16,)),
    (955880, 955888, (19,)), (955900, 955999, (19,)), (603600, 603799, (18, 19)), (601382, 601382, (19,)),
    (601428, 601428, (17,)), (602900, 602999, (16, 17, 18)), (405512, 405512, (17,)), (438088, 438088, (19,)),
    (436742, 436742, (19,)), (456351, 456351, (19,)), (95595, 95599, (19,)), (685800, 685800, (16,)),
    (400360, 400360, (16,)), (402658, 402658, (16,)), (402673, 402674, (16,)), (403361, 403361, (16,)),
    (404117, 404121, (16,)), (406254, 406254, (16,)), (409665, 409672, (16,)), (410062, 410062, (16,)),
    (415599, 415599, (16,)), (421393, 421393, (16,)), (422160, 422161, (16,)), (427010, 427064, (16,)),
    (433666, 433671, (16,)), (434910, 434910, (16,)), (436718, 436748, (16,)), (438588, 438618, (16,)),
    (439225, 439227, (16,)), (442729, 442730, (16,)), (451289, 451290, (16,)), (451804, 451810, (16,)),
    (453242, 453242, (16,)), (456418, 456418, (16,)), (458060, 458124, (16,)), (463758, 463758, (16,)),
    (464580, 464581, (16,)), (468203, 468203, (16,)), (472067, 472068, (16,)), (479228, 479229, (16,)),
    (481699, 481699, (16,)), (486466, 486497, (16,)), (489592, 489592, (16,)), (491031, 491040, (16,)),
    (512315, 512316, (16,)), (512411, 512425, (16,)), (514957, 514958, (16,)), (517636, 518718, (16,)),
    (519412, 520108, (16,)), (521302, 521302, (16,)), (521899, 521899, (16,)), (522001, 522964, (16,)),
    (524011, 524094, (16,)), (526410, 526855, (16,)), (528856, 528948, (16,)), (530970, 531693, (16,)),
    (539867, 539868, (16,)), (543098, 543159, (16,)), (544210, 544887, (16,)), (545619, 545623, (16,)),
    (547766, 548738, (16,)), (552245, 552853, (16,)), (553242, 553242, (16,)), (556610, 558916, (16,)),
)  # fmt: skip

#: The issuers' most frequent beginnings. A number with one of them needs no word beside it to be taken for a card.
_FREQUENT = frozenset(
    map(str, (*range(6210, 6237), 6200, 6250, 6251, 6252, 6253, 6258, 6259, 6282, 6283, 9558, 9559))
) - {"6211", "6220", "6234"}


_BEGINNINGS = frozenset("4569")
#: A digit's byte -> the sum of the digits of its double.
_DOUBLED = bytes(sum(divmod((byte - 48) * 2, 10)) if 48 <= byte < 58 else 0 for byte in range(256))
#: Issuers of long numbers that do not begin with 62.
_OLD_ISSUERS = frozenset(("436742", "456351", "601382", "601428", "405512"))


def find(reading: "Reading", groups: "list[Group]", taken: list[bool]) -> Iterator[tuple[str, Hit, int, int]]:
    """Find bank cards among the groups of one run (``numbers.Find``)."""
    for at, group in enumerate(groups):
        if taken[at] or group.digits[0] not in _BEGINNINGS:
            continue
        if 16 <= len(group.digits) <= 19 and group.digits.isdigit():
            last, number = at + 1, group.digits
        elif len(group.digits) in (4, 6) and group.digits.isdigit():
            last, number = _blocks(groups, taken, at)
        else:
            continue
        blocks = last - at > 1
        if number and luhn(number) and _is_card(reading, group.start, number, blocks):
            yield "bank-card", Hit(group.start, groups[last - 1].end, number), at, last


def _blocks(groups: "list[Group]", taken: list[bool], first: int) -> tuple[int, str]:
    """Fours with a shorter rest, or six and the others, as cards are printed: (behind last group, number or '')."""
    number, last = groups[first].digits, first + 1
    while last < len(groups) and groups[last].joined and not groups[last].breaks and not taken[last]:
        digits = groups[last].digits
        if not digits.isdigit() or len(number) + len(digits) > 19:
            break
        if len(groups[first].digits) == 6:
            if last > first + 1 or not 10 <= len(digits) <= 13:
                break
        elif len(digits) > 4 or len(groups[last - 1].digits) != 4:
            break
        number += digits
        last += 1
    return (last, number) if 16 <= len(number) <= 19 else (first + 1, "")


def luhn(number: str) -> bool:
    """Whether the last of the digits is the check digit of the others by the Luhn formula (ISO/IEC 7812-1)."""
    single, doubled = number[-1::-2].encode(), number[-2::-2].encode()
    return (sum(single) - 48 * len(single) + sum(doubled.translate(_DOUBLED))) % 10 == 0


def has_issuer(number: str) -> bool:
    """Whether a bank issues cards with these first six digits and of this length."""
    prefix, length = int(number[:6]), len(number)
    return any(first <= prefix <= last and length in lengths for first, last, lengths in _RANGES)


def _is_card(reading: "Reading", start: int, number: str, blocks: bool) -> bool:
    if len(set(number)) < 3:
        return False
    label = reading.label(start)
    named = bool(_LABEL.search(label))
    if _OTHER_LABEL.search(label):
        return False
    if not has_issuer(number):
        return False
    if _TOUCHED.match(reading.text[max(0, start - 1) : start]) and not named:
        return False
    return named or blocks or number[:4] in _FREQUENT or number[:6] in _OLD_ISSUERS


class BankCard(Rule):
    """Numbers of bank cards."""

    id = "bank-card"
    severity = "block"
    source = PRIVACY
    message = gettext_noop("银行卡号。请删除或遮盖后再送审。")

    def hits(self, reading: "Reading") -> Iterable[Hit]:
        return reading.numbers.get(self.id, ())
