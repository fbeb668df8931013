"""The characters of a text that say something, each in one form: what file and page are compared by."""

import unicodedata
from functools import lru_cache

from govplatform.untrusted_files.characters import fold_characters

_BULLETS = "•●■◆▪◇○★☆※·"
_IGNORED = "|｜丨`´^¨﹏"
_BESIDE_NUMBERS = "%‰"
_BETWEEN_DIGITS = ".．,，:：/~～-－−—–"
_MINUS = "-－−—–"
_LONGEST_FORM = 4
#: Between numbers that stand apart.
PARTED = " "


def normal(text: str) -> str:
    """Return what of a text says something: letters, digits and symbols, in one form each.

    A blank stands between numbers that blanks part.
    """
    return "".join(char for char, _offset in telling(text))


def telling(text: str) -> list[tuple[str, int]]:
    """Return the characters that count, each in its one form and with its offset."""
    text = fold_characters(text)
    found: list[tuple[str, int]] = []
    start = len(text) - len(text.lstrip(" 　\t" + _BULLETS))
    for index in range(start, len(text)):
        char = text[index]
        form = _form(char)
        between = (
            char in _BETWEEN_DIGITS and text[index - 1 : index].isdigit() and text[index + 1 : index + 2].isdigit()
        )
        minus = char in _MINUS and text[index + 1 : index + 2].isdigit() and not text[index - 1 : index].isalnum()
        if between or minus:
            found.append(("-" if char in _MINUS else form or char, index))
            continue
        if not form:
            continue
        parted = found and found[-1][0][-1].isdigit() and form[0].isdigit()
        if parted and any(one.isspace() for one in text[found[-1][1] + 1 : index]):
            found.append((PARTED, index - 1))
        found.append((form, index))
    return found


@lru_cache(maxsize=16384)
def _form(char: str) -> str:
    """Return the one form of a character that counts, "" for any other."""
    category = unicodedata.category(char)
    if category[0] not in "LNS" and char not in _BESIDE_NUMBERS:
        return ""
    if char in _IGNORED:
        return ""
    form = unicodedata.normalize("NFKC", char)
    # Some single characters stand for whole sentences.
    return form if len(form) <= _LONGEST_FORM and form.strip() else char
