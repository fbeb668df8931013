"""What is said to have happened earlier is the demo's alone, and nothing of it is left behind."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from govplatform.refusals import Refused
from sites.demo.load_library import library_items, read_scenes
from sites.demo.load_pages import in_publishing_order
from sites.demo.reading import load_province
from sites.demo.recorded_time import at, recorded_times, set_clock_right
from sites.demo.timeline import Timeline

ROOT = Path(__file__).resolve().parents[2]


def clocks():
    """(what functions of the gate take for now, what it is): seconds that the first is behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM pg_catalog.now() - demo_clock.now())")
        return round(cursor.fetchone()[0])


def functions_set_back():
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_catalog.pg_proc WHERE proconfig::text LIKE '%demo_clock%'")
        return {name for (name,) in cursor.fetchall()}


def test_outside_of_the_demo_it_is_refused(db, settings):
    settings.DEMO_RECORDED_TIME = False
    with pytest.raises(Refused, match="演示环境"), recorded_times():
        pass
    assert functions_set_back() == set()


def test_no_settings_but_those_of_the_demo_allow_it():
    folder = ROOT / "platform" / "govplatform" / "settings"
    allowing = {path.name for path in folder.glob("*.py") if "DEMO_RECORDED_TIME = True" in path.read_text()}
    assert allowing == {"demo.py", "test.py"}


def test_python_and_the_gate_are_set_back_together(db):
    moment = timezone.now() - dt.timedelta(days=400)
    with recorded_times():
        assert {"gov_gate_page", "gov_gate_clearance"} <= functions_set_back()
        with at(moment):
            assert abs(timezone.now() - moment) < dt.timedelta(minutes=1)
            assert abs(clocks() - 400 * 86_400) < 60
        assert clocks() == 0 and timezone.now() - moment > dt.timedelta(days=399)
        with at(timezone.now() + dt.timedelta(days=2)):
            assert clocks() == 0, "nothing is said to happen tomorrow"
    assert functions_set_back() == set()


def test_what_a_killed_load_left_is_taken_back(db):
    opened = recorded_times()
    opened.__enter__()
    set_clock_right()
    assert functions_set_back() == set()
    with pytest.raises(Exception, match="demo_clock"), connection.cursor() as cursor:
        cursor.execute("SAVEPOINT asked; SELECT demo_clock.now()")


def test_nothing_else_travels():
    named = re.compile(r"^\s*(import|from) time_machine", re.MULTILINE)
    folders = (ROOT / name for name in ("platform", "sites", "content_library", "search", "themes"))
    paths = (path for folder in folders for path in folder.rglob("*.py"))
    found = {path.name for path in paths if named.search(path.read_text())}
    assert found == {"recorded_time.py"}


def test_each_item_has_its_day_and_stands_behind_what_it_names(subtests):
    province, timeline = load_province(), Timeline()
    for site in province.sites:
        with subtests.test(site.facts.code):
            moments = timeline.moments(site, in_publishing_order(site))
            assert set(moments) == {item.slug for item in site.items}
            written = set(timeline.raw.get(site.facts.code, {}))
            assert written == {item.slug for item in (*site.articles, *site.topics, *site.structured)}
            for item in site.items:
                named = [getattr(item, "basis", ""), getattr(item, "policy", ""), *getattr(item, "members", ())]
                for slug in filter(None, named):
                    assert moments[slug].confidentiality < moments[item.slug].written, (item.slug, slug)
            ends = sorted((one.written, one.confidentiality) for one in moments.values())
            assert all(ends[i][1] < ends[i + 1][0] for i in range(len(ends) - 1)), "one after the other"
            assert not {item.slug for item in library_items(site, read_scenes())} & set(moments)
