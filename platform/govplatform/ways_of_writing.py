"""Words that somebody looks for in a list, in every way in which the list may have them written.

Lists of the console ask the database for a part of a text, which finds two characters inside of a sentence. Traditional
and simplified characters, full and half width are not the same to it, so a word is looked for in each of its ways.
"""

import unicodedata
from functools import cache

from django.db.models import Q
from opencc import OpenCC

#: Words of a question that count, and characters of each.
MOST_WORDS, LONGEST_WORD = 8, 60
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def words_looked_for(text: str) -> list[str]:
    """Return the words of what somebody typed; NUL, which no column holds, separates them as blanks do."""
    return [word[:LONGEST_WORD] for word in text.replace("\x00", " ").split()][:MOST_WORDS]


def ways_of_writing(word: str) -> list[str]:
    """Return the word as it was typed, in usual characters, simplified, traditional, and in full width."""
    usual = unicodedata.normalize("NFKC", word)
    simplified, traditional = _converter("t2s").convert(usual), _converter("s2t").convert(usual)
    return list(dict.fromkeys((word, usual, simplified, traditional, usual.translate(_WIDE))))


def literally(words: str) -> str:
    """Return ``words`` as LIKE takes them, without what means something to it."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def named_in(text: str, *fields: str) -> Q:
    """Return the condition that each word of ``text`` stands in one of the fields; true for no words."""
    found = Q()
    for word in words_looked_for(text):
        somewhere = Q(pk__in=[])
        for way in ways_of_writing(word):
            for field in fields:
                somewhere |= Q(**{f"{field}__icontains": way})
        found &= somewhere
    return found


def is_named_in(text: str, *texts: str) -> bool:
    """Say whether each word of ``text`` stands in one of the texts."""
    lower = [one.casefold() for one in texts]
    return all(
        any(way.casefold() in one for way in ways_of_writing(word) for one in lower) for word in words_looked_for(text)
    )


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)
