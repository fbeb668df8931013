"""The tidying of a rich text as the editor holds it: Draft.js' raw content. Its places are UTF-16."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .words import Tidied, tidy_words

SIGN_OFF = "sign-off"
_PARAGRAPH = "unstyled"


@dataclass(frozen=True)
class Line:
    """One paragraph before and after. ``after`` None: it is left out. ``sign_off``: it goes to the right now."""

    before: str
    after: Tidied | None
    sign_off: bool = False


def tidy_raw(raw: dict[str, Any], is_closing: Callable[[int], bool]) -> tuple[dict[str, Any], list[Line]]:
    """Return (tidied raw content, its lines). ``is_closing``: whether paragraph number N is signature or date."""
    blocks: list[dict[str, Any]] = []
    lines: list[Line] = []
    for number, block in enumerate(raw["blocks"]):
        tidied, after = _tidied_block(block)
        if block["type"] == _PARAGRAPH and not tidied["text"].strip() and not block.get("entityRanges"):
            lines.append(Line(block["text"], None))
            continue
        closing = block["type"] == _PARAGRAPH and is_closing(number)
        if closing:
            tidied["type"] = SIGN_OFF
        lines.append(Line(block["text"], after, closing))
        blocks.append(tidied)
    if not blocks and raw["blocks"]:
        # An editor without a paragraph is nothing to write in.
        blocks = [{**raw["blocks"][0], "text": "", "inlineStyleRanges": [], "entityRanges": []}]
    return {**raw, "blocks": blocks}, lines


def _tidied_block(block: dict[str, Any]) -> tuple[dict[str, Any], Tidied]:
    text = str(block["text"])
    if block["type"] == "atomic":
        return dict(block), Tidied(text, tuple(range(len(text))))
    tidied = tidy_words(text, begins_paragraph=block["type"] == _PARAGRAPH)
    if tidied.text == text:
        return dict(block), tidied
    places = _units(text)
    came_from, new_places = [places[origin] for origin in tidied.origins], _units(tidied.text)
    moved = {
        name: list(_moved(block.get(name) or [], came_from, new_places))
        for name in ("inlineStyleRanges", "entityRanges")
    }
    return {**block, "text": tidied.text, **moved}, tidied


def _moved(
    ranges: Sequence[dict[str, Any]], came_from: Sequence[int], units: Sequence[int]
) -> Iterator[dict[str, Any]]:
    """Yield the ranges over the characters that come from those they were over. ``came_from`` never goes back."""
    for each in ranges:
        first = bisect_left(came_from, each["offset"])
        after = bisect_left(came_from, each["offset"] + each["length"])
        if first < after:
            yield {**each, "offset": units[first], "length": units[after] - units[first]}


def _units(text: str) -> list[int]:
    """Return the place of each character in units of UTF-16, and of the end."""
    places = [0]
    for letter in text:
        places.append(places[-1] + (2 if ord(letter) > 0xFFFF else 1))
    return places
