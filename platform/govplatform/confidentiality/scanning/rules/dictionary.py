"""词库: wrong expressions and sensitive words, all in one pass (Aho-Corasick), the longest word first."""

from collections.abc import Iterator
from typing import Any

import ahocorasick

from ..settings import DictionaryWord
from .rule import Hit, Reading, Rule, narrow

_KIND = {"wrong": "表述有误或不规范。", "sensitive": "敏感词。"}

#: The automaton of the words used last: a job scans hundreds of files with the same ones.
_built: tuple[tuple[DictionaryWord, ...], Any] | None = None


def automaton(words: tuple[DictionaryWord, ...]) -> Any:
    """The automaton over ``words``; Latin letters are found as written, in capitals and in small ones."""
    global _built
    if _built is not None and (_built[0] is words or _built[0] == words):
        return _built[1]
    built = ahocorasick.Automaton()
    for word in words:
        plain = narrow(word.word)
        for form in {plain, plain.lower(), plain.upper()}:
            if form:
                built.add_word(form, (len(form), word))
    built.make_automaton()
    _built = (words, built)
    return built


class Dictionary(Rule):
    """Its hits carry the severity that the word has."""

    id = "dictionary"
    severity = "warn"
    source = "H34"
    message = "词库命中："

    def hits(self, reading: Reading) -> Iterator[Hit]:
        words = reading.settings.words
        if not words:
            return
        for last, (length, word) in automaton(words).iter_long(reading.text):
            note = _KIND.get(word.kind, "")
            if word.suggestion:
                note += f"建议改为“{word.suggestion}”。"
            yield Hit(last - length + 1, last + 1, word.word, word.severity, word.word, note, word.suggestion)
