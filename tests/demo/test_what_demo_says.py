"""``make demo`` says what it is at, also to somebody who reads a file and sees no counter."""

import io

import pytest

from sites.demo.management.commands import demo

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("loaded", [False, True])
def test_the_longest_part_is_announced_before_it_begins(monkeypatch, loaded):
    told = io.StringIO()
    monkeypatch.setattr(demo, "platform_is_current", lambda: True)
    monkeypatch.setattr(demo, "is_loaded", lambda: loaded)
    monkeypatch.setattr(demo, "collect_static_files", lambda: False)
    monkeypatch.setattr(demo, "load_search", lambda: "")
    monkeypatch.setattr(demo, "load_archive", lambda: False)
    monkeypatch.setattr(demo, "load_arrival", lambda: False)
    monkeypatch.setattr(demo, "call_command", lambda *_args, **_kwargs: told.write("loading\n"))
    demo.Command(stdout=told)._prepare()
    before = told.getvalue().split("loading")[0]
    assert ("正在写入演示内容" in before) is not loaded
