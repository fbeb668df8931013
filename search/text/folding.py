"""Folding: one form for all ways of writing the same words.

Compatible characters become the usual ones (full width, circled digits), letters lower case, traditional characters
simplified; signs and spaces go, and the end of a sentence becomes a line break. Every character is folded by itself,
whatever stands beside it, so part of a text folds to part of the folded text: whatever is cut out of a document is
found in it. (Converting phrase by phrase would write better Chinese and lose that.)
"""

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from .simplified import simplified_characters

#: A run of characters ends here; everything else that is no letter, digit or character is left out.
_ENDS = frozenset("。！？!?；;…")
#: Characters that the table remembers; a text made of rare ones must not grow it without bound.
_REMEMBERED = 60_000
#: Vowels and finals of Korean syllables join the character before them, like combining signs.
_JOINING_JAMO = range(0x1160, 0x1200)


class _Table(dict[int, str]):
    """Code point -> what it folds to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded


_table = _Table()


@dataclass(frozen=True)
class Folded:
    """A folded text that knows where it comes from.

    ``starts[i]`` and ``ends[i]``: the part of the original from which ``text[i]`` was made, as for a slice.
    """

    text: str
    starts: list[int]
    ends: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the slice of the original for the slice ``start:end`` (not empty) of the folded text."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> str:
    """Return the folded form of ``text``: runs of letters, digits and characters, a line break between them."""
    if unicodedata.is_normalized("NFC", text):
        return text.translate(_table)
    return "".join(composed.translate(_table) for composed, _, _ in _clusters(text))


def fold_with_places(text: str) -> Folded:
    """Fold ``text`` as ``fold`` does, and keep for each character of the result where it stood."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    if unicodedata.is_normalized("NFC", text):
        each = [_table[ord(character)] for character in text]
        if max(map(len, each), default=0) <= 1:
            # Nearly every text: a character becomes one, or goes.
            starts = [place for place, folded in enumerate(each) if folded]
            return Folded("".join(each), starts, [place + 1 for place in starts])
        for place, folded in enumerate(each):
            if folded:
                parts.append(folded)
                starts.extend([place] * len(folded))
                ends.extend([place + 1] * len(folded))
        return Folded("".join(parts), starts, ends)
    for composed, start, end in _clusters(text):
        if folded := composed.translate(_table):
            parts.append(folded)
            starts.extend([start] * len(folded))
            ends.extend([end] * len(folded))
    return Folded("".join(parts), starts, ends)


def place_of(text: str, index: int) -> int:
    """Return where in ``text`` the character ``index`` of its folded form comes from."""
    if not unicodedata.is_normalized("NFC", text):
        return fold_with_places(text).starts[index]
    return bisect_right(list(accumulate(map(len, map(_table.__getitem__, map(ord, text))))), index)


def runs(folded: str) -> list[str]:
    """Split a folded text into its runs; there are no empty ones."""
    return [run for run in folded.split("\n") if run]


def _fold_character(character: str) -> str:
    if character in _ENDS:
        return "\n"
    usual = unicodedata.normalize("NFKC", character)
    if usual in _ENDS:
        return "\n"
    simple = _simple()
    return "".join(simple.get(one, one) for one in usual.lower() if one.isalnum())


@cache
def _simple() -> dict[str, str]:
    return simplified_characters()


def _clusters(text: str) -> list[tuple[str, int, int]]:
    """Cut the text into characters with the signs that join them: (composed, start, end)."""
    found: list[tuple[str, int, int]] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place < len(text) and (unicodedata.combining(text[place]) or ord(text[place]) in _JOINING_JAMO):
            continue
        found.append((unicodedata.normalize("NFC", text[start:place]), start, place))
        start = place
    return found
