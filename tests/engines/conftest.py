"""One OpenSearch for all tests of this folder; each finds it empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engines import choosing
from search.engines.elasticsearch import ElasticsearchEngine

from .opensearch import Node, running_node


@pytest.fixture(scope="session")
def _node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with running_node({"path.repo": str(tmp_path_factory.mktemp("snapshots"))}) as node:
        yield node


@pytest.fixture
def snapshots(_node: Node) -> Path:
    """The folder in which the node may keep snapshots."""
    return Path(_node.settings["path.repo"])


@pytest.fixture
def opensearch(_node: Node, settings: object) -> Node:
    """The running node, empty, and named in the settings."""
    if not _node.is_running:
        _node.start()
    _node.clear()
    # Of a node that was killed in an earlier test the process would keep away for some seconds.
    choosing._cluster.cache_clear()
    settings.SEARCH_URL = _node.url  # type: ignore[attr-defined]
    settings.SEARCH_REPLICAS = 0  # type: ignore[attr-defined]
    return _node


@pytest.fixture
def cluster(opensearch: Node) -> ElasticsearchEngine:
    """The engine on it, with an empty index."""
    engine = ElasticsearchEngine()
    engine.finish_rebuild(engine.begin_rebuild())
    return engine
