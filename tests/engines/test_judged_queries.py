"""The judged queries, asked as citizens ask them, over both engines."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from govplatform.tenancy.models import Tenant
from search.indexing.actions import give_to_chosen
from search.narrowing import Filters
from search.queries import search
from search.results import Results
from search.text.folding import fold
from tests.layers import layered
from tests.search.judged.corpus import CorpusDocument, topics
from tests.search.judged.entered import enter_corpus, give_all_again
from tests.search.judged.judging import Judged, judged_queries, ndcg

#: What the worst group and all together have to reach; what they do reach stands in tests/bench/RESULTS.md.
_LEAST_OF_A_GROUP, _LEAST_OF_ALL = 0.78, 0.9
#: The same of the queries by whose topics the points of ``search.ranking`` were chosen, and of the others.
_LEAST_OF_HALVES = (0.91, 0.885)

_FEW_TOPICS = 4


@layered
def corpus() -> dict[int, CorpusDocument]:
    return enter_corpus()


@pytest.fixture(params=[pytest.param("postgres"), pytest.param("elasticsearch", marks=pytest.mark.opensearch)])
def engine(request: pytest.FixtureRequest, corpus: object) -> Iterator[str]:
    """The engine that answers, with the judged corpus in it."""
    if request.param == "elasticsearch":
        request.getfixturevalue("cluster")
        give_all_again()
        give_to_chosen()
    return request.param


def asked(query: Judged, page: int = 1) -> Results:
    """What the query finds."""
    chosen = dict(query.filters)
    return search(
        query.text,
        site=Tenant.objects.get(code=chosen["site"]) if "site" in chosen else None,
        scope=chosen.get("scope", "all"),
        order=chosen.get("order", "relevance"),
        filters=Filters(
            kind=chosen.get("kind", ""), year=str(chosen.get("year", "")), validity=chosen.get("validity", "")
        ),
        page=page,
    )


def half_of(query: Judged, place: int) -> int:
    """0: its topic was looked at when points were chosen, 1: it was not. What is about many goes by its place."""
    about = {key for topic in topics() if any(name.startswith(f"{(key := topic['key'])}-") for name in query.grades)}
    if not about or len(about) > _FEW_TOPICS:
        return place % 2
    return [topic["key"] for topic in topics()].index(min(about)) % 2


def everything(query: Judged) -> dict[str, Any]:
    """All that a reader sees of an answer, over its first three pages, but for how long it took and who gave it."""
    seen: dict[str, Any] = {}
    for page in (1, 2, 3):
        results = asked(query, page)
        seen[f"page {page}"] = replace(results, engine="", milliseconds=0.0)
        assert not results.capped
    return seen


def test_answers_are_as_good_as_they_were_judged(engine: str, corpus: Mapping[int, CorpusDocument]):
    worths: dict[str, list[float]] = {}
    halves: tuple[list[float], list[float]] = ([], [])
    for place, query in enumerate(query for query in judged_queries() if query.is_judged):
        results = asked(query)
        assert results.engine == engine
        worth = ndcg(query, [corpus[hit.id].key for hit in results.hits])
        worths.setdefault(query.group, []).append(worth)
        halves[half_of(query, place)].append(worth)
    means = {group: sum(values) / len(values) for group, values in worths.items()}
    every = [worth for values in worths.values() for worth in values]
    assert len(every) >= 150
    assert not {group: mean for group, mean in means.items() if mean < _LEAST_OF_A_GROUP}
    assert sum(every) / len(every) >= _LEAST_OF_ALL
    for half, least in zip(halves, _LEAST_OF_HALVES, strict=True):
        assert sum(half) / len(half) >= least


@pytest.mark.parametrize("letter", ["s", "k", "v", "y", "c", "t", "o"])
def test_a_single_letter_is_no_filter(corpus: Mapping[int, CorpusDocument], letter: str):
    """Lexemes of filters begin with a letter too, and every document has some of them."""
    having = [one for one in corpus.values() if letter in fold(f"{one.title}\n{one.text}")]
    assert asked(Judged("single characters", letter)).total == len(having)


@pytest.mark.opensearch
def test_both_engines_show_a_reader_the_same(
    corpus: Mapping[int, CorpusDocument], cluster: object, settings: Any, subtests: Any
):
    """Hits, their order, total, facets, snippets, pages."""
    address, settings.SEARCH_URL = settings.SEARCH_URL, ""
    by_postgres = {str(query): everything(query) for query in judged_queries()}
    settings.SEARCH_URL = address
    give_all_again()
    assert give_to_chosen() == len(corpus)
    for query in judged_queries():
        with subtests.test(str(query)):
            assert asked(query).engine == "elasticsearch"
            assert everything(query) == by_postgres[str(query)]
