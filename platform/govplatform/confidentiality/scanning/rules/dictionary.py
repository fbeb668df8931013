"""词库: wrong expressions and sensitive words, found in one pass (Aho-Corasick), the longest word first."""

from collections.abc import Iterator
from typing import Any

import ahocorasick

from govplatform.untrusted_files.characters import fold_characters

from ..articles import DAILY_READING
from ..settings import DictionaryWord
from .reading import Reading
from .rule import Hit, Rule, narrow

_KIND = {"wrong": "表述有误或不规范。", "sensitive": "敏感词。"}

#: The words used last with their automata, newest last: a worker scans for several sites in turn.
_built: list[tuple[tuple[DictionaryWord, ...], Any]] = []
_BUILT_AT_MOST = 4


def _spelled(text: str) -> str:
    """A character for every byte of the text as UTF-8.

    The automaton walks the children of a node one by one: with some thousand first characters that is slow, with bytes
    there are never more than 256. No character of UTF-8 begins inside another, so nothing else is found.
    """
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def _characters(spelled: str) -> int:
    return len(spelled.encode("latin-1").decode("utf-8", "surrogatepass"))


def automaton(words: tuple[DictionaryWord, ...]) -> Any:
    """Return the Aho-Corasick automaton of ``words``; the last few are kept.

    Latin letters are found as the word has them, in capitals and in lower case.
    """
    for held, built in reversed(_built):
        # Identity first: twenty thousand words compared one by one take as long as scanning some pages.
        if held is words:
            return built
    built = next((one for held, one in _built if len(held) == len(words) and held == words), None) or _build(words)
    _built.append((words, built))
    del _built[:-_BUILT_AT_MOST]
    return built


def _build(words: tuple[DictionaryWord, ...]) -> Any:
    built = ahocorasick.Automaton()
    for word in words:
        plain = narrow(fold_characters(word.word))
        for form in {plain, plain.lower(), plain.upper()}:
            if form:
                built.add_word(_spelled(form), (form, word))
    built.make_automaton()
    return built


class Dictionary(Rule):
    """The rule of the dictionaries; each hit has the severity of its word."""

    id = "dictionary"
    severity = "warn"
    source = DAILY_READING
    message = "词库命中："

    def hits(self, reading: Reading) -> Iterator[Hit]:
        words = reading.settings.words
        if not words:
            return
        spelled = _spelled(reading.text)
        seen, start = 0, 0
        for last, (form, word) in automaton(words).iter_long(spelled):
            first = last + 1 - len(form.encode("utf-8", "surrogatepass"))
            start += _characters(spelled[seen:first])
            seen = first
            note = _KIND.get(word.kind, "")
            if word.suggestion:
                note += f"建议改为“{word.suggestion}”。"
            yield Hit(start, start + len(form), word.word, word.severity, form, note, word.suggestion)
