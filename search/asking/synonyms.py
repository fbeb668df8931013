"""Other words for those that were asked, by groups that people keep (``search.synonyms``).

A word of the question is replaced where it is a word of a group, or where one stands inside of it: people type
一网通办平台 without a blank. What came out is not looked up again, and the number of ways is bounded, so groups that
name each other lead nowhere. What stands in quotes is asked as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ..text.folding import fold
from .parsing import Asked, Word

#: Ways of one word besides its own, and of all words of a question together.
MOST_WAYS, MOST_TOGETHER = 8, 24
#: Characters of a word within which others are looked for, and of those; one character alone stands for too much.
_LOOKED_THROUGH, SHORTEST, LONGEST = 30, 2, 40


@dataclass(frozen=True)
class Synonyms:
    """A group: each word stands for the others, with ``one_way`` the first for the others alone."""

    words: tuple[str, ...]
    one_way: bool = False

    @property
    def asked_by(self) -> tuple[str, ...]:
        """The words that are replaced by the others."""
        return self.words[:1] if self.one_way else self.words


def forms_within(asked: Asked) -> set[str]:
    """Return every part of the question, folded, that may be a word of a group."""
    found: set[str] = set()
    for word in asked.words:
        if (form := _form(word)) is not None:
            for start in range(len(form) - SHORTEST + 1):
                found.update(form[start:end] for end in range(start + SHORTEST, min(len(form), start + LONGEST) + 1))
    return found


def other_words(asked: Asked, groups: Iterable[Synonyms]) -> dict[str, tuple[str, ...]]:
    """Return, for each folded word of the question that has any, its other ways; the longest replacement first."""
    by_form: dict[str, list[str]] = {}
    for group in groups:
        for said in group.asked_by:
            by_form.setdefault(fold(said), []).extend(other for other in group.words if fold(other) != fold(said))
    found: dict[str, tuple[str, ...]] = {}
    room = MOST_TOGETHER
    for word in asked.words:
        form = _form(word)
        if form is None or form in found:
            continue
        ways = list(dict.fromkeys(_replaced(form, by_form)))[: min(room, MOST_WAYS)]
        if ways:
            found[form] = tuple(ways)
            room -= len(ways)
    return found


def _form(word: Word) -> str | None:
    if word.number is not None or word.quoted:
        return None
    form = fold(word.text)
    return form if SHORTEST <= len(form) <= _LOOKED_THROUGH and "\n" not in form else None


def _replaced(form: str, by_form: dict[str, list[str]]) -> Iterable[str]:
    """Yield ``form`` with one word of a group in it replaced, once; words that lie in longer ones that fit are left."""
    taken: list[tuple[int, int]] = []
    for known in sorted(by_form, key=lambda one: (-len(one), one)):
        start = form.find(known)
        if start < 0 or any(begin <= start and start + len(known) <= end for begin, end in taken):
            continue
        taken.append((start, start + len(known)))
        yield from (form[:start] + other + form[start + len(known) :] for other in by_form[known])
