"""Where in a text a pattern can find anything at all, so that most of a text is not searched by most patterns.

Running text has few letters and digits of the Latin script, and most patterns want some of them.
"""

import re
from collections.abc import Iterable, Iterator

#: (first, behind the last) in a text; in order, none touching the next.
Stretches = list[tuple[int, int]]

#: Of the bytes of a text in ASCII, with a question mark for each other character: letters and digits, and all else.
_CODE, _ELSE = b"0", b" "
_KINDS = bytes(_CODE[0] if chr(byte).isascii() and chr(byte).isalnum() else _ELSE[0] for byte in range(256))
#: No pattern about numbers and codes reaches further from a letter or digit than this, the words behind it included.
_REACH = 48
#: Where one character in so many is a letter or digit, the stretches would be most of the text.
_DENSE = 16
_SHORT = 512


def near_codes(text: str) -> Stretches:
    """Return the stretches that have an ASCII letter or digit within reach; all of a short or a dense text."""
    if len(text) < _SHORT:
        return [(0, len(text))]
    # Bytes are gone through a hundred times as quickly as characters by a pattern.
    kinds = text.encode("ascii", "replace").translate(_KINDS)
    if kinds.count(_CODE) * _DENSE > len(text):
        return [(0, len(text))]
    return around(len(text), _runs(kinds), _REACH, _REACH)


def _runs(kinds: bytes) -> Iterator[tuple[int, int]]:
    first = kinds.find(_CODE)
    while first >= 0:
        behind = kinds.find(_ELSE, first)
        yield first, behind if behind >= 0 else len(kinds)
        first = kinds.find(_CODE, behind) if behind >= 0 else -1


def near_word(text: str, word: str, before: int, behind: int) -> Stretches:
    """Return the stretches from ``before`` characters before each place of a word to ``behind`` characters after.

    All of the text where it has the word so often that they would be most of it.
    """
    if text.count(word) * (before + behind) > len(text):
        return [(0, len(text))]
    return around(len(text), _places(text, word), before, behind)


def _places(text: str, word: str) -> Iterator[tuple[int, int]]:
    at = text.find(word)
    while at >= 0:
        yield at, at + len(word)
        at = text.find(word, at + len(word))


def around(length: int, places: Iterable[tuple[int, int]], before: int, behind: int) -> Stretches:
    """Widen each place of a text of that length, and join those that then touch."""
    stretches: Stretches = []
    first, last = 0, -1
    for start, end in places:
        if start - before > last:
            if last >= 0:
                stretches.append((first, last))
            first = max(0, start - before)
        last = min(length, end + behind)
    if last >= 0:
        stretches.append((first, last))
    return stretches


def find_in(text: str, pattern: re.Pattern[str], stretches: Stretches) -> Iterator[re.Match[str]]:
    """Find the pattern within each stretch; it sees what stands before, and nothing of what stands behind."""
    for first, last in stretches:
        yield from pattern.finditer(text, first, last)
