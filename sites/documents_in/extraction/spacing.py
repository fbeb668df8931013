"""White space and invisible characters in Chinese text."""

import re

from govplatform.untrusted_files.characters import NEEDLESS

CJK = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
CJK_PUNCTUATION = (
    "\u2014\u2018\u2019\u201c\u201d\u2026\u3000-\u3004\u3008-\u3020\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)

# Zero-width, bidirectional and soft marks: invisible, and able to hide or reverse what is read.
_INVISIBLE = re.compile(f"[{NEEDLESS}]")
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_BREAK = re.compile(r"[ \t\r]*\n\s*")
_CJK_BREAK = re.compile(f"(?<=[{CJK}{CJK_PUNCTUATION}])\n+(?=[{CJK}{CJK_PUNCTUATION}])")
_MARKED_BREAK = re.compile(f"(?<=[{CJK}{CJK_PUNCTUATION}>])\n+(?=[{CJK}{CJK_PUNCTUATION}<])")
_SPACED_OUT = re.compile(f"^[{CJK}](?:[ 　]+[{CJK}])+$")


def tidy(text: str) -> str:
    """One paragraph: no invisible characters, runs of space as one (ideographic where it was one)."""
    text = _INVISIBLE.sub("", text)
    return _SPACES.sub(lambda run: "　" if "　" in run[0] else " ", text).strip(" 　")


def keep_breaks(text: str) -> str:
    """A piece of source text with each line break as a line feed; what the break means is decided later."""
    return _BREAK.sub("\n", text)


def join_lines(first: str, second: str) -> str:
    """Join two lines of one paragraph: a space only between two words of Latin letters or digits."""
    if not first or not second:
        return first + second
    left, right = first[-1], second[0]
    if left.isascii() and right.isascii() and (left.isalnum() or left in ",.;)") and right.isalnum():
        # A number that was broken over the line end stays one number.
        if left.isdigit() and right.isdigit():
            return first + second
        return f"{first} {second}"
    return first + second


def close_breaks(text: str) -> str:
    """Source lines of one paragraph joined: nothing between Chinese characters, a space between words.

    Spaces that were written stay: "第一条 为了" and two names side by side need theirs.
    """
    return tidy(_CJK_BREAK.sub("", keep_breaks(text)))


def close_breaks_in_markup(html: str) -> str:
    """The same for inline HTML, where a break may stand beside a tag."""
    return tidy(_MARKED_BREAK.sub("", keep_breaks(html)))


def unspread(text: str) -> str:
    """ "总 则" set wide for looks becomes "总则"; a text with longer words is left alone."""
    return re.sub(r"[ 　]+", "", text) if _SPACED_OUT.match(text) else text


def squeeze(text: str) -> str:
    """For comparisons only: without any white space."""
    return re.sub(r"[\s　\u00a0]+", "", text)
