"""Lexemes of a text, and the needs by which a word of a question finds them. See ``search.engine``.

A document that holds a word has all its pairs of neighbouring characters: nothing is missed, whatever a dictionary of
words would have made of it. Where letters and digits stand together, groups of three go in as well: pairs alone would
find 2023 in nearly every document.
"""

import re
from collections.abc import Iterable
from itertools import chain
from operator import add

from ..engine import Alternative, Need
from .document_numbers import compatible, find_numbers, own_number_forms
from .folding import fold, runs
from .sounds import sound_lexemes

#: A text without the year of a document number in it names none.
_YEAR = re.compile(r"[12１２][09０９]\d\d")
#: No lexeme of a text has more bytes.
_MOST_BYTES = 12
_LETTERS = re.compile(r"[0-9a-z]{3,}")
#: PostgreSQL keeps at most a megabyte of lexemes for each document; what is longer is found by its beginning.
_LARGEST = 900_000
#: Mentions of other documents that are kept of one document.
_MOST_MENTIONS = 500


def text_lexemes(folded: str) -> set[str]:
    """Return the pairs of each run of a folded text with its last character, and its groups of three letters."""
    found: set[str] = set()
    for run in runs(folded):
        found.update(map(add, run, run[1:]))
        found.add(run[-1])
    # No group of letters goes over the end of a run.
    for letters in _LETTERS.findall(folded):
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
    found = {f"^{pair}" for pair in title_pairs} | title_pairs | sound_lexemes(fold(title))
    found.update(filters)
    if number:
        found |= text_lexemes(fold(number))
        found.update(f"^#{form}" for form in own_number_forms(number))
        found.update(f"#{mentioned.short}" for mentioned in find_numbers(compatible(number)))
    mentions: set[str] = set()
    for text in texts:
        if len(mentions) < _MOST_MENTIONS and _YEAR.search(text):
            mentions.update(f"#{mentioned.short}" for mentioned in find_numbers(compatible(text))[:_MOST_MENTIONS])
        pairs = text_lexemes(fold(text))
        if (len(found) + len(pairs)) * _MOST_BYTES > largest:
            size = sum(len(lexeme.encode()) for lexeme in found)
            pairs = _as_many_as_fit(sorted(pairs - found), largest - size)
        found |= pairs
    return tuple(sorted(found | mentions))


def _as_many_as_fit(lexemes: Iterable[str], room: int) -> set[str]:
    kept: set[str] = set()
    for lexeme in lexemes:
        room -= len(lexeme.encode())
        if room < 0:
            break
        kept.add(lexeme)
    return kept
