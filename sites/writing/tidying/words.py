"""The rules for the words of one paragraph: blanks, full and half width, quotation marks, numbers at its beginning.

Numbers have the forms and the order of GB/T 9704-2012, 7.3.3: 一、（一）1.（1）. Punctuation is that of
GB/T 15834-2011: full width in a Chinese sentence.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_CJK = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WIDE = "，。、；：？！（）《》〈〉【】“”‘’…—"
_BLANK = "[ \t\u00a0\u2002\u2003\u3000]"
_COUNT = "[一二三四五六七八九十]{1,3}"
_FULL = {**{chr(0xFF10 + n): str(n) for n in range(10)}, **{chr(0xFF21 + n): chr(65 + n) for n in range(26)}}
_FULL |= {chr(0xFF41 + n): chr(97 + n) for n in range(26)}
_HALF = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
#: Addresses are nobody's punctuation. Each run of letters is read once, from its beginning.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s\u3000-\u9fff\uff00-\uffef]+|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)

#: (start, end, what stands there instead), by places in the text that a rule was given.
Edit = tuple[int, int, str]


@dataclass(frozen=True)
class Tidied:
    """A text, and of each of its characters the place in the original that it comes from."""

    text: str
    origins: tuple[int, ...]


def tidy_words(text: str, *, begins_paragraph: bool = True) -> Tidied:
    """Return ``text`` set right. ``begins_paragraph``: a number at its beginning counts a paragraph or a heading."""
    tidied = Tidied(text, tuple(range(len(text))))
    numbers = [_numbers] if begins_paragraph else []
    # Numbers first: in 一. the point is no stop. Brackets and quotation marks before what stands after them.
    for rule in (_blanks, _counts, *numbers, _widths, _brackets, _quotes, _marks):
        tidied = _after(tidied, rule)
    return tidied


def tidy_lines(text: str) -> Tidied:
    """Return ``text`` with each of its lines set right, none of which begins a paragraph."""
    lines: list[str] = []
    origins: list[int] = []
    at = 0
    for line in text.split("\n"):
        tidied = tidy_words(line, begins_paragraph=False)
        lines.append(tidied.text)
        origins += [*(at + origin for origin in tidied.origins), at + len(line)]
        at += len(line) + 1
    return Tidied("\n".join(lines), tuple(origins[:-1]))


def _after(before: Tidied, rule: Callable[[str], Iterator[Edit]]) -> Tidied:
    """Carry out the edits of a rule, but for those that reach into an address; later ones over each other are passed
    over.
    """
    addresses = [found.span() for found in _ADDRESS.finditer(before.text)]
    passed = 0
    letters: list[str] = []
    origins: list[int] = []
    at = 0
    for start, end, instead in sorted(rule(before.text)):
        while passed < len(addresses) and addresses[passed][1] <= start:
            passed += 1
        if start < at or (passed < len(addresses) and addresses[passed][0] < end):
            continue
        letters.append(before.text[at:start] + instead)
        origins += before.origins[at:start]
        # A new character belongs to what it stands for; beyond its end to the last one.
        own = before.origins[start:end] or before.origins[start - 1 : start] or (0,)
        origins += [own[min(number, len(own) - 1)] for number in range(len(instead))]
        at = end
    letters.append(before.text[at:])
    origins += before.origins[at:]
    return Tidied("".join(letters), tuple(origins))


def _matches(pattern: str, instead: str, text: str) -> Iterator[Edit]:
    for found in re.finditer(pattern, text):
        if (new := found.expand(instead)) != found[0]:
            yield found.start(), found.end(), new


def _blanks(text: str) -> Iterator[Edit]:
    """The indent, which the page's own style gives; doubled blanks, and those beside Chinese punctuation."""
    yield from _matches(f"^{_BLANK}+|(?<!{_BLANK}){_BLANK}+$|[\u200b\u200c\u200d\u2060\ufeff]+", "", text)
    # After 第一条 and its like one wide blank is the rule.
    yield from _matches(f"(?<=[条章节编]){_BLANK}*\u3000{_BLANK}*", "\u3000", text)
    yield from _matches(f"(?<!{_BLANK}){_BLANK}+(?=[，。、；：？！）》】”’])", "", text)
    yield from _matches(f"(?<=[，。、；：？！（《【“‘]){_BLANK}+", "", text)
    yield from _matches(f"{_BLANK}{{2,}}|[\u00a0\t]", " ", text)


def _widths(text: str) -> Iterator[Edit]:
    """Letters and digits are half width, and so is the point between digits."""
    for place, letter in enumerate(text):
        if letter in _FULL:
            yield place, place + 1, _FULL[letter]
    yield from _matches(r"(?<=[0-9０-９])．(?=[0-9０-９])", ".", text)


def _marks(text: str) -> Iterator[Edit]:
    """Punctuation after a Chinese character is full width; stops in a row are an ellipsis."""
    for found in re.finditer(rf"(?<=[{_CJK}）》”’％%])[,;:?!]|(?<=[0-9A-Za-z])[,;](?=[{_CJK}“《（])", text):
        yield found.start(), found.end(), _HALF[found[0]]
    yield from _matches(rf"(?<=[{_CJK}）》”’])\.(?=[{_CJK}]|$)", "。", text)
    yield from _matches(rf"(?<=[{_CJK}])(?:\.{{3,}}|。{{3,}}|…(?!…)(?<!……))", "……", text)


def _brackets(text: str) -> Iterator[Edit]:
    """Brackets around Chinese words, or right after them, are full width; both of a pair or none."""
    for found in re.finditer(r"[(（]([^()（）]*)[)）]", text):
        before = text[found.start() - 1 : found.start()]
        if re.search(rf"[{_CJK}]", found[1]) or re.fullmatch(rf"[{_CJK}]", before):
            for place, sign in ((found.start(), "（"), (found.end() - 1, "）")):
                if text[place] != sign:
                    yield place, place + 1, sign


def _quotes(text: str) -> Iterator[Edit]:
    """Straight quotation marks of a Chinese paragraph, where each has its other, are “ and ”, inner ones ‘ and ’."""
    if not re.search(rf"[{_CJK}]", text):
        return
    places = [found.start() for found in re.finditer('["＂]', text)]
    if len(places) % 2 == 0:
        for number, place in enumerate(places):
            yield place, place + 1, "“”"[number % 2]
    open_at = -1
    for found in re.finditer("'", text):
        place = found.start()
        if open_at >= 0 and re.search(rf"[{_CJK}]", text[open_at + 1 : place]):
            yield open_at, open_at + 1, "‘"
            yield place, place + 1, "’"
            open_at = -1
        else:
            open_at = place


def _counts(text: str) -> Iterator[Edit]:
    """一、, wherever a text begins: also in a list and in a cell its point is no stop."""
    yield from _matches(rf"^({_COUNT}){_BLANK}*(?:[.．]{_BLANK}*|、{_BLANK}+)(?!\d)", r"\1、", text)


def _numbers(text: str) -> Iterator[Edit]:
    yield from _matches(rf"^[（(]{_BLANK}*({_COUNT}){_BLANK}*[)）]{_BLANK}*[、.．]?{_BLANK}*", r"（\1）", text)
    yield from _matches(rf"^(\d{{1,2}})(?:[、．]|\.{_BLANK}+){_BLANK}*(?!\d)", r"\1.", text)
    yield from _matches(rf"^[（(]{_BLANK}*(\d{{1,2}}){_BLANK}*[)）]{_BLANK}*[、.．]?{_BLANK}*", r"（\1）", text)
