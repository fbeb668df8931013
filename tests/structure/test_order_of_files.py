"""A run begins with the files that take longest, so that no process ends long after the others."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from tests import running
from tests.durations import DurationsPlugin, known_durations
from tests.running import pytest_collection_modifyitems, unit_of

pytestmark = pytest.mark.unit


def item(nodeid: str, *fixtures: str) -> Any:
    return SimpleNamespace(nodeid=nodeid, fixturenames=fixtures, get_closest_marker=lambda mark: None)


def collected(monkeypatch: pytest.MonkeyPatch, known: dict[str, float], *items: Any) -> list[str]:
    monkeypatch.setattr(running, "known_durations", lambda: known)
    found = list(items)
    pytest_collection_modifyitems(SimpleNamespace(option=SimpleNamespace(markexpr="")), found)
    return [one.nodeid for one in found]


def report(nodeid: str, when: str, duration: float) -> Any:
    return SimpleNamespace(nodeid=nodeid, when=when, duration=duration)


def note(kept: Any, *reports: Any, markexpr: str = "") -> None:
    plugin = DurationsPlugin(kept)
    for one in reports:
        plugin.pytest_runtest_logreport(one)
    config = SimpleNamespace(option=SimpleNamespace(markexpr=markexpr))
    plugin.pytest_sessionfinish(SimpleNamespace(config=config))


def test_the_longest_of_the_last_run_come_first(monkeypatch):
    short, long = item("tests/a/test_short.py::test_x"), item("tests/b/test_long.py::test_x")
    again = item("tests/b/test_long.py::test_y")
    order = collected(monkeypatch, {"tests/a/test_short.py": 1.0, "tests/b/test_long.py": 60.0}, short, long, again)
    assert order == [long.nodeid, again.nodeid, short.nodeid]


def test_a_folder_with_one_server_counts_as_a_whole_and_stays_together(monkeypatch):
    other = item("tests/a/test_other.py::test_x")
    engines = [item(f"tests/engines/test_{name}.py::test_x") for name in ("one", "two")]
    known = {"tests/a/test_other.py": 50.0, "tests/engines/test_one.py": 30.0, "tests/engines/test_two.py": 30.0}
    order = collected(monkeypatch, known, engines[0], other, engines[1])
    assert order == [engines[0].nodeid, engines[1].nodeid, other.nodeid]


def test_the_browser_tests_are_two_shares_and_each_file_has_its_own():
    names = [f"tests/browser/test_{number}.py" for number in range(40)]
    shares = [unit_of(f"{name}::test_x[a]") for name in names]
    assert shares == [unit_of(f"{name}::test_y") for name in names]
    assert len(set(shares)) == 2 and not set(shares) & {unit_of("tests/engines/test_one.py::test_x"), *names}


def test_without_a_last_run_what_stands_on_more_comes_first(monkeypatch):
    plain, rows = item("tests/a/test_plain.py::test_x"), item("tests/a/test_rows.py::test_x", "db")
    commits, server = item("tests/a/test_commits.py::test_x", "db", "own_database"), item("tests/serving/test_it.py::t")
    order = collected(monkeypatch, {}, plain, rows, commits, server)
    assert order == [server.nodeid, commits.nodeid, rows.nodeid, plain.nodeid]


def test_a_run_notes_what_each_file_took(tmp_path):
    kept = tmp_path / "durations.json"
    note(
        kept,
        report("tests/a/test_x.py::test_1", "setup", 1.0),
        report("tests/a/test_x.py::test_1", "call", 2.0),
        report("tests/a/test_x.py::test_2[a]", "call", 4.0),
        report("tests/a/test_y.py::test_1", "call", 0.5),
    )
    assert known_durations(kept) == {"tests/a/test_x.py": 7.0, "tests/a/test_y.py": 0.5}


def test_one_test_of_a_file_does_not_count_as_the_file(tmp_path):
    kept = tmp_path / "durations.json"
    whole = [report(f"tests/a/test_x.py::test_{number}", "call", 1.0) for number in range(5)]
    note(kept, *whole)
    note(kept, whole[0])
    assert known_durations(kept) == {"tests/a/test_x.py": 5.0}
    note(kept, *whole[:4])
    assert known_durations(kept) == {"tests/a/test_x.py": 4.0}


def test_a_soak_says_nothing_of_the_run_without_it(tmp_path):
    kept = tmp_path / "durations.json"
    note(kept, report("tests/a/test_x.py::test_1", "call", 1.0))
    note(kept, *[report(f"tests/a/test_x.py::test_{number}", "call", 9.0) for number in range(9)], markexpr="soak")
    assert known_durations(kept) == {"tests/a/test_x.py": 1.0}


@pytest.mark.parametrize("words", ["", "{", "[]", json.dumps({"tests/a/test_x.py": 3})])
def test_what_cannot_be_read_is_as_if_there_were_none(tmp_path, words):
    kept = tmp_path / "durations.json"
    kept.write_text(words)
    assert known_durations(kept) == {}
    assert known_durations(tmp_path / "none.json") == {}
    note(kept, report("tests/a/test_y.py::test_1", "call", 0.5))
    assert known_durations(kept)["tests/a/test_y.py"] == 0.5
