"""How titles sound: their pinyin without tones, and its first letters, by the tables of pypinyin.

By them a title is found that somebody types as zhengce or zc (deploy/decisions/054-synonyms-and-sounds.md). A title
that sounds in two ways has two lines: of each character the reading that it has in its word, and the next one.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from .folding import runs

#: Characters of a word by which a reading is decided.
_LONGEST_WORD = 4
#: Characters with two readings that titles have in both, where no word decides; of others the usual one counts.
_IN_TWO_WAYS = frozenset(
    "行重长乐会还都为得地大更过好和几间将降教觉解卷看空量率落没难宁强切曲任散色省盛石数说调通系相鲜校兴要应与载"
    "曾涨正只种中转传朝藏差单弹当倒提度恶分冠观号划给结尽据模宿参尺冲处担绿"
)


@lru_cache(maxsize=1_000)
def sounds_of(folded: str) -> tuple[tuple[str, ...], ...]:
    """Return the syllables of each run of a folded text, in one or two readings; runs without Chinese have none.

    Letters and digits between characters stand for themselves, one by one.
    """
    found: list[tuple[str, ...]] = []
    for run in runs(folded):
        readings = _readings(run)
        if any(len(reading[0]) > 1 or not run[place].isascii() for place, reading in enumerate(readings)):
            first = tuple(reading[0] for reading in readings)
            second = tuple(reading[-1] for reading in readings)
            found += dict.fromkeys((first, second))
    return tuple(found)


def sound_lines(folded: str) -> list[str]:
    """Return what a typed sound is compared with: each reading in full, and its first letters."""
    return list(
        dict.fromkeys(line for syllables in sounds_of(folded) for line in ("".join(syllables), initials_of(syllables)))
    )


def sound_lexemes(folded: str) -> set[str]:
    """Return the lexemes of a title's sounds: ``~zheng.ce`` ``~ce`` and of the first letters ``~~zc`` ``~~zcw``."""
    found: set[str] = set()
    for syllables in sounds_of(folded):
        found.update(f"~{syllable}" for syllable in syllables if len(syllable) > 1)
        found.update(f"~{one}.{other}" for one, other in pairwise(syllables))
        initials = initials_of(syllables)
        for length in (2, 3):
            found.update(f"~~{initials[place : place + length]}" for place in range(len(initials) - length + 1))
    return found


def initials_of(syllables: Sequence[str]) -> str:
    """Return the first letters of syllables."""
    return "".join(syllable[0] for syllable in syllables)


def _readings(run: str) -> list[tuple[str, ...]]:
    """Return one or two readings of each character; of one that nobody knows, itself."""
    characters, words = _tables()
    found: list[tuple[str, ...]] = []
    for place, character in enumerate(run):
        known = characters.get(ord(character))
        if known is None:
            found.append((character,))
            continue
        readings = _plain_readings(known)
        if len(readings) > 1 and (said := _said_in_a_word(run, place, words)):
            # Its word says how it is read: no other reading counts.
            readings = (said,)
        found.append(readings[: 2 if character in _IN_TWO_WAYS else 1])
    return found


def _said_in_a_word(run: str, place: int, words: Any) -> str:
    """Return the reading that a character has in the longest word around it; '' when it stands in none."""
    for length in range(_LONGEST_WORD, 1, -1):
        for start in range(max(0, place - length + 1), min(place, len(run) - length) + 1):
            said = words.get(run[start : start + length])
            if said is not None:
                return _plain(said[place - start][0])
    return ""


@cache
def _plain_readings(known: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_plain(reading) for reading in known.split(",")))


@cache
def _plain(reading: str) -> str:
    """Return a reading without its tone, with v for ü, as it is typed: lǜ -> lv."""
    decomposed = unicodedata.normalize("NFD", reading).replace("u\u0308", "v").replace("\u00fc", "v")
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalpha()) or reading


@cache
def _tables() -> tuple[Any, Any]:
    # Some sixty megabytes: whoever only asks does not need them.
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    return PINYIN_DICT, PHRASES_DICT
