"""Generated documents with planted values and with look-alikes; the same seed gives the same documents.

Everything is invented. A look-alike is made the way such numbers are made in life: order numbers with a region and a
day in them pass the check of an identity number one time in eleven, and count against the scanner when they do.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from govplatform.confidentiality.scanning.pieces import Piece

_CHECKS, _WEIGHTS = "10X98765432", (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_REGIONS = (
    "110101", "120103", "130102", "150105", "210102", "220102", "310104", "320106", "330106", "350203", "370102",
    "410105", "420106", "440106", "500103", "510104", "610113", "620102", "650102",
)  # fmt: skip
_ISSUERS = (
    ("622202", 19), ("622848", 19), ("621700", 19), ("621661", 19), ("622588", 16), ("622262", 17), ("621799", 19),
    ("622908", 18), ("622622", 16), ("623052", 19), ("625912", 16), ("955880", 19), ("621483", 16), ("436742", 19),
)  # fmt: skip
_SENTENCES = (
    "各单位要按照职责分工抓好落实，确保年度目标任务按期完成。",
    "会议听取了有关工作情况汇报，研究部署下一阶段重点工作。",
    "自{year}年{month}月{day}日起施行，有效期五年。",
    "全市完成固定资产投资{amount}亿元，同比增长{percent}%。",
    "办理时间为每周一至周五上午9:00—12:00，下午14:30—17:30。",
    "工作人员应当遵守保密法律法规，不得泄露国家秘密、工作秘密、商业秘密和个人隐私。",
    "涉及国家秘密的事项，依照机密、秘密事项的管理规定办理，不得在互联网上发布。",
    "对依申请公开的办理情况开展抽查，对不予公开的事项说明理由。",
    "申请人对答复不服的，可以依法申请行政复议或者提起行政诉讼。",
    "驻村工作队深入走访，帮助村集体经济组织发展特色产业。",
    "道路提升改造工程全长{amount}公里，预计{year}年{month}月建成通车。",
    "本办法所称内部控制，是指单位为实现控制目标制定的制度和程序。",
)
_LEVELS = ("绝密", "机密", "秘密", "絕密", "絶密", "機密", "祕密", "绝　密", "机 密", "秘 密")


@dataclass(slots=True)
class Document:
    """``planted``: (rule, first offset, value without separators). ``lookalikes``: what kinds stand in it."""

    text: str
    planted: list[tuple[str, int, str]] = field(default_factory=list)
    lookalikes: list[str] = field(default_factory=list)

    @property
    def piece(self) -> Piece:
        return Piece(self.text, "body")


def documents(count: int, seed: int = 20260) -> Iterator[Document]:
    for number in range(count):
        yield _document(random.Random(f"{seed}/{number}"))


def running_text(megabytes: float, seed: int = 7) -> str:
    """Sentences of the corpus alone, in paragraphs, as rules and reports are written: few digits, no look-alikes."""
    pick = random.Random(seed)
    parts, size = [], 0
    while size < megabytes * 1e6:
        part = "".join(
            pick.choice(_SENTENCES).format(
                year=pick.randrange(2015, 2027), month=pick.randrange(1, 13), day=pick.randrange(1, 29),
                amount=pick.randrange(1, 900), percent=pick.randrange(1, 30),
            )
            for _ in range(pick.randrange(1, 9))
        )  # fmt: skip
        parts.append(part)
        size += len(part.encode())
    return "\n".join(parts)


def plain_text(megabytes: float, seed: int = 7) -> str:
    """Running text of about so many megabytes as UTF-8, with the numbers, dates and look-alikes of the corpus."""
    parts, size, number = [], 0, 0
    while size < megabytes * 1e6:
        part = _document(random.Random(f"{seed}/{number}"), planted=number % 20 == 0).text
        parts.append(part)
        size += len(part.encode())
        number += 1
    return "\n".join(parts)


def identity_number(pick: random.Random) -> str:
    born = date(1930, 1, 1) + timedelta(days=pick.randrange(33_000))
    return with_check(f"{pick.choice(_REGIONS)}{born:%Y%m%d}{pick.randrange(1000):03d}")


def with_check(seventeen: str) -> str:
    return seventeen + _CHECKS[sum(int(d) * w for d, w in zip(seventeen, _WEIGHTS, strict=True)) % 11]


def bank_card(pick: random.Random) -> str:
    prefix, length = pick.choice(_ISSUERS)
    return with_luhn(prefix + _digits(pick, length - len(prefix) - 1))


def with_luhn(body: str) -> str:
    total = 0
    for at, digit in enumerate(reversed(body)):
        value = int(digit) * (1 if at % 2 else 2)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def credit_code(pick: random.Random) -> str:
    """GB 32100; mostly digits, as those of administrations are."""
    letters = "" if pick.random() < 0.5 else "MA"
    body = pick.choice(("11", "12", "91", "52", "93")) + pick.choice(_REGIONS) + letters
    body += _digits(pick, 17 - len(body))
    return body + _CREDIT[-sum(_CREDIT.index(c) * w for c, w in zip(body, _CREDIT_WEIGHTS, strict=True)) % 31]


def _digits(pick: random.Random, count: int) -> str:
    return "".join(pick.choice("0123456789") for _ in range(count))


def _written(pick: random.Random, number: str) -> str:
    """The number as people write it."""
    way = pick.randrange(9)
    if way == 1:
        return number.translate({**{48 + n: 0xFF10 + n for n in range(10)}, ord("X"): "Ｘ"})
    if way == 2 and len(number) == 18:
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    if way == 3:
        cut = pick.randrange(4, len(number) - 3)
        return number[:cut] + pick.choice(("\n", "\r\n", " \n", "\u3000")) + number[cut:]
    if way == 4 and len(number) == 18:
        return f"{number[:6]}-{number[6:14]}-{number[14:]}"
    if way == 5 and len(number) == 18:
        return f"{number[:6]}\t{number[6:14]}\t{number[14:]}"
    if way == 6:
        return " ".join(number)
    return number.lower() if way == 7 else number


def _written_card(pick: random.Random, number: str) -> str:
    if pick.random() < 0.4:
        return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    return number


def _planted_identity(pick: random.Random) -> tuple[str, str, str, str]:
    number = identity_number(pick)
    before = pick.choice(
        ("身份证号：", "，公民身份号码", "（身份证号码", "证件号码 ", "", "编号：", "ID", "受助人张某某，")
    )
    return "id-card", before, _written(pick, number), number


def _planted_card(pick: random.Random) -> tuple[str, str, str, str]:
    number = bank_card(pick)
    before = pick.choice(("银行卡号：", "开户行农业银行，账号", "一卡通账号 ", "卡号：", "", "转入："))
    return "bank-card", before, _written_card(pick, number), number


def _planted_mobile(pick: random.Random) -> tuple[str, str, str, str]:
    number = pick.choice(("138", "139", "150", "177", "186", "199", "166")) + _digits(pick, 8)
    shown = pick.choice(
        (number, f"{number[:3]} {number[3:7]} {number[7:]}", f"{number[:3]}-{number[3:7]}-{number[7:]}")
    )
    return "mobile", pick.choice(("手机：", "联系电话 ", "，电话", "+86 ")), shown, number


def _mark(pick: random.Random) -> str:
    level = pick.choice(_LEVELS)
    term = pick.choice(("10年", "20年", "６个月", "长期", "1 年"))
    return pick.choice((
        f"{level}★{term}", f"★{level}", f"{level}★", f"★{level} {term}", f"{level} ★ {term}", level, f"【{level}】",
        f"密级：{level}", f"[{level}]", f"{level}　{term}", f"（{level}）", f"{level}★",
    ))  # fmt: skip


def _order_number(pick: random.Random) -> str:
    """Region, day, serial: the shape of an identity number, and one in eleven has its check digit."""
    day = date(2005, 1, 1) + timedelta(days=pick.randrange(7000))
    return f"{pick.choice(_REGIONS)}{day:%Y%m%d}{pick.randrange(10_000):04d}"


def _wrong_identity(pick: random.Random) -> str:
    number = identity_number(pick)
    right = _CHECKS.index(number[17])
    return number[:17] + _CHECKS[(right + pick.randrange(1, 11)) % 11]


def _wrong_date(pick: random.Random) -> str:
    day = f"{pick.randrange(1900, 2030)}{pick.choice(('0230', '1301', '0631', '0015'))}"
    return with_check(f"{pick.choice(_REGIONS)}{day}{_digits(pick, 3)}")


def _wrong_card(pick: random.Random) -> str:
    number = bank_card(pick)
    return number[:-1] + str((int(number[-1]) + pick.randrange(1, 10)) % 10)


def _isbn(pick: random.Random) -> str:
    body = "9787" + _digits(pick, 8)
    check = -sum(int(d) * (3 if at % 2 else 1) for at, d in enumerate(body)) % 10
    return f"{body[:3]}-{body[3]}-{body[4:7]}-{body[7:12]}-{check}"


_LOOKALIKES: dict[str, Callable[[random.Random], str]] = {
    "credit code": lambda pick: "统一社会信用代码：" + credit_code(pick),
    "bare credit code": credit_code,
    "document number": lambda pick: f"某政办发〔{pick.randrange(2005, 2026)}〕{pick.randrange(1, 300)}号",
    "index number": lambda pick: f"索引号：{_digits(pick, 9)}/{pick.randrange(2008, 2026)}-{_digits(pick, 5)}",
    "long index number": lambda pick: f"索引号 {_digits(pick, 18)}",
    "ISBN": lambda pick: "ISBN " + _isbn(pick),
    "order number": lambda pick: (
        "订单号：" + pick.choice(("20", "42", "62")) + _digits(pick, pick.choice((14, 16, 17)))
    ),
    "case number": lambda pick: pick.choice(("受理编号：", "办件编号 ")) + _order_number(pick),
    "bare case number": lambda pick: "单号" + _digits(pick, 18),
    "identity number with a wrong check": lambda pick: "号码" + _wrong_identity(pick),
    "identity number with a wrong day": lambda pick: "号码" + _wrong_date(pick),
    "bank card with a wrong check": lambda pick: "账号" + _wrong_card(pick),
    "timestamp": lambda pick: f"{pick.randrange(2010, 2026)}{pick.randrange(1, 13):02d}28{_digits(pick, 9)}",
    "amounts": lambda pick: "\t".join(_digits(pick, pick.randrange(3, 8)) for _ in range(8)),
    "masked number": lambda pick: identity_number(pick)[:6] + "********" + _digits(pick, 4),
    "waybill": lambda pick: "运单号 " + _digits(pick, 15),
    "sixteen digits": lambda pick: "设备编码" + _digits(pick, 16),
    "nineteen digits": lambda pick: "编码 " + _digits(pick, 19),
    "hotline": lambda pick: "咨询电话：12345、400-" + _digits(pick, 3) + "-" + _digits(pick, 4),
    "levels in a sentence": lambda pick: "国家秘密的密级分为绝密、机密、秘密三级，由机关单位依法确定。",
    "secret in quotes": lambda pick: "对标注“机密”字样的文件，应当按照规定传递和保存。",
}


def _document(pick: random.Random, planted: bool = True) -> Document:
    document = Document("")
    parts: list[str] = []
    size = 0

    def write(text: str) -> None:
        nonlocal size
        parts.append(text)
        size += len(text)

    def sentences(count: int) -> None:
        for _ in range(count):
            write(pick.choice(_SENTENCES).format(
                year=pick.randrange(2010, 2026), month=pick.randrange(1, 13), day=pick.randrange(1, 29),
                amount=pick.randrange(10, 9000), percent=round(pick.uniform(0.5, 19), 1),
            ))  # fmt: skip

    write(f"关于做好{pick.choice(('春耕备耕', '防汛抗旱', '就业服务', '医疗保障', '政务公开'))}工作的通知\n")
    if planted and pick.random() < 0.3:
        mark = _mark(pick)
        document.planted.append(("secrecy-mark", size, "".join(mark.split())))
        write(mark + "\n")
    sentences(pick.randrange(4, 14))
    for _ in range(pick.randrange(0, 4) if planted else 0):
        maker = pick.choice((_planted_identity, _planted_identity, _planted_card, _planted_mobile))
        rule, before, shown, value = maker(pick)
        write("\n" + before)
        document.planted.append((rule, size, value))
        write(shown + pick.choice(("。", "，请核实。", "\n", "）。")))
        sentences(pick.randrange(1, 5))
    for kind in pick.sample(list(_LOOKALIKES), pick.randrange(2, 6)):
        document.lookalikes.append(kind)
        write("\n" + _LOOKALIKES[kind](pick) + pick.choice(("。", "，", "\n")))
        sentences(pick.randrange(1, 5))
    if planted and pick.random() < 0.15:
        mark = _mark(pick)
        write("\n")
        document.planted.append(("secrecy-mark", size, "".join(mark.split())))
        write(mark + "\n")
        sentences(3)
    document.text = "".join(parts)
    return document
