"""How a run is spread over processes, and what it says at its end."""

import gc
import os
import resource
import time
from typing import Any
from zlib import crc32

import pytest

from .durations import file_of, known_durations
from .layers import layer_of

_BEGAN = time.monotonic()
#: Folders whose tests start servers and wait for them.
_WITH_SERVERS = frozenset({"browser", "engines", "serving", "demo", "embedded", "walk"})
#: Folders whose files stay together, because they share a server -> in how many shares, each with its server where two
#: processes have them. The browser tests one after the other take 17 minutes, and no run is shorter than its longest.
_TOGETHER = {"browser": 2, "engines": 1}
#: Objects that a process makes between two collections of the youngest.
_GARBAGE_AFTER = 50_000


def folder_of(nodeid: str) -> str:
    """``tests/browser/test_queue.py::test_x`` -> ``browser``."""
    parts = file_of(nodeid).split("/")
    return parts[1] if len(parts) > 2 else ""


def unit_of(nodeid: str) -> str:
    """What goes to one process: the file of the test, or its share of the folder where the files share a server."""
    folder, name = folder_of(nodeid), file_of(nodeid)
    return f"{folder} {crc32(name.encode()) % _TOGETHER[folder]}" if folder in _TOGETHER else name


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than the processors that this process may use: a container may have fewer than the machine.

    With one for each a quarter of the processors' time passed unused, in waits for browsers, servers and the database.
    The unit tests wait for nothing; beside them runs mypy.
    """
    processors = len(os.sched_getaffinity(0))
    return processors if config.option.markexpr == "unit" else processors + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """By file, as asked for, the longest first; what shares a server goes to one process."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _leave_out_the_long(config, items)
    known = known_durations()
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(file_of(item.nodeid), []).append(item)
    seconds: dict[str, float] = {}
    for name, tests in files.items():
        unit = unit_of(name)
        seconds[unit] = seconds.get(unit, 0.0) + known.get(name, sum(map(_guessed_seconds, tests)))
    places = {name: number for number, name in enumerate(files)}
    # Stable: within a file, tests with one layer come together, all else keeps its order.
    items.sort(
        key=lambda item: (
            -seconds[unit_of(item.nodeid)],
            places[file_of(item.nodeid)],
            getattr(layer_of(item), "__name__", ""),
        )
    )


def _guessed_seconds(item: pytest.Item) -> float:
    """Of a test whose file was never timed here, by what it stands on."""
    if folder_of(item.nodeid) in _WITH_SERVERS:
        return 5.0
    asked = set(item.fixturenames)
    return 2.0 if "own_database" in asked else 0.5 if "db" in asked else 0.05


def _leave_out_the_long(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without `soak` by name in ``-m`` none of it runs: ``-m unit`` replaces a default that would say so."""
    if "soak" in config.option.markexpr:
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    items[:] = [item for item in items if not item.get_closest_marker("soak")]
    if long:
        config.hook.pytest_deselected(items=long)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays: collections of garbage need not look through it again every some hundred objects.

    A quarter of the time of a process went there.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE_AFTER, 20, 20)


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
