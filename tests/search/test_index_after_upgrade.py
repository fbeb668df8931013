"""After an upgrade every index is made anew by itself, and whoever looks at it sees that, and how far it is."""

import json
from typing import Any

import psycopg
import pytest
from django.db import connection

from govplatform.refusals import Refused
from search.checking import check_search
from search.engine import SHAPE
from search.engines.choosing import own_engine
from search.models import PostgresEntry, Rebuild, SearchDocument
from search.rebuilding import lock_name, rebuild_search
from search.tasks import look_after_search
from search.upkeep.shapes import engines_behind, indices_behind
from tests.layers import layered
from tests.reposts.conftest import live_at

from .conftest import run_jobs, titles

SCREEN = "/admin/search-upkeep/"
TITLE = "关于秋季防火的通知"
BEHIND = "须按新版本重做"


@layered
def written_before() -> int:
    """The key of a document as an older version wrote it: it says nothing of its guide, and its lexemes are others."""
    check_search(repair=True)
    live_at("alpha", title=TITLE)
    run_jobs()
    document = SearchDocument.objects.get(title=TITLE)
    SearchDocument.objects.filter(pk=document.pk).update(guide=True)
    PostgresEntry.objects.filter(pk=document.pk).update(lexemes=None)
    return document.pk


@pytest.fixture
def old(written_before: int) -> SearchDocument:
    return SearchDocument.objects.get(pk=written_before)


def news(client: Any) -> dict[str, Any]:
    return json.loads(client.get(SCREEN, headers={"accept": "application/json"}).content)


def test_it_is_made_anew_by_the_job_of_every_minute_and_an_operator_sees_it(old, console):
    client = console("operator", "console")
    assert BEHIND in client.get(SCREEN).content.decode()
    assert (news(client)["running"], news(client)["label"]) == (True, "即将开始")
    assert titles(TITLE) == []
    look_after_search.func(0)
    look_after_search.func(0)
    run_jobs()
    old.refresh_from_db()
    assert not old.guide
    assert titles(TITLE) == [TITLE]
    [run] = Rebuild.objects.all()
    assert (run.shape, run.finished_at is None) == (SHAPE, False)
    assert run.documents == run.total > 0
    page = client.get(SCREEN).content.decode()
    assert BEHIND not in page and f"{run.documents} 份文档" in page
    assert news(client)["running"] is False


def test_what_is_made_is_not_made_again(old):
    rebuild_search(own_engine())
    look_after_search.func(0)
    run_jobs()
    assert Rebuild.objects.count() == 1 and engines_behind() == []


def test_one_that_an_older_version_began_begins_anew(old):
    Rebuild.objects.create(engine="postgres", index="search_postgresentry", reached=10**9, documents=5, total=5)
    look_after_search.func(0)
    run_jobs()
    [run] = Rebuild.objects.all()
    assert run.shape == SHAPE and run.finished_at is not None
    assert titles(TITLE) == [TITLE]


def test_one_that_was_broken_off_says_so_and_goes_on(old, console):
    Rebuild.objects.create(engine="postgres", shape=SHAPE, documents=3, total=9)
    told = news(console("supervisor", "console"))
    assert told["label"] == "已中断，一分钟内自动继续"
    assert (told["done"], told["total"]) == (3, 9)
    look_after_search.func(0)
    run_jobs()
    assert engines_behind() == []


def test_two_do_not_make_the_same_index_anew(old):
    with psycopg.connect(**_parameters(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [lock_name(own_engine())])
        with pytest.raises(Refused, match="正在重建"):
            rebuild_search(own_engine())
        assert [one.at_work for one in indices_behind()] == [True]
        look_after_search.func(0)
        run_jobs()
        assert not Rebuild.objects.exists()
        other.execute("SELECT pg_advisory_unlock_all()")
    rebuild_search(own_engine())
    assert engines_behind() == []


def test_a_platform_without_anything_public_has_nothing_to_make(db):
    assert engines_behind() == []


def _parameters() -> dict[str, Any]:
    asked = connection.get_connection_params()
    return {name: asked[name] for name in ("dbname", "user", "password", "host", "port") if asked.get(name)}
