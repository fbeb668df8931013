"""The number formats of Word (ECMA-376 Part 1, 17.18.59 ST_NumberFormat): a number as it is printed."""

from collections.abc import Callable

#: What the format "none" writes: an empty text would mean that a number has no sign of its own.
NOTHING = "\0"
_SIMPLE = "零一二三四五六七八九"
_CIRCLE = "○一二三四五六七八九"
_LEGAL_SIMPLIFIED = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip


def format_number(form: str, number: int, pattern: str = "") -> str | None:
    """Return a number in a format of Word; None for a format that is not known.

    pattern: of the format "custom", its examples, such as "001, 002, 003, ...". A number that a format has no sign
    for is written in digits, as Word does.
    """
    if form == "custom":
        return _by_example(pattern, number)
    if form not in _FORMATS:
        return None
    if number < 0:
        return str(number)
    return (_FORMATS[form](number) or str(number)).replace(NOTHING, "")


def _by_example(pattern: str, number: int) -> str | None:
    first = pattern.split(",")[0].strip()
    if first.isascii() and first.isdigit() and int(first) in (0, 1):
        return str(number).zfill(min(len(first), 9))
    return None


def _by_sign(signs: str, zero: str = "") -> Callable[[int], str]:
    """Return the format with one sign for each number from one on."""
    return lambda n: signs[n - 1] if 1 <= n <= len(signs) else zero if n == 0 else ""


def _by_digit(digits: str) -> Callable[[int], str]:
    return lambda n: "".join(digits[int(digit)] for digit in str(n))


