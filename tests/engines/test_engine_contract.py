"""Every engine answers every question as going through all documents would: hits, order, total, facets."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from search.engine import Document, Engine, Group, Order, Query, Removal
from search.text.filters import filter_lexeme, values_of
from search.text.folding import fold
from search.text.lexemes import needs_of_text
from tests.search.judged.corpus import documents

from .indexed import SITE_KEYS, asked, corpus, group_of
from .reference import Reference

ENGINES = [pytest.param("postgres"), pytest.param("opensearch", marks=pytest.mark.opensearch)]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, db: None) -> Iterator[Engine]:
    """An engine without documents."""
    if request.param == "opensearch":
        yield request.getfixturevalue("cluster")
        return
    from search.engines.postgres import PostgresEngine

    yield PostgresEngine()


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """An engine with the judged corpus."""
    engine.index(corpus())
    return engine


def _questions() -> Iterator[tuple[str, Query]]:
    for words in ("津贴", "高龄津贴", "政务公开 通知", "农村", "林", "溇", "𠮷", "WiFi", "12345", "32145.67", "好好好",
                  "石环发〔2024〕16号", "云民发〔2021〕14号 津贴", "〔2023〕84号", "的", "量子纠缠"):  # fmt: skip
        yield words, asked(words)
        yield f"{words}, newest", asked(words, order=Order.NEWEST)
    yield "everything", Query()
    yield "everything, newest", Query(order=Order.NEWEST)
    yield "a filter alone", Query(filters=((filter_lexeme("k", "policy"),),))
    region = tuple(filter_lexeme("s", SITE_KEYS[site]) for site in ("chengzhou", "baishi", "shiqiao"))
    years = tuple(filter_lexeme("y", year) for year in (2022, 2024))
    yield "filters", asked("通知", filters=(region, (filter_lexeme("k", "policy"),)))
    yield "filters that nothing meets", asked("通知", filters=((filter_lexeme("y", 1999),),))
    yield "without a word", asked("农村", without=["公路"])
    yield "without several", asked("农村", without=["公路", "宅基地"], filters=(years,))
    yield "without a phrase", asked("养老", without=["养老服务"])
    yield "without everything", asked("津贴", without=["津贴"])
    either = Group(
        (needs_of_text("一网通办"), needs_of_text("掌上可办")),
        (needs_of_text("一网通办", of_title=True), needs_of_text("掌上可办", of_title=True)),
    )
    yield "one or the other", Query(groups=(either,))
    yield "one or the other, and more", Query(groups=(either, _group("数据")), without=(needs_of_text("专栏"),))
    yield "columns of a site", asked("通知", columns_of=SITE_KEYS["chengzhou"])
    yield "columns of a site, by filters alone", Query(filters=(region,), columns_of=SITE_KEYS["baishi"], limit=0)
    yield "columns of a site that has none", asked("通知", columns_of=10**6)
    yield "columns, and no facets", asked("通知", columns_of=SITE_KEYS["chengzhou"], facets=False)
    column = filter_lexeme("k", "column")
    yield "what is plain is met by its text alone", asked("津贴", plain=(column,))
    yield "and newest", asked("津贴", plain=(column,), order=Order.NEWEST)
    own = values_of("s", [SITE_KEYS["chengzhou"]])
    yield "but for what one site has", asked("津贴", plain=(column,), plain_unless=own)
    yield "but for what everything has", asked("津贴", plain=own, plain_unless=own)
    yield "and with a number", asked("云民发〔2021〕14号 津贴", plain=(filter_lexeme("k", "policy"),))
    yield "and with a page further on", asked("工作", plain=(filter_lexeme("k", "news"),), offset=20, limit=10)
    yield "no facets", asked("通知", facets=False)
    yield "a page further on", asked("工作", offset=20, limit=10)
    yield "the last page", asked("推进会", offset=20, limit=10)
    yield "behind the last page", asked("推进会", offset=100, limit=10)
    yield "no hits wanted", asked("推进会", limit=0)


def _group(word: str) -> Group:
    group = group_of(word)
    assert group is not None
    return group


def test_every_question_is_answered_as_by_going_through_all(filled: Engine, subtests: Any):
    reference = Reference(corpus())
    for name, query in _questions():
        with subtests.test(name):
            _assert_same(filled, reference, query)


def _assert_same(engine: Engine, reference: Reference, query: Query) -> None:
    ours, theirs = engine.query(query), reference.query(query)
    assert [hit.id for hit in ours.hits] == [hit.id for hit in theirs.hits]
    if query.order is Order.RELEVANCE and query.groups:
        assert ours.hits == theirs.hits
    assert (ours.total, ours.capped) == (theirs.total, False)
    assert {name: dict(counted) for name, counted in ours.facets.items()} == theirs.facets


def test_every_string_of_a_document_finds_it(filled: Engine):
    chance = random.Random("recall")
    for length in (1, 2, 4, 6):
        for _turn in range(60):
            number = chance.randrange(len(documents()))
            text = fold(documents()[number].text)
            run = chance.choice([run for run in text.split("\n") if len(run) >= length])
            place = chance.randrange(len(run) - length + 1)
            query = Query(groups=(_group(run[place : place + length]),), limit=1000, facets=False)
            assert number + 1 in {hit.id for hit in filled.query(query).hits}, run[place : place + length]


def test_titles_are_suggested(filled: Engine, subtests: Any):
    reference = Reference(corpus())
    for typed in ("高龄", "云江省", "推进会", "林", "WiFi", "澄州市召开", "没有这样的标题"):
        with subtests.test(typed):
            for filters in ((), ((filter_lexeme("k", "policy"),),)):
                query = Query(groups=(_group(typed),), filters=filters, limit=8)
                assert filled.suggest(query, fold(typed)) == reference.suggest(query, fold(typed))


def test_documents_are_counted_and_listed_with_their_versions(filled: Engine):
    filled.delete([Removal(7, 2)])
    left = [one.id for one in corpus() if one.id != 7]
    assert filled.count() == len(left)
    assert filled.versions(after=0, limit=5) == [(number, 1) for number in left[:5]]
    assert filled.versions(after=5, limit=3) == [(6, 1), (8, 1), (9, 1)]
    assert filled.versions(after=left[-1], limit=5) == []
    assert filled.health().ok and filled.health().documents == len(left)


# --- order of what comes in -------------------------------------------------------------------


@pytest.fixture
def one() -> Document:
    return replace(corpus()[0], id=4711, version=5)


@pytest.fixture
def finds(engine: Engine) -> Callable[[], list[tuple[int, int]]]:
    """What is in the index: (id, version)."""
    return lambda: engine.versions(after=0, limit=100)


def test_an_older_version_never_overwrites_a_newer_one(engine: Engine, one: Document, finds: Callable[[], Any]):
    engine.index([one])
    engine.index([replace(one, version=4, lexemes=("旧版",))])
    assert finds() == [(4711, 5)]
    assert engine.query(Query(filters=(("旧版",),))).total == 0
    engine.index([replace(one, version=6, lexemes=("新版",))])
    assert engine.query(Query(filters=(("新版",),))).total == 1


def test_the_same_version_may_come_again(engine: Engine, one: Document, finds: Callable[[], Any]):
    for _turn in range(2):
        engine.index([one])
    assert finds() == [(4711, 5)]


def test_what_was_removed_does_not_come_back_by_an_older_version(engine: Engine, one: Document, finds: Any):
    engine.index([one])
    engine.delete([Removal(4711, 6)])
    engine.index([one])
    assert finds() == []
    assert engine.query(Query()).total == 0
    engine.index([replace(one, version=7)])
    assert finds() == [(4711, 7)]


def test_an_older_removal_removes_nothing(engine: Engine, one: Document, finds: Callable[[], Any]):
    engine.index([one])
    engine.delete([Removal(4711, 4)])
    assert finds() == [(4711, 5)]


def test_a_removal_may_come_before_its_document(engine: Engine, one: Document, finds: Callable[[], Any]):
    engine.delete([Removal(4711, 6)])
    engine.index([one])
    assert finds() == []


def test_within_one_batch_the_newest_wins(engine: Engine, one: Document, finds: Callable[[], Any]):
    engine.index([replace(one, version=6), one, replace(one, version=8), replace(one, version=7)])
    assert finds() == [(4711, 8)]


@pytest.mark.parametrize("seed", range(3))
def test_in_whatever_order_writes_come_the_newest_stands(engine: Engine, one: Document, finds: Any, seed: int):
    """Each version of each document is either the document or its removal; they come shuffled, twice, in batches."""
    chance = random.Random(seed)
    versions = {(number, version): chance.random() < 0.4 for number in range(1, 9) for version in range(1, 7)}
    news = [*versions, *chance.sample(sorted(versions), 12)]
    chance.shuffle(news)
    for start in range(0, len(news), 7):
        batch = news[start : start + 7]
        chance.shuffle(batch)
        removed = [Removal(number, version) for number, version in batch if versions[number, version]]
        there = [replace(one, id=number, version=version) for number, version in batch if not versions[number, version]]
        for act in chance.sample([lambda: engine.index(there), lambda: engine.delete(removed)], 2):  # noqa: B023
            act()
    assert finds() == [(number, 6) for number in range(1, 9) if not versions[number, 6]]


def test_hits_of_one_moment_come_by_their_key(engine: Engine, one: Document):
    engine.index([replace(one, id=number) for number in (3, 1, 2)])
    later = replace(one, id=9, published=one.published + timedelta(microseconds=1))
    engine.index([later])
    assert [hit.id for hit in engine.query(Query(order=Order.NEWEST)).hits] == [9, 3, 2, 1]


def test_a_document_of_several_sites_is_one_hit_and_counts_for_each(engine: Engine, one: Document):
    engine.index([replace(one, sites=(1, 2, 5), columns=("1:/a/", "12:/b/", "2:/a/c/"))])
    answer = engine.query(Query(columns_of=1))
    assert answer.total == 1
    assert answer.facets["site"] == {"1": 1, "2": 1, "5": 1}
    assert answer.facets["column"] == {"/a/": 1}
    assert engine.query(Query(columns_of=2)).facets["column"] == {"/a/c/": 1}


def test_every_hit_is_counted_in_every_facet_and_what_says_nothing_in_none(engine: Engine, one: Document):
    """A question has a hundred candidates; a facet counts all of its hits."""
    said = {"topic": "0201", "organisation": "民政局", "validity": "in_force", "columns": ("1:/a/b/",), "sites": (1,)}
    nothing = {"topic": "", "organisation": "", "validity": "", "columns": (), "sites": (1,)}
    engine.index([replace(one, id=number, **(said if number % 2 else nothing)) for number in range(1, 251)])
    answer = engine.query(Query(columns_of=1))
    assert (answer.total, len(answer.hits)) == (250, 100)
    assert answer.facets["topic"] == {"0201": 125}
    assert answer.facets["organisation"] == {"民政局": 125}
    assert answer.facets["validity"] == {"in_force": 125}
    assert answer.facets["column"] == {"/a/b/": 125}


def test_with_more_hits_than_are_counted_so_many_are_counted_in_facets(db: None, one: Document):
    from search.engines.postgres import PostgresEngine

    engine = PostgresEngine(counted_at_most=50)
    engine.index([replace(one, id=number, topic="0201", columns=("1:/a/",)) for number in range(1, 101)])
    answer = engine.query(Query(columns_of=1))
    assert (answer.total, answer.capped) == (50, True)
    assert 50 <= answer.facets["topic"]["0201"] <= 51
    assert 50 <= answer.facets["column"]["/a/"] <= 51


# --- rebuilding -----------------------------------------------------------------------------------


def test_questions_are_answered_while_the_index_is_made_anew(engine: Engine, one: Document, finds: Any):
    engine.index([one, replace(one, id=4712)])
    rebuild = engine.begin_rebuild()
    assert engine.query(Query()).total == 2
    assert engine.begin_rebuild() == rebuild
    engine.index([one, replace(one, id=4712)], rebuild=rebuild)
    engine.index([replace(one, id=4713), replace(one, version=6)])
    engine.delete([Removal(4712, 6)])
    engine.index([replace(one, id=4712), one], rebuild=rebuild)
    assert finds() == [(4711, 6), (4713, 5)]
    engine.finish_rebuild(rebuild)
    assert finds() == [(4711, 6), (4713, 5)]
    engine.finish_rebuild(rebuild)
    assert finds() == [(4711, 6), (4713, 5)]


# --- what people type ------------------------------------------------------------------------------


def test_nothing_typed_is_an_operator(filled: Engine, subtests: Any):
    reference = Reference(corpus())
    for typed in (
        "津贴 OR 1=1", "津贴' | !'农村", "津贴:*", "津贴\\", "*:*", "title:津贴", "津贴~2", "/(津贴)+/", "(a+)+$",
        "[津 TO 贴]", "津贴\x00农村", "津贴\u202e农村", "😀", "津贴😀", "\ud800津贴", '{"match_all":{}}', "<b>津贴</b>",
        "%%%", "___", "'",
        "''", '"', "&", "|", "!", "<->", "津贴 & !", "${津贴}", "^津贴", "#2021:14", "s:1", "k:policy",
        "津" * 500, "津贴农村" * 100,
    ):  # fmt: skip
        with subtests.test(repr(typed[:30])):
            query = asked(typed)
            if query.groups:
                _assert_same(filled, reference, query)


def test_a_lexeme_is_never_more_than_itself(engine: Engine, one: Document, subtests: Any):
    odd = ["'", "''", "\\", "\\'", "a:*", "*", "a*", "a?", "a&b", "!a", "a|b", "(", "a b", "%", "^", "#=", "😀", "𠮷"]
    for number, lexeme in enumerate(odd, start=1):
        engine.index([replace(one, id=number, lexemes=(lexeme,))])
    for number, lexeme in enumerate(odd, start=1):
        with subtests.test(lexeme):
            assert [hit.id for hit in engine.query(Query(filters=((lexeme,),))).hits] == [number]
