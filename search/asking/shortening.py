"""Nearer questions for one that found nothing: without what only asks, in its parts, without one of its words.

People type 孩子上小学怎么报名 without a blank. What was excluded stays excluded and what was quoted stays quoted; each
question that is tried costs as much as the one that found nothing, so the nearest come first and there are few.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..text.document_numbers import DocumentNumber
from .parsing import Asked, Word, parse

#: With more words than this, each of them is tried alone as well.
_FEW = 2
#: A word is parted or cut when it has so many characters; so many are left at least; so many ways of parting it.
_LONG, _LEFT_AT_LEAST, _PARTED_AT_MOST = 4, 2, 3
#: What asks and is asked for by nobody; 目的 and 的确 are words of their own.
_ASKING = re.compile(
    r"请问|想问|想知道|我想|我要|怎么办理|怎样办理|如何办理|怎么办|怎样办|怎么|怎样|如何|在哪里|在哪儿|去哪里|在哪|去哪"
    r"|哪里|哪儿|哪些|什么时候|何时|多长时间|多久|多少钱|多少|什么|需要|可不可以|能不能|可以|有没有|是不是"
    r"|[吗呢?]|(?<!目)的(?!确)|了(?=$|[吗呢?])|了(?=怎|如何)"
)
#: What stands in every other title: alone it leads nowhere, unless somebody typed it so.
_GENERAL = frozenset(
    {
        "通知",
        "公告",
        "公示",
        "文件",
        "政策",
        "规定",
        "办法",
        "意见",
        "方案",
        "办理",
        "申请",
        "查询",
        "信息",
        "指南",
        "流程",
    }
    | {"条件", "材料", "服务", "工作", "管理", "情况", "问题", "事项", "怎么", "关于", "实施"}
)
_YEAR = re.compile(r"((?:19|20)\d\d年?)")


@dataclass(frozen=True)
class Shorter:
    """A shorter question. ``left_out``: what the reader asked for besides it; () where a word was cut or parted."""

    text: str
    left_out: tuple[str, ...] = ()


def shorter_questions(text: str) -> Iterator[Shorter]:
    """Yield shorter questions, the nearest first, each once."""
    asked = parse(text)
    excluded = "".join(f" -{_written(word.text, quoted=word.quoted)}" for word in asked.without)
    met: set[str] = set()
    for shorter in _shorter(asked):
        if shorter.text not in met:
            met.add(shorter.text)
            yield Shorter(shorter.text + excluded, shorter.left_out)


# --- inside -------------------------------------------------------------------------------


def _shorter(asked: Asked) -> Iterator[Shorter]:
    if len(asked.words) > 1:
        yield from _of_several(asked.words)
        return
    for word in asked.words:
        if word.quoted:
            yield Shorter(word.text)
        if word.number is not None:
            yield from _of_a_number(word.number)
        else:
            yield from _of_one(word.text)


def _of_several(words: Sequence[Word]) -> Iterator[Shorter]:
    """Without each word in turn, those that only ask first, then the later ones; of many words, each alone."""
    places = range(len(words))
    asking = [not words[place].quoted and not _parts(words[place].text) for place in places]
    outs = sorted(places, key=lambda place: (not asking[place], -place))
    kept = [[place for place in places if place != out] for out in outs]
    kept += [[place] for place in places] if len(words) > _FEW else []
    for some in kept:
        if not all(asking[place] for place in some):
            text = " ".join(_written(words[place].text, quoted=words[place].quoted) for place in some)
            yield Shorter(text, tuple(words[place].text for place in places if place not in some))


def _of_a_number(number: DocumentNumber) -> Iterator[Shorter]:
    """Of a number with its issuer: whoever issued it, whatever its serial is, whatever its year is."""
    if number.issuer:
        year, serial = f"〔{number.year}〕", f"{number.serial}号"
        yield Shorter(f"{year}{serial}", (number.issuer,))
        yield Shorter(f"{number.issuer}{year}", (serial,))
        yield Shorter(number.issuer, (f"{year}{serial}",))


def _of_one(word: str) -> Iterator[Shorter]:
    """Without what only asks, and its longest part shorter; then each part alone, or the only one parted and cut."""
    parts = _parts(word)
    if parts and parts != [word]:
        yield Shorter(" ".join(parts))
    if len(parts) == 1:
        ways = (*_parted(parts[0]), *_cut(parts[0], word))
        yield from (Shorter(way) for way in ways if way not in _GENERAL)
    elif parts:
        yield from _of_parts(parts)


def _of_parts(parts: Sequence[str]) -> Iterator[Shorter]:
    longest = max(parts, key=len)
    if len(longest) >= _LONG:
        half = len(longest) // 2
        for cut in (longest[-half - len(longest) % 2 :], longest[:half]):
            yield Shorter(" ".join(cut if part is longest else part for part in parts))
    for part in sorted((part for part in parts if len(part) >= _LEFT_AT_LEAST), key=len, reverse=True):
        if part not in _GENERAL:
            yield Shorter(part, tuple(other for other in parts if other is not part))


def _parts(word: str) -> list[str]:
    """Return what a word without blanks has besides what only asks; years are parts of their own."""
    return [part for piece in _ASKING.split(word) for part in _YEAR.split(piece) if part]


def _parted(word: str) -> Iterator[str]:
    """Yield a word as two, parted near its middle first."""
    ends = range(_LEFT_AT_LEAST, len(word) - _LEFT_AT_LEAST + 1)
    for end in sorted(ends, key=lambda one: abs(2 * one - len(word)))[:_PARTED_AT_MOST]:
        yield f"{word[:end]} {word[end:]}"


def _cut(word: str, typed: str) -> Iterator[str]:
    """Yield the beginnings and ends of a word, the longest first; of a long one, few of them, of a short one none.

    ``typed``: what stood there; of 台风来了怎么办 the short 台风来 is cut too.
    """
    size = len(word)
    if len(typed) >= _LONG:
        for length in sorted({size - 1, size * 2 // 3, size // 2, 4, 3, 2} & set(range(_LEFT_AT_LEAST, size)))[::-1]:
            yield word[:length]
            yield word[-length:]


def _written(text: str, *, quoted: bool) -> str:
    """Return a word as it is typed: in quotes of a kind that it does not hold."""
    if not quoted:
        return text
    return f"「{text}」" if any(sign in text for sign in '"“”„') else f"“{text}”"
