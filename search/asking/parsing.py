"""Reading what somebody typed: words, "phrases", -exclusions, document numbers. Nothing else means anything.

Whatever is typed has an answer: signs are left out, what is too long is cut, an operator of any engine is a text.
"""

import re
from dataclasses import dataclass

from ..text.document_numbers import DocumentNumber, compatible, find_numbers
from ..text.folding import fold, runs

#: Characters that are read, and words among them: a whole title fits.
LONGEST, MOST_WORDS = 300, 20
#: A phrase in quotes of any kind, or a title between its marks, maybe excluded. None reaches over the beginning of
#: another one: what is opened again and again and never closed would be read to its end each time. What stands between
#: such marks and is the year of a document number is none.
_NO_NUMBER = r"(?! ?(?:19|20)\d\d ?年? ?[」』》] ?第? ?\d)"
_PHRASE = re.compile(
    rf"""(?P<minus>(?<!\S)-)?(?:["“”„](?P<a>[^"“”„]*)["“”„]"""
    rf"""|[「『]{_NO_NUMBER}(?P<b>[^「『」』]*)[」』]|《{_NO_NUMBER}(?P<c>[^《》]*)》)"""
)
#: Brackets in which no document has its number.
_BRACKETS = str.maketrans("〖〗", "〔〕")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True)
class Word:
    """A word or phrase. ``number``: the document number that it is, None for any other.

    ``quoted``: asked for as it is written, and not by other words for it.
    """

    text: str
    number: DocumentNumber | None = None
    quoted: bool = False

    @property
    def runs(self) -> tuple[str, ...]:
        """Its folded runs, each of which stands in a hit as it is."""
        return tuple(runs(fold(self.text)))


@dataclass(frozen=True)
class Asked:
    """What was asked. ``text``: what was read of it; ``cut``: whether there was more."""

    text: str
    words: tuple[Word, ...] = ()
    without: tuple[Word, ...] = ()
    cut: bool = False


def parse(typed: str) -> Asked:
    """Read what somebody typed; never fails. Words of signs alone are left out."""
    text = " ".join(_UNSEEN.sub(" ", compatible(typed[: LONGEST * 4]).translate(_BRACKETS)).split())
    cut = len(text) > LONGEST or len(typed) > LONGEST * 4
    text = text[:LONGEST].strip()
    words: list[Word] = []
    without: list[Word] = []
    rest = []
    place = 0
    for found in _PHRASE.finditer(text):
        rest.append(text[place : found.start()])
        phrase = found["a"] or found["b"] or found["c"] or ""
        (without if found["minus"] else words).append(_word(phrase))
        place = found.end()
    rest.append(text[place:])
    for part in rest:
        _read_part(part, words, without)
    kept = list(dict.fromkeys(word for word in words if word.runs))
    return Asked(
        text,
        tuple(kept[:MOST_WORDS]),
        tuple(dict.fromkeys(word for word in without if word.runs))[:MOST_WORDS],
        cut or len(kept) > MOST_WORDS,
    )


def _read_part(part: str, words: list[Word], without: list[Word]) -> None:
    """Read what stands outside of quotes: document numbers first, for they may hold spaces."""
    place = 0
    for number in find_numbers(part):
        before = part[place : number.start]
        excluded = before == "-" or before.endswith(" -")
        _read_words(before, words, without)
        (without if excluded else words).append(Word(part[number.start : number.end], number))
        place = number.end
    _read_words(part[place:], words, without)


def _read_words(part: str, words: list[Word], without: list[Word]) -> None:
    for word in part.split():
        if word.startswith("-") and len(word) > 1:
            without.append(Word(word[1:]))
        else:
            words.append(Word(word))


def _word(phrase: str) -> Word:
    numbers = find_numbers(phrase)
    whole = numbers[0] if len(numbers) == 1 and (numbers[0].start, numbers[0].end) == (0, len(phrase)) else None
    return Word(phrase, whole, quoted=True)
