"""Suggestions of terms for a text, by the words that terms and their aliases are made of."""

import math
import re
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from .kinds import VOCABULARIES
from .queries import terms_of
from .snapshot import TermRow

_SEPARATORS = re.compile(r"[、，,;；／/\s（）()]+")
#: Words that stand in half of all labels and say nothing.
_EMPTY = frozenset({"其他", "工作", "管理", "综合", "服务", "信息", "有关", "事务", "行业"})
_READ = 60_000
_TITLE_WEIGHT, _MOST_COUNTED = 6.0, 8
#: Share of its children's scores that a top term gets.
_SHARE_OF_CHILDREN = 0.35


class Suggestion(NamedTuple):
    """A term that a text speaks of. ``score`` is only good for comparing; ``why`` names the words found."""

    term: TermRow
    score: float
    why: str


def suggest_terms(text: str, title: str, vocabulary: str, most: int = 5) -> list[Suggestion]:
    """Return at most ``most`` active terms, best first; none when nothing was recognised.

    Raises KeyError for a vocabulary that does not exist.
    """
    levels = VOCABULARIES[vocabulary].levels
    text, title = text[:_READ], title[:500]
    rows = [row for row in terms_of(vocabulary).values() if row.active]
    own = {row.code: _score(row, text, title) for row in rows}
    found = []
    for row in rows:
        score, words = own[row.code]
        if levels > 1 and not row.parent:
            children = [own[child.code] for child in rows if child.parent == row.code]
            score += _SHARE_OF_CHILDREN * sum(value for value, _words in children)
            words = words or [word for _value, some in sorted(children, reverse=True) for word in some]
        if score > 0:
            found.append(Suggestion(row, round(score, 2), _why(words, title)))
    found.sort(key=lambda one: (-one.score, one.term.code))
    return found[:most]


def words_of(row: TermRow) -> dict[str, float]:
    """Return ``{word: weight}``: the aliases and the parts of the label; longer words weigh more."""
    return _weigh(row.label, row.aliases)


@lru_cache(maxsize=2000)
def _weigh(label: str, aliases: tuple[str, ...]) -> dict[str, float]:
    words: dict[str, float] = {}
    for name, weight in [(label, 1.2), *[(alias, 1.0) for alias in aliases]]:
        for part in (name, *_SEPARATORS.split(name)):
            if len(part) >= 2 and part not in _EMPTY:
                words[part] = max(words.get(part, 0.0), weight * math.sqrt(min(len(part), 8) / 2))
    return words


def _score(row: TermRow, text: str, title: str) -> tuple[float, list[str]]:
    total, found = 0.0, []
    for word, weight in words_of(row).items():
        in_title, in_text = title.count(word), text.count(word)
        if in_title or in_text:
            # Further mentions weigh less and less.
            total += weight * (_TITLE_WEIGHT * min(in_title, 2) + math.log2(1 + min(in_text, _MOST_COUNTED)))
            found.append((weight * (1 + in_title * _TITLE_WEIGHT), word))
    return total, [word for _weight, word in sorted(found, reverse=True)]


def _why(words: list[str], title: str) -> str:
    named = list(dict.fromkeys(words))[:3]
    where = _("标题") if any(word in title for word in named) else _("正文")
    return _("%(where)s中出现“%(words)s”") % {"where": where, "words": "”“".join(named)}
