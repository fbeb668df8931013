"""Values masked in a page's own text: plain fields, rich text, and every string of a StreamField."""

from collections.abc import Mapping
from typing import Any

from govplatform.review.findings.highlighting import HtmlText, find_all


def masked_text(text: str, values: Mapping[str, str]) -> str:
    """``values``: text without spaces -> what takes its place, character by character; spaces stay as they are."""
    places = [place for place, letter in enumerate(text) if letter.strip()]
    squeezed = "".join(text[place] for place in places)
    letters = list(text)
    for at, letter in _changes(squeezed, values).items():
        letters[places[at]] = letter
    return "".join(letters)


def masked_html(source: str, values: Mapping[str, str]) -> str:
    """The same in rich text, also across its tags."""
    text = HtmlText(source)
    return text.replaced(_changes(text.text, values))


def masked_stream(blocks: list[dict[str, Any]], values: Mapping[str, str]) -> list[dict[str, Any]]:
    """``blocks``: a StreamField's value as it is stored."""
    return [
        {**block, "value": masked_html(block["value"], values)}
        if block["type"] == "rich_text"
        else {**block, "value": _masked_strings(block["value"], values)}
        for block in blocks
    ]


def _masked_strings(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return masked_text(value, values)
    if isinstance(value, list):
        return [_masked_strings(item, values) for item in value]
    if isinstance(value, dict):
        # Names of blocks and their ids are no text.
        return {k: v if k in ("id", "type") else _masked_strings(v, values) for k, v in value.items()}
    return value


def _changes(squeezed: str, values: Mapping[str, str]) -> dict[int, str]:
    return {
        place + at: letter
        for value, masked in values.items()
        for place in find_all(squeezed, value)
        for at, letter in enumerate(masked)
        if letter != value[at]
    }
