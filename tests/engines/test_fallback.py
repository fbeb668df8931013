"""While the cluster is away PostgreSQL answers and says so; what is published meanwhile waits, and nothing is lost."""

import time
from typing import Any

import pytest

from content_library.models import Resource
from search.engine import EngineBroken
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch_index import Names
from search.indexing.actions import give_to_chosen, index_resources
from search.models import SearchDocument
from search.queries import search
from search.results import Results

from .opensearch import Node

pytestmark = pytest.mark.opensearch
_PATIENCE_SECONDS = 60


def by_the_cluster(text: str) -> Results:
    """What the cluster finds, as soon as it is asked again."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while (results := search(text)).engine != "elasticsearch":
        assert time.monotonic() < until, "the cluster is not asked again"
        time.sleep(0.2)
    return results


def waiting() -> int:
    return sum(row.indexed < row.version for row in SearchDocument.objects.all())


def index_everything() -> None:
    index_resources(Resource.objects.values_list("pk", flat=True))


def test_the_cluster_answers_without_a_word_about_it(live: Any, db: None, cluster: ElasticsearchEngine):
    index_everything()
    results = search("普通信息")
    assert (results.engine, results.notice) == ("elasticsearch", "")
    assert [hit.title_text for hit in results.hits] == [live("article").title]
    assert waiting() == 0


def test_while_it_is_away_postgresql_answers_says_so_and_nothing_is_lost(
    live: Any, db: None, cluster: ElasticsearchEngine, opensearch: Node, citizen: Any, console: Any, subtests: Any
):
    """One death of the node, for it takes long: what citizens, operators and the queue have of it."""
    operator, page = console("operator", "console"), ("/search/", {"q": "普通信息"})
    index_resources(Resource.objects.filter(pk=live.resource("article").pk).values_list("pk", flat=True))
    found = search("普通信息")
    with subtests.test("it is well"):
        assert (found.engine, found.total) == ("elasticsearch", 1)
        assert "检索集群异常" not in operator.get("/admin/").content.decode()
    opensearch.kill()
    with subtests.test("a citizen has the same, with a notice"):
        instead = search("普通信息")
        assert instead.engine == "postgres"
        assert "备用" in instead.notice
        assert (instead.hits, instead.total, instead.facets) == (found.hits, found.total, found.facets)
        shown = citizen("alpha").get(*page).content.decode()
        assert "备用" in shown and live("article").title in shown
    with subtests.test("what is published meanwhile is found at once, and waits"):
        index_everything()
        assert waiting() > 0
        assert search("来源标题甲").total == 1
    with subtests.test("operators see what is wrong and how much waits"):
        shown = operator.get("/admin/").content.decode()
        assert "检索集群异常" in shown
        assert "没有应答" in shown
        assert f"有 {waiting()} 份文档等待" in shown
        assert "检索集群异常" in console("supervisor", "console").get("/admin/").content.decode()
        upkeep = operator.get("/admin/search-upkeep/").content.decode()
        assert "异常" in upkeep and "没有应答" in upkeep and f"<dd>{waiting()}</dd>" in upkeep
    with subtests.test("nobody else is told"):
        assert "检索集群异常" not in console("alpha_editor", "alpha").get("/admin/").content.decode()
    opensearch.restart()
    with subtests.test("it is back"):
        behind = waiting()
        assert give_to_chosen() == behind
        assert waiting() == 0
        back = by_the_cluster("普通信息")
        assert (back.hits, back.notice) == (found.hits, "")
        assert by_the_cluster("来源标题甲").total == 1
        assert "备用" not in citizen("alpha").get(*page).content.decode()


def test_a_cluster_without_an_index_is_not_asked_into_being(live: Any, db: None, opensearch: Node):
    index_everything()
    with pytest.raises(EngineBroken, match="rebuild_search"):
        give_to_chosen()
    results = search("普通信息")
    assert (results.engine, results.total) == ("postgres", 1)
    assert results.notice


def test_while_it_is_read_only_it_answers_and_what_is_published_waits(
    live: Any, db: None, cluster: ElasticsearchEngine, opensearch: Node
):
    index = Names.of_settings().current
    opensearch.ask("PUT", f"/{index}/_settings", {"index.blocks.read_only_allow_delete": True})
    index_everything()
    with pytest.raises(EngineBroken, match="只读"):
        give_to_chosen()
    assert waiting() > 0
    assert search("普通信息").engine == "elasticsearch"
    opensearch.ask("PUT", f"/{index}/_settings", {"index.blocks.read_only_allow_delete": None})
    give_to_chosen()
    assert waiting() == 0
    assert search("普通信息").total == 1


def test_what_was_withdrawn_is_not_shown_whatever_the_cluster_holds(
    live: Any, db: None, cluster: ElasticsearchEngine, opensearch: Node
):
    index_everything()
    resource = live.resource("article")
    Resource.objects.filter(pk=resource.pk).update(status=Resource.Status.WITHDRAWN)
    results = search("普通信息")
    assert (results.engine, results.total, results.hits) == ("elasticsearch", 0, ())
