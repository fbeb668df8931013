"""Tests with the real nginx are left out where there is none."""

import os
from typing import Any

import pytest

from .front_server import nginx_path

LEFT_OUT = pytest.StashKey[int]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    ours = [item for item in items if item.get_closest_marker("nginx")]
    if not ours or nginx_path() is not None:
        return
    if os.environ.get("REQUIRE_ALL") == "1":
        raise pytest.UsageError("没有找到 nginx，而 REQUIRE_ALL=1 要求全部测试：apt-get install nginx")
    items[:] = [item for item in items if item not in ours]
    config.hook.pytest_deselected(items=ours)
    config.stash[LEFT_OUT] = len(ours)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"没有找到 nginx，{count} 项前置服务器测试没有运行。")
        terminalreporter.write_line("要运行它们，请先安装：apt-get install nginx")
