"""The comparison of what a file shows with what became of it: what is missing, added or moved, and where.

Both are cut into short overlapping pieces, and every piece of the one is crossed off against one of the other. That
takes time in proportion to the texts, whatever stands in them, and asks nothing of their order.
"""

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from govplatform.untrusted_files.characters import fold_characters

from .extraction.second_reading import Passage

#: Characters of a piece. Shorter ones stand in every text, longer ones lose more at each change.
_PIECE = 4
#: What ties a passage to its place in the result, in characters.
_HEAD = 12
#: A difference is looked at before the page is handed in from this share of the text on, or from a whole passage on.
MOST_SHARE = 0.02
_WHOLE = 0.9
_SHORTEST_PASSAGE = 4
_MOST_NAMED = 40
_EXCERPT = 80
_LONGEST_LABEL = 24
_BULLETS = "•●■◆▪◇○★☆※·"
_IGNORED = "|｜丨`´^¨﹏"
_BESIDE_NUMBERS = "%‰"
_BETWEEN_DIGITS = ".．,-—–:：/~～"

Kind = Literal["missing", "added", "moved"]


@dataclass(frozen=True)
class Difference:
    """A place where file and page differ. place: kind and number of a passage of the file, ("", 0) in the page."""

    kind: Kind
    place: str
    number: int
    count: int
    text: str


@dataclass
class Comparison:
    """What a file and its page have unlike. Numbers are characters that say something: letters, digits, symbols.

    ``must_look``: so much that a person has to look before the page is handed in. ``more``: differences not named.
    """

    characters: int = 0
    missing: int = 0
    added: int = 0
    moved: int = 0
    must_look: bool = False
    more: int = 0
    differences: list[Difference] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class _Text:
    """Passages as one string of the characters that count; starts: where in it each begins."""

    passages: list[Passage]
    string: str
    starts: list[int]

    def passage_at(self, offset: int) -> int:
        low, high = 0, len(self.starts)
        while low < high:
            middle = (low + high) // 2
            if self.starts[middle] <= offset:
                low = middle + 1
            else:
                high = middle
        return low - 1

    def length_of(self, index: int) -> int:
        end = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.string)
        return end - self.starts[index]


def compare(
    source: list[Passage], result: Iterable[str], *, left_out: Iterable[str] = (), put_in: Iterable[str] = ()
) -> Comparison:
    """Compare the passages of a file with the texts of its page.

    ``left_out``: texts of the file that are named elsewhere as left out, or shown in another form; ``put_in``: texts
    that the reading made up by rule, such as the numbers of lists.
    """
    texts, rest = _without_labels(result, put_in)
    file, page = _text(source), _text([Passage("paragraph", 0, text) for text in texts])
    excused, made = [normal(text) for text in left_out], [normal(text) for text in rest]
    missing = _unmatched(file, [page.string, *excused])
    added = _unmatched(page, [file.string, *made])
    missing, added = _cut(file, missing), _cut(page, added)
    for size in (2, 1):
        left, right = _strings(file, missing), _strings(page, added)
        missing = _rematched(file, missing, right, excused, size)
        added = _rematched(page, added, left, made, size)
    found = Comparison(characters=len(file.string))
    _name(found, "missing", file, missing)
    _name(found, "added", page, added)
    _name_moved(found, file, page, missing)
    share = max(found.missing, found.added)
    found.must_look = found.must_look or share > max(found.characters * MOST_SHARE, 1)
    found.more = max(0, len(found.differences) - _MOST_NAMED)
    found.differences = found.differences[:_MOST_NAMED]
    return found


def _without_labels(texts: Iterable[str], put_in: Iterable[str]) -> tuple[list[str], list[str]]:
    """Take numbers of lists off the beginnings of texts; return (texts, what was put in elsewhere)."""
    labels = Counter(stripped for text in put_in if (stripped := text.strip()))
    bare: list[str] = []
    for text in texts:
        lengths = range(min(len(text), _LONGEST_LABEL), 0, -1)
        length = next((length for length in lengths if labels.get(text[:length], 0)), 0)
        if length:
            labels[text[:length]] -= 1
        bare.append(text[length:])
    return bare, list(labels.elements())


def normal(text: str) -> str:
    """Return what of a text says something: letters, digits and symbols, in one form each."""
    text = unicodedata.normalize("NFKC", fold_characters(text).lstrip(" 　\t" + _BULLETS))
    return "".join(text[index] for index in _telling(text))


def _telling(text: str) -> list[int]:
    """Return the offsets of the characters that count."""
    return [
        index
        for index, char in enumerate(text)
        if char.isalnum()
        or char in _BESIDE_NUMBERS
        or (char not in _IGNORED and unicodedata.category(char)[0] == "S")
        or (char in _BETWEEN_DIGITS and text[index - 1 : index].isdigit() and text[index + 1 : index + 2].isdigit())
    ]


def _text(passages: Iterable[Passage]) -> _Text:
    kept, pieces, starts, length = [], [], [], 0
    for passage in passages:
        piece = normal(passage.text)
        if piece:
            kept.append(passage)
            pieces.append(piece)
            starts.append(length)
            length += len(piece)
    return _Text(kept, "".join(pieces), starts)


Run = tuple[int, int]


