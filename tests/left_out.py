"""Tests that stand on a program of the machine are left out where it is not, and the last lines of the run say so.

Left out, not skipped: what was not tried is no success. With ``REQUIRE_ALL=1`` a missing program is an error.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class Missing:
    """``told``: what is not there, as a sentence without its end; ``way``: how it is had."""

    told: str
    way: str


class LeftOutPlugin:
    """For the tests with ``marker``, called ``tests``. ``missing`` is asked when such tests were collected."""

    def __init__(self, marker: str, tests: str, missing: Callable[[], Missing | None]) -> None:
        self.marker, self.tests, self.missing = marker, tests, missing
        self._left_out: tuple[int, str, str] | None = None

    @property
    def _name(self) -> str:
        return f"left_out_{self.marker}"

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        ours = [item for item in items if item.get_closest_marker(self.marker)]
        if not ours or (missing := self.missing()) is None:
            return
        if os.environ.get("REQUIRE_ALL") == "1":
            raise pytest.UsageError(f"{missing.told}，而 REQUIRE_ALL=1 要求全部测试：{missing.way}")
        items[:] = [item for item in items if item not in ours]
        config.hook.pytest_deselected(items=ours)
        self._left_out = (len(ours), missing.told, missing.way)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """One of several processes: it has no last lines of its own, and tells the one that has."""
        told = getattr(session.config, "workeroutput", None)
        if told is not None and self._left_out is not None:
            told[self._name] = self._left_out

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        if told := getattr(node, "workeroutput", {}).get(self._name):
            self._left_out = tuple(told)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        if self._left_out is not None:
            count, told, way = self._left_out
            terminalreporter.write_line(f"{told}，{count} 项{self.tests}没有运行。")
            terminalreporter.write_line(f"要运行它们，请先安装：{way}")


def left_out_plugins() -> list[LeftOutPlugin]:
    return [
        LeftOutPlugin("browser", "浏览器测试", _browser),
        LeftOutPlugin("nginx", "前置服务器测试", _nginx),
        LeftOutPlugin("sshd", "前端节点测试", _sshd),
        LeftOutPlugin("s3", "对象存储测试", _s3),
        LeftOutPlugin("opensearch", "检索集群测试", _opensearch),
    ]


def _browser() -> Missing | None:
    from .browser.conftest import browser_path

    return (
        None if browser_path() else Missing("没有找到浏览器", "apt-get install chromium-headless-shell fonts-noto-cjk")
    )


def _nginx() -> Missing | None:
    from .serving.front_server import nginx_path

    return None if nginx_path() else Missing("没有找到 nginx", "apt-get install nginx")


def _sshd() -> Missing | None:
    from .delivery.ssh import missing_programs

    missing = missing_programs()
    return Missing("没有找到 SSH 推送所需的程序", f"apt-get install {' '.join(missing)}") if missing else None


def _s3() -> Missing | None:
    """The server is had here if need be."""
    from .delivery.s3 import NotToBeHadError, build

    try:
        build()
    except NotToBeHadError as error:
        return Missing(f"没有 S3 服务器（{error}）", "apt-get install default-jdk-headless maven")
    return None


def _opensearch() -> Missing | None:
    """The engine is built here if need be."""
    from .engines.opensearch import NotToBeHadError, build

    try:
        build()
    except NotToBeHadError as error:
        return Missing(f"没有检索引擎（{error}）", "apt-get install default-jdk-headless maven")
    return None
