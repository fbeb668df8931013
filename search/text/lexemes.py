"""Lexemes of a text, and the needs by which a word of a question finds them. See ``search.engine``.

A document that holds a word has all its pairs of neighbouring characters: nothing is missed, whatever a dictionary of
words would have made of it. Where letters and digits stand together, groups of three go in as well: pairs alone would
find 2023 in nearly every document.
"""

import re
from collections.abc import Iterable
from itertools import chain, pairwise

from ..engine import Alternative, Need
from .document_numbers import compatible, find_numbers, own_number_forms
from .folding import fold, runs

_LETTERS = re.compile(r"[0-9a-z]{3,}")
#: PostgreSQL keeps at most a megabyte of lexemes for each document; what is longer is found by its beginning.
_LARGEST = 900_000
#: Mentions of other documents that are kept of one document.
_MOST_MENTIONS = 500


def text_lexemes(folded: str) -> set[str]:
    """Return the pairs of each run of a folded text with its last character, and its groups of three letters."""
    found: set[str] = set()
    for run in runs(folded):
        found.update(map("".join, pairwise(run)))
        found.add(run[-1])
        for letters in _LETTERS.findall(run):
            found.update(letters[place : place + 3] for place in range(len(letters) - 2))
    return found


def needs_of_run(run: str, *, of_title: bool = False) -> Alternative:
    """Return what a document needs that holds the folded ``run``, anywhere or in its title."""
    mark = "^" if of_title else ""
    if len(run) == 1:
        return (Need(f"{mark}{run}", begins=True),)
    lexemes = dict.fromkeys(f"{mark}{run[place : place + 2]}" for place in range(len(run) - 1))
    for letters in _LETTERS.findall(run):
        lexemes.update(dict.fromkeys(f"{mark}{letters[place : place + 3]}" for place in range(len(letters) - 2)))
    return tuple(Need(lexeme) for lexeme in lexemes)


def needs_of_text(text: str, *, of_title: bool = False) -> Alternative:
    """Return what a document needs that holds every run of ``text``; nothing for a text of signs alone."""
    return tuple(dict.fromkeys(chain.from_iterable(needs_of_run(run, of_title=of_title) for run in runs(fold(text)))))


def document_lexemes(
    *, title: str, number: str, texts: Iterable[str], filters: Iterable[str], largest: int = _LARGEST
) -> tuple[str, ...]:
    """Return all lexemes of a document, sorted.

    ``texts``: body, then names and texts of attachments. Lexemes of title, number and filters always go in; of the
    texts as many as fit into ``largest`` bytes, first come first.
    """
    title_pairs = text_lexemes(fold(title))
    sure = {f"^{pair}" for pair in title_pairs} | title_pairs | set(filters)
    if number:
        sure |= text_lexemes(fold(number))
        sure.update(f"^#{form}" for form in own_number_forms(number))
        sure.update(f"#{found.short}" for found in find_numbers(compatible(number)))
    mentions: set[str] = set()
    room = largest - sum(len(lexeme.encode()) for lexeme in sure)
    for text in texts:
        if len(mentions) < _MOST_MENTIONS:
            mentions.update(f"#{found.short}" for found in find_numbers(compatible(text))[:_MOST_MENTIONS])
        added = text_lexemes(fold(text)) - sure
        size = sum(len(lexeme.encode()) for lexeme in added)
        if size > room:
            added = _as_many_as_fit(sorted(added), room)
            size = room
        sure |= added
        room -= size
    return tuple(sorted(sure | mentions))


def _as_many_as_fit(lexemes: Iterable[str], room: int) -> set[str]:
    kept: set[str] = set()
    for lexeme in lexemes:
        room -= len(lexeme.encode())
        if room < 0:
            break
        kept.add(lexeme)
    return kept
