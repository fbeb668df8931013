"""Sounds and other words for a thing are asked of both engines alike, and found alike."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from search.asking.building import Narrowing, build
from search.asking.parsing import parse
from search.asking.sounds import sounding_ways
from search.engine import Engine, Group, Query
from search.engines.postgres import PostgresEngine
from search.indexing.actions import give_to_chosen
from search.queries import search
from search.suggesting import offer_titles
from search.synonyms.actions import add_synonyms
from search.text.folding import fold
from tests.search.judged.entered import enter_corpus, give_all_again

from .indexed import corpus
from .reference import Reference
from .test_engine_contract import ENGINES

SOUNDS = (
    "zhengce", "tongzhi", "zhengcetongzhi", "xiangcunzhenxing", "yang lao", "jintie", "gaoling", "lve", "nve", "xian",
    "fangan", "政ce", "高龄jintie", "养lao服务", "xiancheng", "zhengwugongkai tongzhi",
)  # fmt: skip
INITIALS = ("zc", "tz", "xczx", "gljt", "zwgk", "ylfw", "AI", "GDP", "xx", "zzzz", "wifi")
TYPED = ("zheng", "zhengc", "zhengce", "tongz", "zc", "gaol", "高龄j", "x", "xczx", "yangl")
GROUPS = (
    ("一网通办", "在线办事", "网上办事"), ("养老", "为老服务", "敬老"), ("津贴", "补贴", "补助"), ("农村", "乡村"),
)  # fmt: skip
ONE_WAY = (("省政府", "人民政府"), ("推进会", "通知"))
WORDS = (
    "一网通办", "在线办事", "敬老", "养老服务", "补贴 高龄", "乡村公路", "省政府 通知", "推进会", "资讯",
    "資訊", "網路",
    '"补贴"', "补贴 -高龄", "农村 -乡村", "网上办事 指南",
)  # fmt: skip


def sounding(typed: str, *, typing: bool = False) -> tuple[Group, ...]:
    groups = []
    for word in typed.split():
        ways = tuple(needs for needs, _parts in sounding_ways(fold(word), initials=True, typing=typing))
        if ways:
            groups.append(Group(ways, ways))
    return tuple(groups)


@pytest.fixture(params=ENGINES)
def filled(request: pytest.FixtureRequest, db: None) -> Iterator[Engine]:
    """An engine with the judged corpus."""
    engine = request.getfixturevalue("cluster") if request.param == "opensearch" else PostgresEngine()
    engine.index(corpus())
    yield engine


def test_sounds_first_letters_and_other_words_are_answered_as_by_going_through_all(filled: Engine, subtests: Any):
    reference = Reference(corpus())
    synonyms = {fold(words[0]): tuple(fold(word) for word in words[1:]) for words in (*GROUPS, *ONE_WAY)}
    questions = {typed: Query(groups=sounding(typed)) for typed in (*SOUNDS, *INITIALS)}
    for typed in (*INITIALS, *WORDS, *synonyms):
        narrowing = Narrowing(synonyms=synonyms, initials=typed in INITIALS)
        questions[f"{typed}, as it is asked"] = build(parse(typed), narrowing).query
    met = 0
    for name, query in questions.items():
        with subtests.test(name):
            ours, theirs = filled.query(query), reference.query(query)
            assert ours.hits == theirs.hits
            assert ours.total == theirs.total
            assert {key: dict(counts) for key, counts in ours.facets.items()} == theirs.facets
            met += bool(theirs.total)
    assert met > len(questions) // 2


def test_titles_that_sound_so_are_suggested(filled: Engine, subtests: Any):
    reference = Reference(corpus())
    for typed in TYPED:
        with subtests.test(typed):
            groups = sounding(typed, typing=True)
            if groups:
                query = Query(groups=groups, limit=8)
                assert filled.suggest(query, fold(typed)) == reference.suggest(query, fold(typed))


@pytest.mark.opensearch
def test_a_reader_is_shown_the_same_by_both(db: None, cluster: object, settings: Any, subtests: Any):
    entered = enter_corpus()
    for words in GROUPS:
        add_synonyms(list(words), acting_user=None)
    for words in ONE_WAY:
        add_synonyms(list(words), one_way=True, acting_user=None)
    asked = (*SOUNDS, *INITIALS, *WORDS)

    def shown() -> dict[str, Any]:
        return {
            **{text: replace(search(text), engine="", milliseconds=0.0) for text in asked},
            **{f"{text}…": offer_titles(text) for text in TYPED},
        }

    address, settings.SEARCH_URL = settings.SEARCH_URL, ""
    by_postgres = shown()
    settings.SEARCH_URL = address
    give_all_again()
    assert give_to_chosen() == len(entered)
    assert search(SOUNDS[0]).engine == "elasticsearch"
    by_cluster = shown()
    for text, expected in by_postgres.items():
        with subtests.test(text):
            assert by_cluster[text] == expected
    assert sum(1 for text in asked if by_postgres[text].total) > len(asked) // 2
