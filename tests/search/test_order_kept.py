"""Whatever order news come in, the last one stands: of the row, of the index, and of what is read at the same time."""

import threading
from dataclasses import replace

import pytest
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content_library.models import Resource
from search.engine import Document, EngineUnavailable, Group, Hit, Need, Query, Removal, Tier
from search.engines import postgres_asking
from search.engines.postgres import PostgresEngine
from search.indexing.actions import index_resource, index_resources
from search.models import SearchDocument
from search.queries import search
from search.text.filters import values_of
from search.text.lexemes import document_lexemes
from tests.growth.counting import build
from tests.reposts.conftest import corrected_at, live_at

from .conftest import run_jobs


def document(number: int, version: int = 1, title: str = "防火通知", text: str = "", day: int = 1) -> Document:
    return Document(
        id=number,
        version=version,
        lexemes=document_lexemes(title=title, number="", texts=[text], filters=values_of("s", [1])),
        sites=(1,),
        kind="article",
        year=2026,
        published=timezone.now().replace(month=1, day=day),
        title_key=title,
    )


def matching(text: str, **more) -> Query:
    from search.asking.building import Narrowing, build
    from search.asking.parsing import parse

    return build(parse(text), Narrowing(**more)).query


@pytest.mark.django_db
def test_an_older_version_never_takes_the_place_of_a_newer_one():
    engine = PostgresEngine()
    engine.index([document(1, 2, "冬季防寒")])
    engine.index([document(1, 1, "秋季防火")])
    assert engine.query(matching("防火")).total == 0
    engine.delete([Removal(1, 3)])
    engine.index([document(1, 2, "冬季防寒")])
    assert (engine.query(matching("防寒")).total, engine.count()) == (0, 0)
    engine.index([document(1, 4, "冬季防寒")])
    assert engine.query(matching("防寒")).hits == (Hit(1, Tier.TITLE),)


@pytest.mark.django_db
def test_with_more_hits_than_are_counted_the_newest_come_first_all_the_same():
    few, all_of_them = PostgresEngine(counted_at_most=5), PostgresEngine()
    few.index(
        [document(n, title="防火通知" if n % 4 else "其他", text="全省防火工作", day=1 + n % 28) for n in range(1, 40)]
    )
    for offset in (0, 7, 25, 31):
        query = matching("防火", offset=offset, limit=10)
        capped, whole = few.query(query), all_of_them.query(query)
        assert (capped.capped, capped.total, whole.capped, whole.total) == (True, 5, False, 39)
        assert capped.hits == whole.hits


@pytest.mark.django_db
def test_what_is_found_often_and_long_ago_alone_is_found(monkeypatch):
    monkeypatch.setattr(postgres_asking, "_WALKED_AT_MOST", 20)
    few, all_of_them = PostgresEngine(counted_at_most=5), PostgresEngine()
    few.index([document(n, title="其他", text="全省防火工作", day=1 + n % 3) for n in range(1, 20)])
    few.index([document(n, title="其他", text="防汛", day=9) for n in range(20, 60)])
    for offset in (0, 7, 15):
        query = matching("防火", offset=offset, limit=10)
        assert few.query(query).hits == all_of_them.query(query).hits


@pytest.mark.django_db
def test_the_newest_title_is_suggested_whenever_it_was_entered():
    engine = PostgresEngine()
    engine.index([document(n, title="防火通知") for n in range(1, 2_100)])
    engine.index([document(2_100, title="防火通知", day=2), document(2_101, title="关于防火的通知", day=3)])
    for typed, first in (("防火", (2_100, 2_099)), ("火", (2_101, 2_100))):
        assert engine.suggest(replace(matching(typed), limit=2), typed) == first


def _enter_many(engine, number):
    """Two titles in three begin with 防火通知, the others with 关于防火. Returns {id: title} and {id: day}."""
    titles = {n: f"防火通知第{n}号" if n % 3 else f"关于防火的第{n}号" for n in range(1, number + 1)}
    days = {n: 1 + n * 5 % 28 for n in titles}
    engine.index([document(n, title=title, day=days[n]) for n, title in titles.items()])
    return titles, days