def _repeated(signs: str) -> Callable[[int], str]:
    """Return the format of letters, where what follows the last one is the first one twice: Z, AA, BB."""
    return lambda n: signs[(n - 1) % len(signs)] * min((n - 1) // len(signs) + 1, 40) if n > 0 else ""


def _by_ten_thousands(digits: str, units: str, groups: str, *, short_ten: bool) -> Callable[[int], str]:
    """Return a Chinese format. units: of ten, hundred, thousand; short_ten: eleven is 十一, not 一十一."""

    def below_ten_thousand(n: int) -> str:
        text, gap = "", False
        for power in (3, 2, 1, 0):
            digit = n // 10**power % 10
            if digit == 0:
                gap = gap or bool(text)
                continue
            text += (digits[0] if gap else "") + digits[digit] + (units[power - 1] if power else "")
            gap = False
        return text

    def formatted(n: int) -> str:
        if n == 0:
            return digits[0]
        if n >= 10**8:
            return ""
        high, low = divmod(n, 10_000)
        text = below_ten_thousand(high) + groups if high else ""
        if low:
            text += (digits[0] if high and low < 1000 else "") + below_ten_thousand(low)
        return text[1:] if short_ten and text.startswith(digits[1] + units[0]) else text

    return formatted


def _up_to_99(digits: str, ten: str) -> Callable[[int], str]:
    """Return the format that counts to 99 in words and names the digits of what is greater: 九十九, 一○○."""

    def formatted(n: int) -> str:
        tens, ones = divmod(n, 10)
        if n >= 100 or n == 0:
            return _by_digit(digits)(n)
        return ("" if tens < 2 else digits[tens]) + (ten if tens else "") + (digits[ones] if ones else "")

    return formatted


def _without_zeros(digits: str, units: str, groups: str, *, with_one: bool = False) -> Callable[[int], str]:
    """Return a Japanese or Korean format: 百一 for 101, and no "one" before a unit unless `with_one`."""

    def below_ten_thousand(n: int) -> str:
        text = ""
        for power in (3, 2, 1, 0):
            digit = n // 10**power % 10
            if digit:
                text += ("" if digit == 1 and power and not with_one else digits[digit]) + (
                    units[power - 1] if power else ""
                )
        return text

    def formatted(n: int) -> str:
        if n == 0:
            return digits[0]
        high, low = divmod(n, 10_000)
        return "" if high >= 10_000 else (below_ten_thousand(high) + groups if high else "") + below_ten_thousand(low)

    return formatted


def _circled(n: int) -> str:
    for first, last, sign in ((0, 0, 0x24EA), (1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= n <= last:
            return chr(sign + n - first)
    return ""


def _roman(n: int) -> str:
    text = ""
    if not 0 < n < 32_768:
        return text
    for worth, sign in _ROMAN:
        text += sign * (n // worth)
        n %= worth
    return text


def _words(n: int) -> str:
    if n < 20:
        return _ONES[n]
    if n < 100:
        return _TENS[n // 10] + (f"-{_ONES[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{_ONES[n // 100]} hundred" + (f" {_words(n % 100)}" if n % 100 else "")
    if n < 10**6:
        return f"{_words(n // 1000)} thousand" + (f" {_words(n % 1000)}" if n % 1000 else "")
    return ""


def _ordinal_words(n: int) -> str:
    words = _words(n)
    last = words.replace("-", " ").split(" ")[-1]
    ordinal = _ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return (words.removesuffix(last) + ordinal).capitalize()


def _ordinal(n: int) -> str:
    ending = "th" if n // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _sexagenary(n: int) -> str:
    return _STEMS[(n - 1) % 10] + _BRANCHES[(n - 1) % 12] if 1 <= n <= 60 else ""


def _by_worth(signs: tuple[tuple[int, str], ...], most: int) -> Callable[[int], str]:
    """Return a format whose signs are added up."""

    def formatted(n: int) -> str:
        text = ""
        if not 0 < n <= most:
            return text
        for worth, sign in signs:
            text += sign * (n // worth)
            n %= worth
        return text

    return formatted


def _hebrew(n: int) -> str:
    plain = _by_worth(tuple(zip((400, 300, 200, 100, 90, 80, 70, 60, 50, 40, 30, 20, 10), "תשרקצפעסנמלכי", strict=True))
                      + tuple(zip(range(9, 0, -1), "טחזוהדגבא", strict=True)), 999)  # fmt: skip
    # Fifteen and sixteen would spell a name of God: they are written nine and six, nine and seven.
    return plain(n).replace("יה", "טו").replace("יו", "טז")


_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщыэюя"
_FULL = _by_digit("０１２３４５６７８９")
_COUNTING = _by_ten_thousands(_SIMPLE, "十百千", "万", short_ten=True)
_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda n: f"{n:02}",
    "decimalFullWidth": _FULL,
    "decimalFullWidth2": _FULL,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _by_sign("".join(map(chr, range(0x2488, 0x249C)))),
    "decimalEnclosedParen": _by_sign("".join(map(chr, range(0x2474, 0x2488)))),
    "ideographEnclosedCircle": _by_sign("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
    "numberInDash": lambda n: f"- {n} -",
    "hex": lambda n: f"{n:X}",
    "ordinal": _ordinal,
    "cardinalText": lambda n: _words(n).capitalize(),
    "ordinalText": _ordinal_words,
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "upperLetter": _repeated(_LATIN),
    "lowerLetter": _repeated(_LATIN.lower()),
    "chicago": lambda n: "*†‡§"[(n - 1) % 4] * min((n - 1) // 4 + 1, 40) if n > 0 else "",
    "none": lambda _: NOTHING,
    "chineseCounting": _up_to_99(_CIRCLE, "十"),
    "chineseCountingThousand": _COUNTING,
    "chineseLegalSimplified": _by_ten_thousands(_LEGAL_SIMPLIFIED, "拾佰仟", "万", short_ten=False),
    "ideographDigital": _by_digit("〇一二三四五六七八九"),
    "ideographTraditional": _by_sign(_STEMS),
    "ideographZodiac": _by_sign(_BRANCHES),
    "ideographZodiacTraditional": _sexagenary,
    "ideographLegalTraditional": _by_ten_thousands(_LEGAL_TRADITIONAL, "拾佰仟", "萬", short_ten=False),
    "taiwaneseCounting": _up_to_99(_CIRCLE, "十"),
    "taiwaneseCountingThousand": _by_ten_thousands(_SIMPLE, "十百千", "萬", short_ten=True),
    "taiwaneseDigital": _by_digit(_CIRCLE),
    "japaneseCounting": _without_zeros("〇一二三四五六七八九", "十百千", "万"),
    "japaneseLegal": _without_zeros("零壱弐参四伍六七八九", "拾百阡", "萬", with_one=True),
    "japaneseDigitalTenThousand": _by_digit("〇一二三四五六七八九"),
    "aiueo": _repeated("ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ"),
    "aiueoFullWidth": _repeated(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
    ),
    "iroha": _repeated("ｲﾛﾊﾆﾎﾍﾄﾁﾘﾇﾙｦﾜｶﾖﾀﾚｿﾂﾈﾅﾗﾑｳヰﾉｵｸﾔﾏｹﾌｺｴﾃｱｻｷﾕﾒﾐｼヱﾋﾓｾｽﾝ"),
    "irohaFullWidth": _repeated(
        "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
    ),
    "ganada": _repeated("가나다라마바사아자차카타파하"),
    "chosung": _repeated("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
    "koreanDigital": _by_digit("영일이삼사오육칠팔구"),
    "koreanDigital2": _by_digit("零一二三四五六七八九"),
    "koreanCounting": _without_zeros("영일이삼사오육칠팔구", "십백천", "만"),
    "russianLower": _repeated(_RUSSIAN),
    "russianUpper": _repeated(_RUSSIAN.upper()),
    "hebrew1": _hebrew,
    "arabicAlpha": _repeated("أبتثجحخدذرزسشصضطظعغفقكلمنهوي"),
    "arabicAbjad": _repeated("أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"),
    "thaiLetters": _repeated("กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"),
    "thaiNumbers": _by_digit("๐๑๒๓๔๕๖๗๘๙"),
    "hindiNumbers": _by_digit("०१२३४५६७८९"),
}
