"""Facets count every hit, not those alone that a page compares."""

import pytest

from govplatform.tenancy.queries import get_tenant
from search.engines.choosing import own_engine
from search.narrowing import Filters
from search.queries import search
from search.ranking import WINDOW
from search.results import Results

from .written import enter, write


def counts(results: Results, name: str) -> dict[str, int]:
    [facet] = [facet for facet in results.facets if facet.name == name]
    return {value.value: value.count for value in facet.values}


@pytest.fixture
def many(db):
    """240 documents of alpha under three columns, and some of beta."""
    alpha, beta = get_tenant("alpha"), get_tenant("beta")
    enter(
        [
            *(
                write(alpha, f"防汛通报第{number}期", column=("/news/", "/policies/", "/policies/orders/")[number % 3],
                      subject_class=("0201", "0203", "04")[number % 3], organisation=("防汛办", "应急局")[number % 2],
                      validity=("in_force", "lapsed", "")[number % 3])
                for number in range(240)
            ),
            *(write(alpha, title, kind="column", column=path, places=[{"site": alpha.pk, "page": 1, "path": path,
                                                                        "column": path}])
              for title, path in (("动态", "/news/"), ("文件", "/policies/"), ("令", "/policies/orders/"))),
            *(write(beta, f"防汛简报第{number}期", subject_class="05") for number in range(20)),
        ]
    )  # fmt: skip
    return alpha


def test_all_hits_are_counted_however_many_there_are(many):
    assert WINDOW < 240
    results = search("防汛", site=many, scope="site")
    assert results.total == 240 and not results.capped
    assert counts(results, "topic") == {"02": 160, "04": 80}
    assert counts(results, "organisation") == {"防汛办": 120, "应急局": 120}
    assert counts(results, "validity") == {"in_force": 80, "lapsed": 80}
    assert counts(results, "column") == {"/news/": 80, "/policies/": 160}
    assert all(facet.exact for facet in results.facets)


@pytest.mark.parametrize(
    ("filters", "name", "expected"),
    [
        (Filters(topic="02"), "topic", {"0201": 80, "0203": 80}),
        (Filters(column="/policies/"), "column", {"/policies/": 80, "/policies/orders/": 80}),
        (Filters(column="/policies/orders/"), "column", {"/policies/orders/": 80}),
        (Filters(organisation="防汛办", year="2026"), "validity", {"in_force": 40, "lapsed": 40}),
    ],
)
def test_narrowing_down_counts_what_lies_below(many, filters, name, expected):
    results = search("防汛", site=many, scope="site", filters=filters)
    assert counts(results, name) == expected
    chosen = [value.value for facet in results.facets for value in facet.values if value.chosen]
    assert set(chosen) <= {value for value in vars(filters).values() if value}


def test_what_a_facet_counts_is_what_its_value_finds(many):
    results = search("防汛", site=many, scope="site")
    for facet in results.facets:
        for value in facet.values:
            narrowed = search("防汛", site=many, scope="site", filters=Filters(**{facet.name: value.value}))
            assert narrowed.total == value.count, (facet.name, value.value)


def test_over_many_sites_there_are_no_columns_and_all_is_counted(many):
    results = search("防汛")
    assert results.total == 260
    assert counts(results, "topic") == {"02": 160, "04": 80, "05": 20}
    assert "column" not in {facet.name for facet in results.facets}


def test_counts_of_a_capped_answer_are_said_to_be_no_more_than_that(many, monkeypatch):
    monkeypatch.setattr(own_engine(), "_counted_at_most", 150)
    results = search("防汛", site=many, scope="site")
    assert results.capped and results.total <= 150
    assert not any(facet.exact for facet in results.facets)
    assert sum(counts(results, "topic").values()) in (150, 151)


def test_of_sites_those_are_offered_that_are_searched(found):
    """A repost stands on alpha and on beta below it; beta alone, and its region, are searched without alpha."""
    asked = (("beta", "site", {"beta"}), ("beta", "region", {"beta"}), ("alpha", "region", {"alpha", "beta"}))
    for code, scope, expected in (*asked, ("beta", "all", {"alpha", "beta"})):
        site = get_tenant(code)
        results = search("来源标题甲", site=site, scope=scope)
        assert set(counts(results, "site")) == expected, (code, scope)
        for value, count in counts(results, "site").items():
            assert search("来源标题甲", site=site, scope=scope, filters=Filters(site=value)).total == count
