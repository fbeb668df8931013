"""Texts for the figures of the search: made of sentences that are written once, so a million of them cost minutes.

Words are as frequent as in Chinese text, so that one stands in nearly every document and another in a handful. A
document is some of the sentences, seven hundred characters on average; number ``n`` is the same one in every run and in
every process.
"""

import itertools
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from search.text.folding import fold

SITES = 40
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_SUBJECTS = (
    "优化营商环境", "农村饮水安全", "老旧小区改造", "义务教育招生", "医疗保障待遇", "高标准农田建设", "安全生产检查",
    "一网通办", "政务服务事项", "生态环境保护", "就业创业补贴", "住房公积金提取", "森林防火", "防汛抗旱",
    "食品安全抽检", "养老服务体系",
)  # fmt: skip
_FORMS = ("实施方案", "管理办法", "工作通知", "指导意见", "公告", "批复", "工作要点", "若干措施")
#: Classes and offices are as uneven as words: some have most of the documents; much news has no class.
_TOPICS = ("", "", *(f"{first:02d}{second:02d}" for first in range(1, 23) for second in range(1, 4)))
_OFFICES = 12
_KINDS = ("article", "article", "article", "policy", "policy", "interpretation")
#: Words, and sentences made of them: each word stands in twenty sentences at least.
_WORDS, _SENTENCES = 12_000, 200_000


@dataclass(frozen=True)
class Written:
    """One document. ``site``: from 0 to SITES; ``number``: '' for two of three; ``folded_body``: as it is indexed."""

    title: str
    body: str
    folded_body: str
    number: str
    site: int
    kind: str
    published: datetime
    topic: str
    organisation: str
    validity: str


@cache
def words() -> tuple[str, ...]:
    """Return all words, the most frequent first."""
    chance = random.Random(20261101)
    characters = [chr(code) for code in range(0x4E00, 0x4E00 + 3_500)]
    lengths = (2, 2, 2, 2, 3, 4)
    made = {"".join(chance.choices(characters, k=chance.choice(lengths))) for _ in range(_WORDS)}
    return (*_SUBJECTS, "通知", "工作", "服务", "管理", "政府", *sorted(made))


@cache
def _sentences() -> tuple[list[str], list[str]]:
    """Return the sentences, and the same folded."""
    chance, known = random.Random(20261102), words()
    heap = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(known))))
    written = chance.choices(known, cum_weights=heap, k=_SENTENCES * 12)
    plain = ["".join(written[at * 12 : at * 12 + chance.randint(5, 12)]) + "。" for at in range(_SENTENCES)]
    return plain, [fold(sentence) for sentence in plain]


def written(number: int) -> Written:
    """Return document ``number``."""
    chance = random.Random(number)
    plain, folded = _sentences()
    # A sentence has twenty-six characters on average.
    picked = [int(chance.random() * _SENTENCES) for _ in range(4 + int(chance.expovariate(1 / 23)))]
    published = _NOW - timedelta(minutes=chance.randrange(5_000_000))
    site, kind = chance.randrange(SITES), chance.choice(_KINDS)
    topic, office = (int(many * chance.random() ** 2) for many in (len(_TOPICS), _OFFICES))
    return Written(
        title=f"关于{chance.choice(_SUBJECTS)}{plain[picked[0]][:6]}的{chance.choice(_FORMS)}",
        body="".join([plain[at] for at in picked]),
        folded_body="".join([folded[at] for at in picked]),
        number=f"澄政发〔{published.year}〕{number % 900 + 1}号" if number % 3 == 0 else "",
        site=site,
        kind=kind,
        published=published,
        topic=_TOPICS[topic],
        organisation=f"bench-{site}-{office}",
        validity=chance.choice(("in_force", "in_force", "in_force", "lapsed")) if kind == "policy" else "",
    )