@pytest.mark.django_db
def test_titles_that_are_too_many_to_be_put_in_order_are_suggested_in_order_all_the_same():
    few, all_of_them = PostgresEngine(ordered_at_most=5), PostgresEngine()
    titles, days = _enter_many(few, 39)
    for typed in ("防火", "防火通知", "火通", "关于防火", "防"):
        expected = sorted(
            (n for n, title in titles.items() if typed in title),
            key=lambda n: (titles[n].startswith(typed), days[n], n),
            reverse=True,
        )
        query = replace(matching(typed), limit=30)
        assert list(few.suggest(query, typed)) == list(all_of_them.suggest(query, typed)) == expected[:30]


@pytest.mark.django_db
def test_what_nearly_every_title_holds_is_suggested_by_date_without_being_counted():
    """Once the planner knows that nearly all titles hold it: the same titles in the same order."""
    few, all_of_them = PostgresEngine(ordered_at_most=5), PostgresEngine()
    _enter_many(few, 199)
    few.delete([Removal(n, 1) for n in range(1, 20)])
    build(analyse="public.search_postgresentry")
    # What most titles begin with, a third, a few, none; sounds.
    for typed, lexeme in (
        ("防火", "^防火"),
        ("关于防", "^防火"),
        ("关于防火的第3", "^防火"),
        ("火", "^火"),
        ("的第", "^的第"),
        ("fanghuo", "~fang.huo"),
    ):
        needs = ((Need(lexeme, begins=typed == "火"),),)
        query = Query(groups=(Group(needs, needs),), limit=30)
        with CaptureQueriesContext(connection) as asked:
            suggested = few.suggest(query, typed)
        assert list(suggested) == list(all_of_them.suggest(query, typed))
        assert len(suggested) == 30
        assert not any("AS begins" in one["sql"] for one in asked.captured_queries), typed


def test_what_a_rebuild_gathers_is_found_whoever_entered_it(own_database):
    engine = PostgresEngine()
    name = engine.begin_rebuild()
    for first in range(1, 5_000, 500):
        engine.index([document(n, text=f"第{n}号") for n in range(first, first + 500)], rebuild=name)
        assert engine.query(matching("防火", limit=1)).total == first + 499
    engine.finish_rebuild(name)
    assert engine.query(matching("防火", limit=1)).total == 5_000
    assert engine.query(matching("第4321号")).total == 1


@pytest.mark.django_db
def test_the_settings_of_a_question_do_not_outlive_it():
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        before = cursor.fetchone()
        PostgresEngine().query(matching("防火"))
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == before


@pytest.mark.django_db
def test_a_question_that_the_database_refuses_is_an_engine_that_does_not_answer():
    with pytest.raises(EngineUnavailable):
        PostgresEngine().query(Query(filters=(("s:" + "x" * 3000,),)))
    assert PostgresEngine().query(matching("防火")).total == 0


def test_two_workers_at_one_document_write_what_is_true_last(own_database):
    page, resource = live_at("alpha", title="关于秋季防火的通知")
    index_resource(resource.pk)
    corrected_at("alpha", page, title="关于冬季防寒的通知")
    faults = []

    def work():
        try:
            for _ in range(5):
                index_resources([resource.pk])
        except Exception as fault:
            faults.append(fault)
        finally:
            close_old_connections()
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    row = SearchDocument.objects.get(resource=resource)
    assert (row.version, row.indexed, row.title) == (2, 2, "关于冬季防寒的通知")
    assert search("秋季防火").total == 0
    assert [hit.title_text for hit in search("冬季防寒").hits] == ["关于冬季防寒的通知"]


@pytest.mark.django_db
def test_nothing_is_written_where_nothing_changed():
    _page, resource = live_at("alpha", title="关于秋季防火的通知")
    run_jobs()
    before = SearchDocument.objects.get(resource=resource).version
    assert index_resources([resource.pk]) == 0
    assert SearchDocument.objects.get(resource=resource).version == before
    assert index_resources(Resource.objects.values_list("pk", flat=True)) == 0
