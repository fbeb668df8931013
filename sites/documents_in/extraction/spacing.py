"""The cleaning of white space and invisible characters in Chinese text."""

import re

from govplatform.untrusted_files.characters import NEEDLESS

CJK = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
CJK_PUNCTUATION = (
    "\u2014\u2018\u2019\u201c\u201d\u2026\u3000-\u3004\u3008-\u3020\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)

# Zero-width, bidirectional and soft marks: invisible, and able to hide or reverse what is read.
_INVISIBLE = re.compile(f"[{NEEDLESS}]")
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_BREAK = re.compile(r"(?<![ \t\r])[ \t\r]*+\n\s*")
_CJK_BREAK = re.compile(f"(?<=[{CJK}{CJK_PUNCTUATION}])\n+(?=[{CJK}{CJK_PUNCTUATION}])")
_MARKED_BREAK = re.compile(f"(?<=[{CJK}{CJK_PUNCTUATION}>])\n+(?=[{CJK}{CJK_PUNCTUATION}<])")
_RAISED = "0123456789+-=()"
_ABOVE = str.maketrans(_RAISED, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_BELOW = str.maketrans(_RAISED, "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_HYPHENATED = re.compile(r"[A-Za-z]-\Z")
_SPACED_OUT = re.compile(f"^[{CJK}](?:[ 　]+[{CJK}])+$")


def tidy(text: str) -> str:
    """Return one paragraph without invisible characters and with each run of spaces as one space.

    That space is ideographic where one of the run was.
    """
    text = _INVISIBLE.sub("", text)
    return _SPACES.sub(lambda run: "　" if "　" in run[0] else " ", text).strip(" 　")


def keep_breaks(text: str) -> str:
    """Return source text with each line break as a bare line feed; what the break means is decided later."""
    return _BREAK.sub("\n", text)


def join_lines(first: str, second: str) -> str:
    """Join two lines of one paragraph: a space only between two words of Latin letters or digits.

    A word that was divided by a hyphen becomes one again.
    """
    if not first or not second:
        return first + second
    left, right = first[-1], second[0]
    if _HYPHENATED.search(first) and right.isascii() and right.islower():
        return first[:-1] + second
    if left.isascii() and right.isascii() and (left.isalnum() or left in ",.;)") and right.isalnum():
        # A number that was broken over the line end stays one number.
        if left.isdigit() and right.isdigit():
            return first + second
        return f"{first} {second}"
    return first + second


def close_breaks(text: str) -> str:
    """Join the source lines of one paragraph: with nothing between Chinese characters, a space between words.

    Spaces within lines stay: "第一条 为了" and two names side by side need them.
    """
    return tidy(_CJK_BREAK.sub("", keep_breaks(text)))


def close_breaks_in_markup(html: str) -> str:
    """Join the source lines of inline HTML as `close_breaks` does, also where a break stands beside a tag."""
    return tidy(_MARKED_BREAK.sub("", keep_breaks(html)))


def unspread(text: str) -> str:
    """Return a text that is set wide for looks closed up: "总 则" as "总则"; one with longer words as it is."""
    return re.sub(r"[ 　]+", "", text) if _SPACED_OUT.match(text) else text


def raised(text: str, position: str) -> str:
    """Return digits and signs that stand above ("sup") or below ("sub") the line as the characters that say so.

    In plain text 10 to the eighth would be 108. Anything else is returned as it is.
    """
    table = _ABOVE if position == "sup" else _BELOW if position == "sub" else {}
    stripped = text.strip()
    return text.translate(table) if stripped and all(ord(char) in table for char in stripped) else text


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many characters; a longer one ends with an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + "…"


def squeeze(text: str) -> str:
    """Return the text without any white space, for comparisons."""
    return re.sub(r"[\s　\u00a0]+", "", text)
