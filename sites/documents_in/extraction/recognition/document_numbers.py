"""The finding of document numbers (发文字号), apart from quoted ones, and their writing in one form."""

import re
import unicodedata

_PREFIX = r"[\u4e00-\u9fffA-Za-z]{1,14}(?:[(（][\u4e00-\u9fff]{1,4}[)）])?"
_OPEN, _CLOSE = "〔〖﹝［\\[【（(〈{｛❲", "〕〗﹞］\\]】）)〉}｝❳"
_YEAR = "(?:[0-9０-９]{4}|[〇○零一二三四五六七八九]{4})"
_SERIAL = "(?:[A-Za-z]{0,3}[0-9０-９]{1,5}(?:[-－—][0-9０-９]{1,3})?|[〇○零一二三四五六七八九十百]{1,6})"
NUMBER = rf"{_PREFIX}\s*[{_OPEN}]\s*{_YEAR}\s*[{_CLOSE}]\s*(?:第\s*)?{_SERIAL}\s*[号號]"
# Orders and announcements: a number of its own line, below the title or the name of the office.
ORDER = (
    r"(?:[\u4e00-\u9fff]{2,24}(?:令|公告|通告))?\s*(?:[0-9０-９]{4}\s*年\s*)?"
    r"第\s*[0-9０-９〇一二三四五六七八九十百]{1,6}\s*[号號]"
)

_NUMBER = re.compile(NUMBER)
_PARTS = re.compile(
    rf"(?P<prefix>{_PREFIX})\s*[{_OPEN}]\s*(?P<year>{_YEAR})\s*[{_CLOSE}]\s*"
    rf"(?P<ordinal>第\s*)?(?P<serial>{_SERIAL})\s*(?P<mark>[号號])"
)
_PAIRS = {"《": "》", "（": "）", "(": ")", "“": "”", "「": "」", "『": "』"}


def normalise_number(text: str) -> str:
    """Return a number in its proper form: "粤办函[2011] 421号" as "粤办函〔2011〕421号".

    Of an order's number ("第 12 号") only spaces are removed and digits made ASCII.
    """
    digits = re.sub("[０-９－]", lambda found: unicodedata.normalize("NFKC", found[0]), text)
    parts = _PARTS.fullmatch(digits.strip())
    if parts is None:
        return re.sub(r"\s+", "", digits)
    prefix = parts["prefix"].replace("(", "（").replace(")", "）")
    ordinal = "第" if parts["ordinal"] else ""
    return f"{prefix}〔{parts['year']}〕{ordinal}{parts['serial']}{parts['mark']}"


def number_of_line(text: str) -> str:
    """Return the number if the line is one, apart from its label, a signer or brackets around it; otherwise ""."""
    line = re.sub(r"(?:签发人|簽發人)\s*[:：].*$", "", text).strip()
    line = re.sub(r"^(?:发文字号|發文字號|文号|文號|发文编号)\s*[:：]\s*", "", line)
    for candidate in (line, line[1:-1] if line[:1] in "（(" and line[-1:] in "）)" else line):
        if re.fullmatch(NUMBER, candidate.strip()):
            return normalise_number(candidate)
    return normalise_number(line) if re.fullmatch(ORDER, line) else ""


def free_numbers(text: str) -> list[re.Match[str]]:
    """Return the numbers in running text that stand in no 《》, no brackets and no quotation marks."""
    free = []
    waiting: list[str] = []
    passed = 0
    for found in _NUMBER.finditer(text):
        _follow(text[passed : found.start()], waiting)
        passed = found.start()
        if not waiting:
            free.append(found)
    return free


def _follow(text: str, waiting: list[str]) -> None:
    """Follow the quotation marks and brackets of a text; waiting: the marks that end those still open."""
    for char in text:
        if char in _PAIRS:
            waiting.append(_PAIRS[char])
        elif waiting and char == waiting[-1]:
            waiting.pop()
