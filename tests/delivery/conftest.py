"""Tests that push over SSH are left out where sshd or rsync is missing."""

import os
from typing import Any

import pytest

from .ssh import missing_programs

LEFT_OUT = pytest.StashKey[int]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    ours = [item for item in items if item.get_closest_marker("sshd")]
    if not ours or not (missing := missing_programs()):
        return
    if os.environ.get("REQUIRE_ALL") == "1":
        raise pytest.UsageError(
            f"没有找到 SSH 推送所需的程序，而 REQUIRE_ALL=1 要求全部测试：apt-get install {' '.join(missing)}"
        )
    items[:] = [item for item in items if item not in ours]
    config.hook.pytest_deselected(items=ours)
    config.stash[LEFT_OUT] = len(ours)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"没有找到 SSH 推送所需的程序，{count} 项前端节点测试没有运行。")
        terminalreporter.write_line(f"要运行它们，请先安装：apt-get install {' '.join(missing_programs())}")
