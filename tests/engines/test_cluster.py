"""The engine on a real cluster that is killed, full, of another shape, or not there at all."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from search.engine import Document, EngineBroken, EngineError, EngineUnavailable, Query, Removal
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch_index import SHAPE, Names

from .indexed import asked, corpus
from .opensearch import Node

pytestmark = pytest.mark.opensearch
_PATIENCE_SECONDS = 90


def eventually(ask: Callable[[], Any]) -> Any:
    """Return what ``ask`` gives, as soon as it raises no EngineError."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return ask()
        except EngineError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def raised_by(act: Callable[[], Any]) -> EngineError:
    """Return what ``act`` raises at last, doing it again and again."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            act()
        except EngineError as error:
            return error
    raise AssertionError("nothing was raised")


def copies(number: int, first: int = 1) -> list[Document]:
    return [replace(corpus()[turn % 300], id=first + turn, version=1) for turn in range(number)]


# --- killed ---------------------------------------------------------------------------------


def test_killed_while_it_is_written_to(opensearch: Node, cluster: ElasticsearchEngine):
    """What ``index`` returned for is there after the restart; what it raised for can be given again."""
    done: list[int] = []
    killing = threading.Thread(target=opensearch.kill)

    def write() -> None:
        first = len(done) * 50 + 1
        cluster.index(copies(50, first))
        done.append(first)
        if len(done) == 5:
            killing.start()

    assert isinstance(raised_by(write), EngineUnavailable)
    killing.join()
    assert not cluster.health().ok
    opensearch.restart()
    eventually(cluster.count)
    kept = {number for number, _version in cluster.versions(after=0, limit=10_000)}
    assert {first + turn for first in done for turn in range(50)} <= kept
    eventually(lambda: cluster.index(copies(len(done) * 50 + 50)))
    assert cluster.count() == len(done) * 50 + 50
    assert cluster.health().ok


def test_killed_while_it_is_asked(opensearch: Node, cluster: ElasticsearchEngine):
    cluster.index(corpus())
    before = cluster.query(asked("津贴"))
    answers: list[int] = []
    killing = threading.Thread(target=opensearch.kill)

    def ask() -> None:
        answers.append(cluster.query(asked("津贴")).total)
        if len(answers) == 20:
            killing.start()

    assert isinstance(raised_by(ask), EngineUnavailable)
    killing.join()
    assert set(answers) == {before.total}
    with pytest.raises(EngineUnavailable, match="秒后再试"):
        cluster.query(asked("津贴"))
    opensearch.restart()
    assert eventually(lambda: cluster.query(asked("津贴"))) == before


def test_nobody_answers(settings: Any):
    settings.SEARCH_URL = "http://127.0.0.1:9,http://127.0.0.1:10"
    engine = ElasticsearchEngine()
    for act in (
        lambda: engine.query(Query()),
        lambda: engine.index(corpus()[:1]),
        lambda: engine.delete([Removal(1, 1)]),
        engine.count,
        engine.begin_rebuild,
    ):
        with pytest.raises(EngineUnavailable):
            act()
    assert not engine.health().ok


# --- full -----------------------------------------------------------------------------------


@pytest.fixture
def full_disk(opensearch: Node) -> Iterator[Callable[[bool], None]]:
    """``full_disk(True)``: the node wants more free room than any disk has; ``False``: as much as there is."""

    def set_full(full: bool) -> None:
        mark = "900tb" if full else "1mb"
        watermarks = {f"watermark.{name}": mark for name in ("low", "high", "flood_stage")}
        settings = {"threshold_enabled": "true", **watermarks}
        opensearch.ask(
            "PUT",
            "/_cluster/settings",
            {
                "transient": {
                    **{f"cluster.routing.allocation.disk.{name}": value for name, value in settings.items()},
                }
            },
        )

    yield set_full
    set_full(False)


def test_a_full_disk_stops_writing_and_not_asking(
    cluster: ElasticsearchEngine, full_disk: Callable[[bool], None]
):  # fmt: skip
    """The engine makes its indices read-only by itself, and gives them back by itself when there is room."""
    cluster.index(corpus()[:50])
    full_disk(True)
    written = iter(range(2, 10_000))
    error = raised_by(lambda: cluster.index([replace(corpus()[0], version=next(written))]))
    assert isinstance(error, EngineBroken)
    assert "只读" in str(error) and "磁盘" in str(error)
    with pytest.raises(EngineBroken, match="只读"):
        cluster.delete([Removal(2, 9)])
    assert cluster.query(Query()).total == 50
    health = cluster.health()
    assert not health.ok and "只读" in health.detail
    full_disk(False)
    eventually(lambda: cluster.delete([Removal(2, 9)]))
    assert cluster.query(Query()).total == 49
    assert cluster.health().ok


# --- of another shape -------------------------------------------------------------------------


def test_without_an_index_it_says_so_and_makes_none(opensearch: Node):
    engine = ElasticsearchEngine()
    for act in (lambda: engine.index(corpus()[:1]), lambda: engine.query(Query()), engine.count):
        with pytest.raises(EngineBroken, match="rebuild_search"):
            act()
    assert not engine.health().ok
    assert opensearch.ask("GET", "/_cat/indices?format=json&expand_wildcards=all") == []


def test_an_index_of_an_older_shape_is_not_asked(
    opensearch: Node, cluster: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
):
    """After an upgrade: the old index answers old processes until the new one is there."""
    from search.engines import elasticsearch_index

    cluster.index(corpus()[:3])
    old = Names.of_settings().current
    monkeypatch.setattr(elasticsearch_index, "SHAPE", SHAPE + 1)
    upgraded = ElasticsearchEngine()
    with pytest.raises(EngineBroken, match="rebuild_search"):
        upgraded.query(Query())
    assert opensearch.ask("GET", f"/{old}/_count")["count"] == 3
    rebuild = upgraded.begin_rebuild()
    upgraded.index(corpus()[:5], rebuild=rebuild)
    assert opensearch.ask("GET", f"/{old}/_count")["count"] == 3
    upgraded.finish_rebuild(rebuild)
    assert upgraded.query(Query()).total == 5
    assert [row["index"] for row in opensearch.ask("GET", "/_cat/indices?format=json")] == [rebuild]


def test_an_index_whose_mapping_was_changed_is_noticed_and_mended(opensearch: Node):
    """An index that something else made under our name takes what it can, and is wrong about the rest."""
    names, engine = Names.of_settings(), ElasticsearchEngine()
    mapping = {"dynamic": "strict", "properties": {"id": {"type": "long"}, "sites": {"type": "date"}}}
    opensearch.ask("PUT", f"/{names.index(1)}", {"aliases": {names.current: {}}, "mappings": mapping})
    with pytest.raises(EngineBroken, match="rebuild_search"):
        engine.index(corpus()[:1])
    assert "rebuild_search" in engine.health().detail
    rebuild = engine.begin_rebuild()
    assert rebuild == names.index(2)
    engine.index(corpus(), rebuild=rebuild)
    engine.finish_rebuild(rebuild)
    assert engine.health().ok
    assert engine.count() == len(corpus())


def test_copies_and_shards_are_those_of_the_settings(opensearch: Node, settings: Any):
    settings.SEARCH_SHARDS, settings.SEARCH_REPLICAS = 3, 2
    engine = ElasticsearchEngine()
    engine.finish_rebuild(engine.begin_rebuild())
    (told,) = opensearch.ask("GET", f"/{Names.of_settings().current}/_settings").values()
    assert told["settings"]["index"]["number_of_shards"] == "3"
    assert told["settings"]["index"]["number_of_replicas"] == "2"


def test_answers_over_several_shards_are_those_of_one(opensearch: Node, cluster: ElasticsearchEngine, settings: Any):
    cluster.index(corpus())
    whole = [cluster.query(query) for query in (Query(), asked("农村"), asked("通知", offset=20, limit=10))]
    settings.SEARCH_SHARDS = 3
    rebuild = cluster.begin_rebuild()
    cluster.index(corpus(), rebuild=rebuild)
    cluster.finish_rebuild(rebuild)
    parts = [cluster.query(query) for query in (Query(), asked("农村"), asked("通知", offset=20, limit=10))]
    assert parts == whole


# --- made anew while it is written to ---------------------------------------------------------


def test_what_is_published_during_a_rebuild_is_in_the_new_index(cluster: ElasticsearchEngine):
    """One writes new versions and removals, the other fills the new index from what was true when it began."""
    truth = {document.id: document for document in corpus()}
    cluster.index(list(truth.values()))
    removed: set[int] = set()
    failures: list[BaseException] = []
    rebuilt = threading.Event()
    #: A document and whether it is removed change together, as they do in a row.
    row = threading.Lock()

    def publish() -> None:
        try:
            turn = 0
            while not rebuilt.is_set() or turn < 25:
                turn += 1
                number = turn * 7 % len(truth) + 1
                newer = replace(truth[number], version=truth[number].version + 1)
                gone = turn % 5 == 0
                with row:
                    truth[number] = newer
                    (removed.add if gone else removed.discard)(number)
                if gone:
                    cluster.delete([Removal(number, newer.version)])
                else:
                    cluster.index([newer])
        except BaseException as failure:
            failures.append(failure)

    publisher = threading.Thread(target=publish)
    publisher.start()
    for _turn in range(2):
        rebuild = cluster.begin_rebuild()
        with row:
            stale = [document for document in truth.values() if document.id not in removed]
        for start in range(0, len(stale), 40):
            cluster.index(stale[start : start + 40], rebuild=rebuild)
        cluster.finish_rebuild(rebuild)
    rebuilt.set()
    publisher.join()
    assert not failures
    expected = sorted((one.id, one.version) for one in truth.values() if one.id not in removed)
    assert cluster.versions(after=0, limit=10_000) == expected


def test_a_rebuild_that_was_let_go_of_takes_nothing_more(cluster: ElasticsearchEngine):
    rebuild = cluster.begin_rebuild()
    cluster.finish_rebuild(rebuild)
    with pytest.raises(EngineBroken, match="重建"):
        cluster.index(corpus()[:1], rebuild=rebuild)
    with pytest.raises(EngineBroken, match="重建"):
        cluster.finish_rebuild("govplatform-search-v1-099999")