def _unmatched(text: _Text, others: list[str]) -> list[Run]:
    """Return (start, end) of each stretch of a text that the others do not have, or not so often.

    Passages that the others have as a whole come first: what is left then is missing where it stood.
    """
    left = Counter(other[i : i + _PIECE] for other in others for i in range(max(len(other) - _PIECE + 1, 0)))
    matched = bytearray(len(text.string))
    rest: list[int] = []
    for index, start in enumerate(text.starts):
        end = start + text.length_of(index)
        needed = Counter(text.string[at : at + _PIECE] for at in range(start, end - _PIECE + 1))
        if needed and all(left.get(piece, 0) >= count for piece, count in needed.items()):
            left.subtract(needed)
            matched[start:end] = b"\1" * (end - start)
            rest += range(max(end - _PIECE + 1, 0), end)
        else:
            rest += range(start, end)
    whole = b"\1" * _PIECE
    for start in rest:
        piece = text.string[start : start + _PIECE]
        if len(piece) == _PIECE and left.get(piece, 0) > 0:
            left[piece] -= 1
            matched[start : start + _PIECE] = whole
    return _zeros(matched)


def _cut(text: _Text, runs: list[Run]) -> list[Run]:
    """Cut stretches where a passage ends."""
    cut: list[Run] = []
    for start, end in runs:
        begins = start
        while begins < end:
            index = text.passage_at(begins)
            edge = min(end, text.starts[index] + text.length_of(index))
            cut.append((begins, edge))
            begins = edge
    return cut


def _strings(text: _Text, runs: list[Run]) -> list[str]:
    return [text.string[start:end] for start, end in runs]


def _rematched(text: _Text, runs: list[Run], others: list[str], excused: list[str], size: int) -> list[Run]:
    """Cross off what short passages have alike: pieces over their edges differ wherever their neighbours do.

    Single digits are crossed off against what is excused only, for those of a number have an order.
    """
    left = Counter(
        piece
        for texts, strict in ((others, True), (excused, False))
        for other in texts
        if len(other) < _HEAD
        for piece in (other[i : i + size] for i in range(len(other) - size + 1))
        if size > 1 or not strict or not piece.isdigit()
    )
    kept: list[Run] = []
    for start, end in runs:
        matched = bytearray(end - start)
        for at in range(start, end - size + 1):
            piece = text.string[at : at + size]
            if left.get(piece, 0):
                left[piece] -= 1
                matched[at - start : at - start + size] = b"\1" * size
        kept += [(start + begins, start + ends) for begins, ends in _zeros(matched)]
    return kept


def _zeros(matched: bytearray) -> list[Run]:
    runs: list[Run] = []
    start = matched.find(0)
    while start >= 0:
        end = matched.find(1, start)
        end = len(matched) if end < 0 else end
        runs.append((start, end))
        start = matched.find(0, end)
    return runs


def _name(found: Comparison, kind: Kind, text: _Text, runs: list[Run]) -> None:
    """Put the stretches into ``found``, those of one passage together."""
    of_passage: dict[int, list[Run]] = {}
    for run in runs:
        of_passage.setdefault(text.passage_at(run[0]), []).append(run)
    for index, own in of_passage.items():
        passage, length = text.passages[index], text.length_of(index)
        count = sum(end - start for start, end in own)
        if kind == "missing":
            found.missing += count
        else:
            found.added += count
        whole = count >= length * _WHOLE
        found.must_look = found.must_look or (whole and length >= _SHORTEST_PASSAGE)
        place = (str(passage.kind), passage.number) if kind == "missing" else ("", 0)
        shown = passage.text if whole else _excerpt(passage.text, own, text.starts[index])
        found.differences.append(Difference(kind, *place, count, _short(shown)))


def _excerpt(raw: str, runs: list[Run], begins: int) -> str:
    """Return the words of a passage around the first of its stretches, from ``…`` to ``…``."""
    raw = unicodedata.normalize("NFKC", fold_characters(raw).lstrip(" 　\t" + _BULLETS))
    offsets = _telling(raw)
    first, last = runs[0][0] - begins, runs[0][1] - begins - 1
    start, end = max(offsets[first] - 6, 0), min(offsets[last] + 7, len(raw))
    return f"{'…' if start else ''}{raw[start:end]}{'…' if end < len(raw) else ''}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…"


def _name_moved(found: Comparison, file: _Text, page: _Text, missing: list[Run]) -> None:
    """Put the passages into ``found`` that the page has in another order than the file."""
    lost = {file.passage_at(start) for start, _end in missing}
    heads: dict[str, list[int]] = {}
    for index in range(len(file.passages)):
        if file.length_of(index) >= _HEAD and index not in lost:
            heads.setdefault(file.string[file.starts[index] : file.starts[index] + _HEAD], []).append(index)
    once = {head: indexes[0] for head, indexes in heads.items() if len(indexes) == 1}
    places: dict[int, int] = {}
    twice: set[int] = set()
    for offset in range(len(page.string) - _HEAD + 1):
        index = once.get(page.string[offset : offset + _HEAD], -1)
        if index >= 0:
            twice |= {index} & places.keys()
            places[index] = offset
    order = [index for index in sorted(places) if index not in twice]
    stays = _longest_rising([places[index] for index in order])
    for number, index in enumerate(order):
        if number not in stays:
            passage, length = file.passages[index], file.length_of(index)
            found.moved += length
            found.differences.append(
                Difference("moved", str(passage.kind), passage.number, length, _short(passage.text))
            )


def _longest_rising(values: list[int]) -> set[int]:
    """Return the indexes of a longest rising subsequence."""
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        place = bisect_left(ends, value)
        if place == len(ends):
            ends.append(value)
            at.append(index)
        else:
            ends[place], at[place] = value, index
        before.append(at[place - 1] if place else -1)
    rising: set[int] = set()
    index = at[-1] if at else -1
    while index >= 0:
        rising.add(index)
        index = before[index]
    return rising
