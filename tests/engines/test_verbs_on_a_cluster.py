"""The verbs of the search, with a cluster behind them."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from search import rebuilding
from search.engine import Removal
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch_index import Names
from search.indexing.describing import as_engines_keep_it
from search.models import Rebuild, SearchDocument
from search.queries import search
from sites.demo.load_search import load_search

from .opensearch import Node

pytestmark = pytest.mark.opensearch
Verb = Callable[..., subprocess.CompletedProcess[str]]


def told(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


def test_a_platform_that_gets_a_cluster_fills_it_by_one_verb(live: Any, verb: Verb, opensearch: Node):
    """Nothing is there: no index, no documents. One verb makes both, and everything that is live is found there."""
    assert verb("check_search", "--json").returncode == 1
    assert told(verb("rebuild_search", "--json"))["documents"] == SearchDocument.objects.filter(shown=True).count() > 0
    assert told(verb("check_search", "--json"))["ok"]
    assert ElasticsearchEngine().count() == SearchDocument.objects.filter(shown=True).count()
    results = told(verb("search", "普通信息", "--json"))
    assert (results["engine"], results["total"]) == ("elasticsearch", 1)


def test_a_demo_fills_the_cluster_or_says_that_it_is_not_there(
    live: Any, own_database: str, opensearch: Node, subtests: Any
):
    with subtests.test("it is away"):
        opensearch.kill()
        assert "没有应答" in load_search()
    opensearch.restart()
    with subtests.test("it is there"):
        assert load_search() == ""
        assert search("普通信息").engine == "elasticsearch"
    with subtests.test("a second time"):
        assert load_search() == ""
        assert Rebuild.objects.filter(engine="elasticsearch").count() == 1


def test_a_rebuild_that_was_broken_off_goes_on_where_it_was(
    live: Any, verb: Verb, opensearch: Node, monkeypatch: pytest.MonkeyPatch
):
    told(verb("rebuild_search", "--json"))
    monkeypatch.setattr(rebuilding, "_AT_ONCE", 2)
    given: list[int] = []
    index = ElasticsearchEngine.index

    def killed(engine: Any, documents: Any, **more: Any) -> None:
        if given:
            opensearch.kill()
        index(engine, documents, **more)
        given.extend(document.id for document in documents)

    monkeypatch.setattr(ElasticsearchEngine, "index", killed)
    assert verb("rebuild_search", "--json").returncode == 3
    assert (run := Rebuild.objects.get(finished_at=None)).reached == given[-1]
    opensearch.restart()
    assert search("普通信息").total == 1
    monkeypatch.setattr(ElasticsearchEngine, "index", index)
    told(verb("rebuild_search", "--json"))
    assert not Rebuild.objects.filter(finished_at=None).exists()
    (found,) = opensearch.ask("GET", f"/_alias/{Names.of_settings().current}")
    assert found == run.index == Names.of_settings().index(2)
    assert told(verb("check_search", "--json"))["ok"]


def test_differences_of_the_cluster_are_found_and_repaired(live: Any, verb: Verb, cluster: ElasticsearchEngine):
    told(verb("rebuild_search", "--json"))
    first, second, third = SearchDocument.objects.filter(shown=True).order_by("pk")[:3]
    cluster.delete([Removal(first.pk, first.version)])
    cluster.index([replace(as_engines_keep_it(second, second.texts), id=999_999)])
    SearchDocument.objects.filter(pk=third.pk).update(version=third.version + 1)
    done = verb("check_search", "--json")
    assert done.returncode == 1
    faults = [fault["key"] for fault in json.loads(done.stdout)["faults"] if fault["engine"] == "elasticsearch"]
    assert sorted(faults) == sorted([first.key, third.key, "999999"])
    verb("check_search", "--repair")
    assert told(verb("check_search", "--json"))["ok"]


def test_a_cluster_that_is_away_is_a_fault_and_no_silence(live: Any, verb: Verb, opensearch: Node):
    told(verb("rebuild_search", "--json"))
    opensearch.kill()
    done = verb("check_search", "--json")
    assert done.returncode == 1
    assert "没有应答" in json.loads(done.stdout)["faults"][0]["problem"]
    assert verb("rebuild_search", "--json").returncode == 3
    assert told(verb("search", "普通信息", "--json"))["engine"] == "postgres"
