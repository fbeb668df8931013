"""The masking of values in a page's own text: in plain fields, rich text, and every string of a StreamField."""

from collections.abc import Mapping
from typing import Any

from govplatform.review.findings.highlighting import HtmlText, find_all


def masked_text(text: str, values: Mapping[str, str]) -> str:
    """Return plain ``text`` with ``values`` masked; spaces inside a value do not hide it and stay as they are.

    ``values``: text without spaces -> as many characters, each of which takes the place of the one it stands under.
    """
    places = [place for place, letter in enumerate(text) if letter.strip()]
    squeezed = "".join(text[place] for place in places)
    letters = list(text)
    for at, letter in _changes(squeezed, values).items():
        letters[places[at]] = letter
    return "".join(letters)


def masked_html(source: str, values: Mapping[str, str]) -> str:
    """Return rich text with ``values`` masked as in ``masked_text``, also where tags interrupt a value."""
    text = HtmlText(source)
    return text.replaced(_changes(text.text, values))


def masked_stream(blocks: list[dict[str, Any]], values: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the stored value of a StreamField with ``values`` masked in all its text; names and ids of blocks stay."""
    return [
        {**block, "value": masked_html(block["value"], values)}
        if block["type"] == "rich_text"
        else {**block, "value": masked_strings(block["value"], values)}
        for block in blocks
    ]


def masked_strings(value: Any, values: Mapping[str, str]) -> Any:
    """Return what JSON holds with ``values`` masked in all its texts."""
    if isinstance(value, str):
        return masked_text(value, values)
    if isinstance(value, list):
        return [masked_strings(item, values) for item in value]
    if isinstance(value, dict):
        # Names of blocks and their ids are no text.
        return {k: v if k in ("id", "type") else masked_strings(v, values) for k, v in value.items()}
    return value


def _changes(squeezed: str, values: Mapping[str, str]) -> dict[int, str]:
    return {
        place + at: letter
        for value, masked in values.items()
        for place in find_all(squeezed, value)
        for at, letter in enumerate(masked)
        if letter != value[at]
    }
