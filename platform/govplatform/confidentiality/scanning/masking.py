"""Masking of values in excerpts: enough is shown to recognise a value, too little to use it."""

import re

#: Characters around a value in its excerpt, and the most an excerpt may have.
CONTEXT, LONGEST = 20, 300

_NUMBER = re.compile(r"[0-9][0-9Xx\s\-]{5,}")
_MAIL = re.compile(r"[\w.+-]{1,64}@(?=[\w.-])")
_SPACE = re.compile(r"\s+")


def masked(value: str) -> str:
    """``value`` with its middle as ``*``: the first three and last two characters stay, below nine only the first."""
    if len(value) >= 9:
        return value[:3] + "*" * (len(value) - 5) + value[-2:]
    return value[:1] + "*" * (len(value) - 1)


def masked_name(name: str) -> str:
    """``name`` with all but its first character as ``*``."""
    return name[:1] + "*" * max(1, len(name) - 1)


def excerpt(text: str, start: int, end: int, shown: str) -> str:
    """The text around ``text[start:end]``, with ``shown`` in its place and other values in it masked as well.

    Twice the context is masked before it is cut, so that no number is halved by the cut and then too short to be seen
    as one.
    """
    before = _quiet(text[max(0, start - 2 * CONTEXT) : start])[-CONTEXT:]
    after = _quiet(text[end : end + 2 * CONTEXT])[:CONTEXT]
    room = LONGEST - len(before) - len(after)
    return _SPACE.sub(" ", f"{before}{shown[:room]}{after}").strip()


def _quiet(text: str) -> str:
    text = _NUMBER.sub(lambda found: "*" * len(found[0]), text)
    return _MAIL.sub(lambda found: "*" * (len(found[0]) - 1) + "@", text)
