"""How a run is spread over processes, and what it says at its end."""

import os
import resource
import time
from typing import Any

import pytest

from .layers import layer_of

_BEGAN = time.monotonic()
#: Folders whose tests wait for servers and kill them: begun first, so that no process ends long after the others.
_BEGUN_FIRST = ("browser", "engines", "serving", "tenancy", "demo", "outward", "embedded")
#: Folders whose files stay together in one process, because they share a server.
_TOGETHER = ("browser", "engines")


def folder_of(nodeid: str) -> str:
    """``tests/browser/test_queue.py::test_x`` -> ``browser``."""
    parts = nodeid.split("::")[0].split("/")
    return parts[1] if len(parts) > 2 else ""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many as this process may use: a container may have fewer than the machine."""
    return len(os.sched_getaffinity(0))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """By file, as asked for, in the order of the collection; what shares a server goes to one process."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            folder = folder_of(nodeid)
            return folder if folder in _TOGETHER else super()._split_scope(nodeid)

    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _leave_out_the_long(config, items)
    places = {folder: number for number, folder in enumerate(_BEGUN_FIRST)}
    files: dict[str, int] = {}
    for item in items:
        files.setdefault(item.nodeid.split("::")[0], len(files))
    # Stable: within a file, tests with one layer come together, all else keeps its order.
    items.sort(
        key=lambda item: (
            places.get(folder_of(item.nodeid), len(places)),
            files[item.nodeid.split("::")[0]],
            getattr(layer_of(item), "__name__", ""),
        )
    )


def _leave_out_the_long(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without `soak` by name in ``-m`` none of it runs: ``-m unit`` replaces a default that would say so."""
    if "soak" in config.option.markexpr:
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    items[:] = [item for item in items if not item.get_closest_marker("soak")]
    if long:
        config.hook.pytest_deselected(items=long)


def _in_words(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The last line: how long it took, on how many processes, and what was meant."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processors = sum(one.ru_utime + one.ru_stime for one in used)
    processes = getattr(config.option, "numprocesses", None) or 1
    goal = os.environ.get("RUN_GOAL", "")
    terminalreporter.write_line(
        f"用时 {_in_words(time.monotonic() - _BEGAN)}，{processes} 个进程，处理器时间 {_in_words(processors)}"
        f"（不含数据库）{f'；目标：{goal}' if goal else ''}。"
    )
