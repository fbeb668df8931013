"""Whether a telephone number stands for itself, or is a piece of a longer word, a fraction or an address of the web."""

import re

#: Words that say a telephone follows, or stood before, also as names of parameters and in pinyin.
_LABEL = (
    "tel|telephone|phone|phoneno|phonenumber|telno|mobile|mobileno|mobilephone|mob|cell|cellphone|contact|call|fax"
    "|sms|qq|wx|vx|weixin|wechat|dh|dianhua|lxdh|sj|sjh|sjhm|shouji|shoujihao|lxfs|user|username|account|login"
)
_LABEL_BEFORE = re.compile(f"(?<![A-Za-z])(?:{_LABEL})[_.:]?$", re.I)
_LABEL_AFTER = re.compile(f"(?:{_LABEL})(?![A-Za-z])", re.I)
#: Words and parameters behind which other numbers stand.
_CODE_BEFORE = re.compile(
    r"(?:id|no|num|number|sn|code|order|serial|bill|case|ver|version|v|time|timestamp|ts|t|r|rnd|hash|key|token|page)$",
    re.I,
)
_LETTERS_BEFORE = re.compile("[A-Za-z]{1,20}$")
#: Chinese words, a bracket, or nothing but a blank.
_WORD_BEFORE = re.compile(r"(?:[一-龥)）\]】\s:：]|^)$")
_NUMBER_BEFORE = re.compile(r"(?<![0-9.])(?:0[0-9]{2,3}[—–-]?)?[0-9]{7,11}\s?$")
_COUNTRY_BEFORE = re.compile(r"(?:\+|(?<![0-9])00)86\.$")
_NAME_BEFORE = re.compile("(?<![A-Za-z0-9/._-])[A-Z][a-z]{1,15}$")
_FILE_AFTER = re.compile(r"[._/-]?[0-9A-Za-z]{0,8}\.[A-Za-z]{2,5}(?![A-Za-z])")
#: As far as is looked at before a number.
_REACH = 24


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether what touches the number ``start`` to ``end`` on both sides leaves it a number of its own."""
    return _free_before(text, start, end) and _free_after(text, end)


def _free_before(text: str, start: int, end: int) -> bool:
    sign = text[start - 1 : start]
    if not sign or not (sign.isascii() and (sign.isalnum() or sign in "_/.=")):
        return True
    if sign.isdigit():
        return False
    low = max(0, start - _REACH)
    if sign.isalpha():
        return _letters_leave_it(text[low:start], text, end)
    before = text[low : start - 1]
    if _LABEL_BEFORE.search(before):
        return True
    if sign == "=":
        return not _CODE_BEFORE.search(before)
    if sign == ".":
        return bool(_COUNTRY_BEFORE.search(text, low, start)) or "一" <= before[-1:] <= "龥"
    if sign == "_":
        return "一" <= before[-1:] <= "龥"
    if _NUMBER_BEFORE.search(before):
        return True
    named = _WORD_BEFORE.search(before) is not None or _NAME_BEFORE.search(before) is not None
    return named and _FILE_AFTER.match(text, end) is None


def _letters_leave_it(before: str, text: str, end: int) -> bool:
    """A label or a name in letters may touch the number; one letter, capitals and “id” make a code of it."""
    letters = _LETTERS_BEFORE.search(before)
    if letters is None:
        return False
    if _LABEL_BEFORE.search(before):
        return True
    word = letters[0]
    return (
        len(word) > 1
        and not word.isupper()
        and not _CODE_BEFORE.search(word)
        and before[: letters.start()][-1:] not in tuple("0123456789_/.-=&%")
        and _FILE_AFTER.match(text, end) is None
    )


def _free_after(text: str, end: int) -> bool:
    sign = text[end : end + 1]
    if sign == "_":
        return not (text[end + 1 : end + 2].isascii() and text[end + 1 : end + 2].isalnum())
    return not (sign.isascii() and sign.isalpha()) or _LABEL_AFTER.match(text, end) is not None
