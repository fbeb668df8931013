"""The tidying of a rich text as the editor holds it: Draft.js' raw content. Its places are UTF-16."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .words import tidy_words

SIGN_OFF = "sign-off"
_PARAGRAPH = "unstyled"


@dataclass(frozen=True)
class Line:
    """One paragraph before and after. ``after`` None: it is left out. ``sign_off``: it goes to the right now."""

    before: str
    after: str | None
    sign_off: bool = False


def tidy_raw(raw: dict[str, Any], is_closing: Callable[[int], bool]) -> tuple[dict[str, Any], list[Line]]:
    """Return (tidied raw content, its lines). ``is_closing``: whether paragraph number N is signature or date."""
    blocks: list[dict[str, Any]] = []
    lines: list[Line] = []
    for number, block in enumerate(raw["blocks"]):
        tidied = _tidied_block(block)
        if block["type"] == _PARAGRAPH and not tidied["text"].strip() and not block.get("entityRanges"):
            lines.append(Line(block["text"], None))
            continue
        closing = block["type"] == _PARAGRAPH and is_closing(number)
        if closing:
            tidied["type"] = SIGN_OFF
        lines.append(Line(block["text"], tidied["text"], closing))
        blocks.append(tidied)
    if not blocks and raw["blocks"]:
        # An editor without a paragraph is nothing to write in.
        blocks = [{**raw["blocks"][0], "text": "", "inlineStyleRanges": [], "entityRanges": []}]
    return {**raw, "blocks": blocks}, lines


def _tidied_block(block: dict[str, Any]) -> dict[str, Any]:
    if block["type"] == "atomic":
        return dict(block)
    text = str(block["text"])
    tidied = tidy_words(text, begins_paragraph=block["type"] == _PARAGRAPH)
    if tidied.text == text:
        return dict(block)
    places = _places(text)
    new_places = _units(tidied.text)
    return {
        **block,
        "text": tidied.text,
        "inlineStyleRanges": list(_moved(block.get("inlineStyleRanges") or [], places, tidied.origins, new_places)),
        "entityRanges": list(_moved(block.get("entityRanges") or [], places, tidied.origins, new_places)),
    }


def _moved(
    ranges: Sequence[dict[str, Any]], places: Sequence[int], origins: Sequence[int], units: Sequence[int]
) -> Iterator[dict[str, Any]]:
    """Yield the ranges over the characters that come from those they were over."""
    for each in ranges:
        start, end = each["offset"], each["offset"] + each["length"]
        over = [number for number, origin in enumerate(origins) if start <= places[origin] < end]
        if over:
            offset = units[over[0]]
            yield {**each, "offset": offset, "length": units[over[-1] + 1] - offset}


def _places(text: str) -> list[int]:
    return _units(text)[:-1]


def _units(text: str) -> list[int]:
    """Return the place of each character in units of UTF-16, and of the end."""
    places = [0]
    for letter in text:
        places.append(places[-1] + (2 if ord(letter) > 0xFFFF else 1))
    return places
