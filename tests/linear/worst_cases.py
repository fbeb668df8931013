"""Text that keeps a pattern busy, made from the pattern's own structure."""

import re
from collections.abc import Iterator

# The standard library's own parser; it has no public name.
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

#: Tried for classes that say what a character is not.
_SAMPLES = "a中1 \t\n-<（。,.\"'/=X:：;\\[\u3000é\x00"
_CATEGORIES = {
    kinds.CATEGORY_DIGIT: "1", kinds.CATEGORY_NOT_DIGIT: "a ", kinds.CATEGORY_SPACE: " \n",
    kinds.CATEGORY_NOT_SPACE: "a", kinds.CATEGORY_WORD: "a中", kinds.CATEGORY_NOT_WORD: " -",
}  # fmt: skip
_REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)
#: From so many repetitions on, a repeat is taken for one without an end.
_MANY = 16
#: So many ways for one pattern.
MOST = 60
#: What hands write that no single pattern shows.
ALWAYS = (
    "a", "1", " ", "\n", "中", "（", "<", "\"", "1 ", " \n", "a.", "a ", "<a ", "中 ", "中、", "1.", "2023年",
    "云江省人民政府办公厅 ", "张三，男，", "某省某市某县某镇某村", "12345678 ",
)  # fmt: skip


def pumps(pattern: re.Pattern[Any]) -> list[tuple[str, str]]:
    """(beginning, what is repeated behind it), each a way to keep the pattern from coming to an end."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    found: dict[tuple[str, str], None] = {}

    def add(beginning: str, unit: str) -> None:
        if unit and all(ord(character) < 256 for character in unit) | isinstance(pattern.pattern, str):
            found.setdefault((beginning, unit))

    characters = list(dict.fromkeys(_characters(tree)))[:10]
    for before, pumped in _repeats(tree, ""):
        add(before, pumped)
        add("", before + pumped)
        for character in characters[:2]:
            add(before, pumped + character)
    for character in characters:
        add("", character)
    for whole in (_sample(tree, 0, False), _sample(tree, 0, True), _sample(tree, 1, True)):
        for cut in (len(whole), len(whole) - 1, len(whole) - 2, len(whole) // 2):
            add("", whole[: max(cut, 0)])
    for at, first in enumerate(characters[:4]):
        for second in characters[at + 1 : 4]:
            add("", first + second)
    # A long list of words gives hundreds of the like: those of its repeats come first, an even choice of them.
    ways = list(found)
    chosen = ways if len(ways) <= MOST else ways[:: -(-len(ways) // MOST)]
    return [*chosen, *(("", unit) for unit in ALWAYS if ("", unit) not in found)]


def _characters(tree: Any) -> Iterator[str]:
    for kind, value in tree:
        if kind is kinds.LITERAL:
            yield chr(value)
        elif kind in (kinds.IN, kinds.NOT_LITERAL, kinds.ANY, kinds.CATEGORY):
            yield from _of_class(kind, value)[:3]
        else:
            for inner in _inside(kind, value):
                yield from _characters(inner)


def _inside(kind: Any, value: Any) -> list[Any]:
    """The parts of a node that are patterns themselves."""
    if kind is kinds.BRANCH:
        return list(value[1])
    if kind in _REPEATS:
        return [value[2]]
    if kind is kinds.SUBPATTERN:
        return [value[3]]
    if kind in (kinds.ASSERT, kinds.ASSERT_NOT):
        return [value[1]]
    if kind is kinds.ATOMIC_GROUP:
        return [value]
    return [part for part in value[1:] if part] if kind is kinds.GROUPREF_EXISTS else []


def _of_class(kind: Any, value: Any) -> str:
    """A few characters that the class takes."""
    if kind is kinds.ANY:
        return "a中"
    if kind is kinds.CATEGORY:
        return _CATEGORIES[value]
    if kind is kinds.NOT_LITERAL:
        return "".join(sample for sample in _SAMPLES if ord(sample) != value)[:2]
    if value and value[0][0] is kinds.NEGATE:
        return "".join(sample for sample in _SAMPLES if not any(_takes(part, sample) for part in value[1:]))[:2]
    taken = ""
    for part, what in value:
        if part is kinds.LITERAL:
            taken += chr(what)
        elif part is kinds.RANGE:
            taken += chr(what[0]) + chr(what[1])
        elif part is kinds.CATEGORY:
            taken += _CATEGORIES[what]
    return taken[:3] + taken[-1:]


def _takes(part: tuple[Any, Any], sample: str) -> bool:
    kind, what = part
    if kind is kinds.LITERAL:
        return ord(sample) == what
    if kind is kinds.RANGE:
        return bool(what[0] <= ord(sample) <= what[1])
    return {
        kinds.CATEGORY_DIGIT: sample.isdigit(), kinds.CATEGORY_SPACE: sample.isspace(),
        kinds.CATEGORY_WORD: sample.isalnum() or sample == "_", kinds.CATEGORY_NOT_SPACE: not sample.isspace(),
        kinds.CATEGORY_NOT_DIGIT: not sample.isdigit(),
        kinds.CATEGORY_NOT_WORD: not (sample.isalnum() or sample == "_"),
    }[what]  # fmt: skip


def _sample(tree: Any, choice: int, much: bool) -> str:
    """Text that the pattern takes, or nearly so; of alternatives the one numbered ``choice``."""
    text = ""
    for kind, value in tree:
        if kind is kinds.LITERAL:
            text += chr(value)
        elif kind in (kinds.IN, kinds.NOT_LITERAL, kinds.ANY, kinds.CATEGORY):
            taken = _of_class(kind, value) or "?"
            text += taken[choice % len(taken)]
        elif kind in _REPEATS:
            least, most, inner = value
            text += _sample(inner, choice, much) * (max(least, min(most, 1)) if much else least)
        elif kind is kinds.BRANCH:
            text += _sample(value[1][choice % len(value[1])], choice, much)
        elif kind in (kinds.SUBPATTERN, kinds.ATOMIC_GROUP):
            text += "".join(_sample(inner, choice, much) for inner in _inside(kind, value))
        elif kind is kinds.ASSERT and value[0] > 0:
            text += _sample(value[1], choice, much)
    return text


def _repeats(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """(text that leads to it, text that it takes once) of each repeat that has no end."""
    for position, (kind, value) in enumerate(tree):
        lead = before + _sample(tree[:position], 0, True)
        for inner in _inside(kind, value):
            if kind in _REPEATS and value[1] >= _MANY:
                for choice in range(2):
                    yield lead, _sample(inner, choice, True)
            yield from _repeats(inner, lead)
