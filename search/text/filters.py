"""Lexemes of filters: a sign that no folded text has, one letter, a colon, a value.

What a question may be narrowed to is one of these.

``s`` key of a site · ``k`` kind · ``t`` topic (the class that the document says; what lies below one is for the
question to say, for classes are moved and merged) · ``o`` organisation · ``y`` year ·
``v`` validity · ``c`` column, as ``=c:<key of the site>:<path>`` with every column above it.
"""

from collections.abc import Iterable

#: A value is cut here: a lexeme has a greatest length.
_LONGEST = 300


def filter_lexeme(letter: str, value: object) -> str:
    """Return the lexeme of one value, as it stands in documents and in questions."""
    return f"={letter}:{str(value)[:_LONGEST]}"


def column_lexemes(site: int, path: str) -> set[str]:
    """Return the lexemes of the column at ``path`` (``/zwgk/zcwj/``) of a site, and of every column above it."""
    parts = [part for part in path.split("/") if part]
    return {filter_lexeme("c", f"{site}:/{'/'.join(parts[:end])}/") for end in range(1, len(parts) + 1)}


def values_of(letter: str, values: Iterable[object]) -> tuple[str, ...]:
    """Return the lexemes of several values of one filter, of which a document needs one."""
    return tuple(filter_lexeme(letter, value) for value in values)
