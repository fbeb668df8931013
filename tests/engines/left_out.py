"""Tests with the real search engine (marker ``opensearch``) are left out where it cannot be had.

The last lines of the run say so; with ``REQUIRE_ALL=1`` a missing engine is an error. It is asked for, and built if
need be, only when such tests were collected.
"""

import os
from typing import Any

import pytest

from .opensearch import NotToBeHadError, build

_LEFT_OUT = pytest.StashKey[tuple[int, str]]()
_WAY = "apt-get install default-jdk-headless maven"


class SearchEnginePlugin:
    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        ours = [item for item in items if item.get_closest_marker("opensearch")]
        if not ours:
            return
        try:
            build()
        except NotToBeHadError as error:
            if os.environ.get("REQUIRE_ALL") == "1":
                raise pytest.UsageError(f"没有检索引擎，而 REQUIRE_ALL=1 要求全部测试：{error}。{_WAY}") from error
            items[:] = [item for item in items if item not in ours]
            config.hook.pytest_deselected(items=ours)
            config.stash[_LEFT_OUT] = (len(ours), str(error))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """One of several processes: it has no last lines of its own, and tells the one that has."""
        told = getattr(session.config, "workeroutput", None)
        if told is not None and _LEFT_OUT in session.config.stash:
            told["search_engine_left_out"] = session.config.stash[_LEFT_OUT]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        if told := getattr(node, "workeroutput", {}).get("search_engine_left_out"):
            node.config.stash[_LEFT_OUT] = tuple(told)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        count, why = config.stash.get(_LEFT_OUT, (0, ""))
        if count:
            terminalreporter.write_line(f"没有检索引擎（{why}），{count} 项检索集群测试没有运行。")
            terminalreporter.write_line(f"要运行它们，请先安装：{_WAY}")
