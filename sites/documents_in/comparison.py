"""The comparison of what a file shows with what became of it: what is missing, added or moved, and where.

Both are cut into short overlapping pieces, and every piece of the one is crossed off against one of the other. That
takes time in proportion to the texts, whatever stands in them, and asks nothing of their order.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from govplatform.untrusted_files.characters import fold_characters

from .extraction.second_reading import Passage
from .extraction.spacing import shortened
from .telling_characters import PARTED, normal, telling

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
#: Characters that are gone through for excuses before the rest of them is passed over.
_MOST_SEARCHED = 50_000_000

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
        return bisect_right(self.starts, offset) - 1

    def length_of(self, index: int) -> int:
        end = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.string)
        return end - self.starts[index]


def compare(
    source: list[Passage], result: Iterable[str], *, left_out: Iterable[str] = (), put_in: Sequence[str] = ()
) -> Comparison:
    """Compare the passages of a file with the texts of its page.

    ``left_out``: texts of the file that are named elsewhere as left out, or shown in another form; ``put_in``: texts
    that the reading made up by rule, such as the numbers of lists.
    """
    texts, rest = _without_labels(result, put_in)
    file, page = _text(source), _text([Passage("paragraph", 0, text) for text in texts])
    excused, made = _excuse(file, left_out), _excuse(page, rest)
    missing = _unmatched(file, page, excused)
    added = _unmatched(page, file, made)
    missing, added = _cut(file, missing), _cut(page, added)
    for size in (2, 1):
        left, right = _strings(file, missing), _strings(page, added)
        missing = _rematched(file, missing, [*right, *excused.single], size)
        added = _rematched(page, added, [*left, *made.single], size)
    found = Comparison(characters=len(file.string))
    _name(found, "missing", file, missing, excused)
    _name(found, "added", page, added, made)
    _name_moved(found, file, page, missing)
    share = max(found.missing, found.added)
    found.must_look = found.must_look or share > max(found.characters * MOST_SHARE, 1)
    found.more = max(0, len(found.differences) - _MOST_NAMED)
    found.differences = _largest(found.differences)
    return found


def _without_labels(texts: Iterable[str], put_in: Sequence[str]) -> tuple[list[str], list[str]]:
    """Take numbers of lists off the beginnings of texts; return (texts, what was put in elsewhere)."""
    labels = Counter(stripped for text in put_in if (stripped := text.strip()) and len(stripped) <= _LONGEST_LABEL)
    whole = {text.strip() for text in put_in}
    bare: list[str] = []
    for text in texts:
        if text.strip() in whole:
            # All of it was put in, not only what it begins with.
            bare.append(text)
            continue
        lengths = range(min(len(text), _LONGEST_LABEL), 0, -1)
        length = next((length for length in lengths if labels.get(text[:length], 0)), 0)
        if length:
            labels[text[:length]] -= 1
        bare.append(text[length:])
    longer = [stripped for text in put_in if len(stripped := text.strip()) > _LONGEST_LABEL]
    return bare, [*labels.elements(), *longer]


def _text(passages: Iterable[Passage]) -> _Text:
    kept: list[Passage] = []
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    for passage in passages:
        piece = normal(passage.text)
        if piece:
            if pieces and pieces[-1][-1].isdigit() and piece[0].isdigit():
                # The end of a passage parts numbers as a blank does.
                pieces[-1] += PARTED
                length += 1
            kept.append(passage)
            pieces.append(piece)
            starts.append(length)
            length += len(piece)
    return _Text(kept, "".join(pieces), starts)


Run = tuple[int, int]


@dataclass
class _Excused:
    """What of a text needs no counterpart: whole stretches of it, and single characters wherever they stand."""

    marks: bytearray
    single: list[str]


def _excuse(text: _Text, excuses: Iterable[str]) -> _Excused:
    """Find each excuse in a text once, whole: a passage of its words first, then a stretch of one."""
    found = _Excused(bytearray(len(text.string)), [])
    whole: dict[str, list[int]] = {}
    for index in range(len(text.starts) - 1, -1, -1):
        start = text.starts[index]
        whole.setdefault(text.string[start : start + text.length_of(index)].strip(), []).append(index)
    budget, cursor = _MOST_SEARCHED, 0
    for excuse in map(normal, excuses):
        if len(excuse) <= 1:
            found.single += [excuse] if excuse else []
            continue
        if whole.get(excuse):
            index = whole[excuse].pop()
            start = text.starts[index]
            found.marks[start : start + text.length_of(index)] = b"\1" * text.length_of(index)
            continue
        # Excuses come in the order of the file, as a rule; a file with very many of odd order is looked at instead.
        for begin in (cursor, 0):
            at = text.string.find(excuse, begin) if budget > 0 else -1
            while at >= 0 and any(found.marks[at : at + len(excuse)]):
                at = text.string.find(excuse, at + len(excuse))
                budget -= len(excuse)
            budget -= (at if at >= 0 else len(text.string)) - begin
            if at >= 0:
                found.marks[at : at + len(excuse)] = b"\1" * len(excuse)
                cursor = at + len(excuse)
                break
    return found


def _unmatched(text: _Text, other: _Text, excused: _Excused) -> list[Run]:
    """Return (start, end) of each stretch of a text that the other does not have, or not so often.

    Passages that the other has as a whole come first: what is left then is missing where it stood.
    """
    left = Counter(other.string[i : i + _PIECE] for i in range(max(len(other.string) - _PIECE + 1, 0)))
    matched = bytearray(excused.marks)
    rest: list[int] = []
    for index, start in enumerate(text.starts):
        end = start + text.length_of(index)
        needed = Counter(text.string[at : at + _PIECE] for at in range(start, end - _PIECE + 1))
        free = not any(matched[start:end])
        if free and needed and all(left.get(piece, 0) >= count for piece, count in needed.items()):
            left.subtract(needed)
            matched[start:end] = b"\1" * (end - start)
            rest += range(max(end - _PIECE + 1, 0), end)
        else:
            rest += range(start, end)
    whole = b"\1" * _PIECE
    for start in rest:
        piece = text.string[start : start + _PIECE]
        if len(piece) == _PIECE and left.get(piece, 0) > 0 and not any(excused.marks[start : start + _PIECE]):
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


def _rematched(text: _Text, runs: list[Run], others: list[str], size: int) -> list[Run]:
    """Cross off what short passages have alike: pieces over their edges differ wherever their neighbours do.

    Of single characters those of numbers are not crossed off, for their digits have an order, unless they stand alone.
    """
    left = Counter(
        other[i : i + size]
        for other in others
        if len(other) < _HEAD
        for i in range(len(other) - size + 1)
        if size > 1 or len(other) == 1 or not other[i].isdigit()
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


def _name(found: Comparison, kind: Kind, text: _Text, runs: list[Run], excused: _Excused) -> None:
    """Put the stretches into ``found``, those of one passage together."""
    of_passage: dict[int, list[Run]] = {}
    for run in runs:
        of_passage.setdefault(text.passage_at(run[0]), []).append(run)
    for index, runs_in in of_passage.items():
        edge = text.starts[index] + text.length_of(index) - 1
        own = [run for run in runs_in if kind == "missing" or run != (edge, edge + 1) or text.string[edge] != PARTED]
        if not own:
            # Passages that meet here and not in the file, where something that was left out stands between them.
            continue
        passage, length = text.passages[index], text.length_of(index)
        count = sum(end - start for start, end in own)
        start = text.starts[index]
        length -= sum(excused.marks[start : start + length])
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
    raw = fold_characters(raw)
    offsets = [offset for form, offset in telling(raw) for _char in form]
    # The blank that parts a passage's last number from the next one's first is not in its words.
    first, last = (min(at - begins, len(offsets) - 1) for at in (runs[0][0], runs[0][1] - 1))
    start, end = max(offsets[first] - 6, 0), min(offsets[last] + 7, len(raw))
    return f"{'…' if start else ''}{raw[start:end]}{'…' if end < len(raw) else ''}"


def _largest(differences: list[Difference]) -> list[Difference]:
    """Return as many differences as are named: the largest, in the order of the file."""
    by_size = sorted(range(len(differences)), key=lambda index: -differences[index].count)
    return [differences[index] for index in sorted(by_size[:_MOST_NAMED])]


def _short(text: str) -> str:
    return shortened(" ".join(text.split()), _EXCERPT)


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
