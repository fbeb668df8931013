"""Long ones (``make soak``): a worker and a node that are killed again and again, and rebuilds while others publish."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django_tenants.utils import tenant_context

from content_library.models import Resource
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.queries import get_tenant
from search.checking import check_search
from search.engines.choosing import all_engines, chosen_engine
from search.engines.elasticsearch import ElasticsearchEngine
from search.indexing.actions import give_to_chosen
from search.models import SearchDocument
from search.queries import search
from search.rebuilding import rebuild_search
from tests import factories
from tests.database import ROOT
from tests.reposts.conftest import corrected_at, live_at
from tests.search.conftest import run_jobs

from .opensearch import Node
from .test_cluster import eventually

pytestmark = [pytest.mark.soak, pytest.mark.opensearch]
TITLE = "关于秋季防火的通知"
#: Where a worker is killed: in the transaction that writes, between it and the cluster, and after the cluster has it.
_PLACES = {
    "in the transaction": "search.indexing.actions:_write",
    "before PostgreSQL's index": "search.engines.postgres:PostgresEngine.index",
    "before the cluster": "search.indexing.actions:tell_chosen",
    "after the cluster": "search.engines.elasticsearch:ElasticsearchEngine.index",
}
_WORKER = """
import os, signal, sys
sys.path[:0] = [{root!r}, {root!r} + "/platform"]
import django
django.setup()
from importlib import import_module
from django.conf import settings
settings.SEARCH_URL, settings.SEARCH_REPLICAS = os.environ["SEARCH_URL"], 0
module, _colon, name = os.environ["KILL_AT"].partition(":")
holder = import_module(module)
*path, last = name.split(".")
for one in path:
    holder = getattr(holder, one)
found, calls = getattr(holder, last), [int(os.environ["KILL_AFTER"])]
def stopped(*args, **named):
    calls[0] -= 1
    if calls[0] >= 0:
        return found(*args, **named)
    if os.environ["KILL_WHEN"] == "after":
        found(*args, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(holder, last, stopped)
from search.indexing.actions import index_resources
for number in sys.argv[1:]:
    index_resources([int(number)])
"""


@pytest.fixture
def both(own_database: str, cluster: ElasticsearchEngine) -> Iterator[str]:
    """A database of this test, and the cluster, both in line."""
    check_search(repair=True)
    yield own_database


def worker(url: str, place: str, when: str, numbers: list[int], after: int, address: str) -> int:
    """Write the documents of these resources in a process that is killed there; return its status."""
    return subprocess.run(
        [sys.executable, "-c", _WORKER.format(root=str(ROOT)), *map(str, numbers)],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
             "KILL_AT": place, "KILL_WHEN": when, "KILL_AFTER": str(after), "SEARCH_URL": address},
        capture_output=True, check=False,
    ).returncode  # fmt: skip


@pytest.mark.parametrize("place", _PLACES)
def test_a_worker_that_is_killed_while_it_writes_loses_nothing(both: str, opensearch: Node, place: str):
    """What it had not written is written when the job comes again; what it had is not written twice."""
    for when, title in (("before", TITLE), ("after", "关于冬季防寒的通知")):
        numbers = [live_at("alpha", title=f"{title}之{number}")[1].pk for number in range(4)]
        assert worker(both, _PLACES[place], when, numbers, 2, opensearch.url) == -signal.SIGKILL
        # The queue gives the jobs to somebody again; and every minute what is behind goes to the cluster.
        run_jobs()
        give_to_chosen()
        assert check_search().faults == []
        assert search(title).total == 4
        assert set(SearchDocument.objects.filter(resource__in=numbers).values_list("version", flat=True)) == {1}


def in_threads(*acts: Callable[[], Any]) -> None:
    """Do all of them at the same time, each with a connection of its own."""
    failures: list[BaseException] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            act()
        except BaseException as failure:
            failures.append(failure)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def publishing(stop: threading.Event, least: int) -> None:
    """Publish, correct and withdraw, with the queue behind it, until ``stop``; at least so often."""
    chance, pages, turn = random.Random(7), list[Any](), 0
    while turn < least or not stop.is_set():
        turn += 1
        if pages and chance.random() < 0.3:
            page = chance.choice(pages)
            with tenant_context(get_tenant("alpha")):
                stored = type(page).objects.get(pk=page.pk)
                if stored.live:
                    withdraw_page(stored, acting_user=factories.user("alpha_content"), reason="测试撤回")
        elif pages and chance.random() < 0.5:
            corrected_at("alpha", chance.choice(pages), title=f"{TITLE}之{turn}")
        else:
            pages.append(live_at("alpha", title=f"{TITLE}之{turn}")[0])
        run_jobs()


@pytest.mark.parametrize("name", ["postgres", "elasticsearch"])
def test_rebuilt_again_and_again_while_others_publish(both: str, name: str):
    """What was published meanwhile is in the new index, what was withdrawn is not, and nothing comes twice."""
    for number in range(30):
        live_at("alpha", title=f"旧的通知之{number}")
    run_jobs()
    done = threading.Event()

    def rebuild() -> None:
        try:
            engine = next(one for one in all_engines() if one.name == name)
            for _turn in range(4):
                rebuild_search(engine)
        finally:
            done.set()

    in_threads(lambda: publishing(done, 12), rebuild)
    assert check_search().faults == []
    shown = Resource.objects.exclude(status=Resource.Status.WITHDRAWN).count()
    assert SearchDocument.objects.filter(shown=True, resource__isnull=False).count() == shown
    assert search("旧的通知").total == 30


def test_a_node_that_is_killed_again_and_again_loses_nothing(both: str, opensearch: Node):
    """Everything is found at any time, by one engine or the other; when the node stays, all of it is there too."""
    done = threading.Event()

    def kill() -> None:
        try:
            for _turn in range(3):
                time.sleep(1)
                opensearch.kill()
                time.sleep(1)
                opensearch.restart()
        finally:
            done.set()

    in_threads(lambda: publishing(done, 12), kill)
    expected = sorted(Resource.objects.exclude(status=Resource.Status.WITHDRAWN).values_list("title", flat=True))
    eventually(give_to_chosen)
    check_search(repair=True)
    assert check_search().faults == []
    eventually(lambda: chosen_engine().count())
    found = [hit.title_text for page in (1, 2) for hit in search(TITLE, page=page).hits]
    assert sorted(found) == [title for title in expected if title.startswith(TITLE)][: len(found)]
    assert chosen_engine().count() == SearchDocument.objects.filter(shown=True).count()
