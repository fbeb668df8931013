"""What a citizen sees while something is away: the real nginx, the application as a process, its database, its files.

The runbook ("Front server") says the same as a table.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as platform_settings
from django.db import connection
from django_tenants.utils import tenant_context
from psycopg import sql

from content_library.models import Resource
from govplatform.addresses.canonical import location_of
from govplatform.delivery.delivering import deliver
from govplatform.delivery.release.layout import place_of
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.serving.processes import WORKERS
from govplatform.tenancy.queries import get_tenant
from search.indexing.actions import index_resources
from tests import factories
from tests.database import ROOT
from tests.ports import free_port
from tests.verbs import call_verb

from .front import Answer, Front, ask
from .test_publisher import publisher, until

pytestmark = pytest.mark.nginx
_ARTICLE = "/news/article/"
LIVE = ("/search/?q=x", "/documents/999/x.pdf", "/interaction/write/")
FILES = ("/", "/news/", "/news/article/", "/robots.txt", "/news/feed.xml")
#: ``SEARCH_URL`` of the process alone, and how long it waits in production: settings of tests know no cluster.
_APPLICATION = (
    "import os, sys; from django.conf import settings; settings.SEARCH_URL = os.environ['TRIED_SEARCH_URL']; "
    "settings.SEARCH_ANSWER_SECONDS = 3.0; "
    "from socketserver import ThreadingMixIn; from wsgiref.simple_server import WSGIServer, make_server; "
    "from govplatform.serving.wsgi import application; "
    "Server = type('Server', (ThreadingMixIn, WSGIServer), {}); "
    "make_server('127.0.0.1', int(sys.argv[1]), application, Server).serve_forever()"
)


@contextmanager
def application(front: Front, database_url: str, search_url: str = "") -> Iterator[None]:
    environment = {
        **os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
        "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}", "TRIED_SEARCH_URL": search_url,
    }  # fmt: skip
    command = [sys.executable, "-c", _APPLICATION, str(front.behind)]
    with (front.folder / "application.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stderr=log, stdout=log, cwd=ROOT)
    try:
        until(lambda: _answers(front))
        yield
    finally:
        process.kill()
        process.wait()


def _answers(front: Front) -> bool:
    try:
        return ask(front.behind, "/robots.txt").status == 200
    except OSError:
        return False


@contextmanager
def database_away() -> Iterator[None]:
    """Nobody gets a connection to this test's own database, and those that stand are ended."""
    known = connection.get_connection_params()
    connection.close()
    name = known["dbname"]
    server = {key: known[key] for key in ("host", "port", "user", "password") if known.get(key)}

    def allow(connections: bool) -> None:
        with psycopg.connect(dbname="postgres", autocommit=True, **server) as admin:
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
                sql.Identifier(name), sql.SQL(str(connections))))  # fmt: skip
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    allow(False)
    try:
        yield
    finally:
        allow(True)


@contextmanager
def worker(database_url: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        **os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
    }  # fmt: skip
    queues = [queue for _name, queues, _login in WORKERS for queue in queues]
    command = [sys.executable, str(ROOT / "manage.py"), "run_workers", *queues]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def front(live: Any, own_database: str, settings: Any, tmp_path: Path) -> Iterator[Front]:
    front = Front(tmp_path)
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = front.root
    deliver(get_tenant("alpha"))
    deliver(get_tenant("beta"))
    done = call_verb("nginx_config", "--out", str(front.etc), "--root", str(front.root), "--port", str(front.port),
                     "--application", f"127.0.0.1:{front.behind}", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    front.start()
    yield front
    front.stop()


def test_what_citizens_see_while_something_is_away(front: Front, own_database: str):
    name = get_tenant("alpha").full_name.encode()

    def files_are_sent() -> None:
        for target in FILES:
            answer = front.ask(target)
            assert (answer.status, answer.body) == (200, (front.tree() / place_of(target)).read_bytes()), target
        assert front.ask("/?from=x").status == front.ask("/news/?x=1").status == 200

    def says_it_is_away(answer: Answer) -> None:
        """Of the right site, that it is for now, and how one goes on."""
        assert answer.status == 503 and answer["Retry-After"] == "60", answer.status
        assert name in answer.body and "本站暂时只能阅读已发布的页面".encode() in answer.body
        assert b'href="/"' in answer.body

    with application(front, own_database):
        assert front.ask("/search/?q=x").status == 200 and front.ask("/nowhere/").status == 404
        _nothing_is_there(front)
        with database_away():
            files_are_sent()
            for _once_more in range(2):
                for target in ("/search/?q=x", "/nowhere/", "/documents/999/x.pdf"):
                    says_it_is_away(front.ask(target))
                # what the process knew of hosts is old by now
                time.sleep(5.5)
            files_are_sent()
        until(lambda: front.ask("/search/?q=x").status == 200)
        assert front.ask("/nowhere/").status == 404

        # the disk with the published files: the application answers
        (front.root / "alpha.localhost").rename(front.folder / "unmounted")
        for target in FILES:
            assert front.ask(target).status == 200, target
        (front.folder / "unmounted").rename(front.root / "alpha.localhost")

        # the store of uploads: what is published lies in the release as well
        media = Path(platform_settings.MEDIA_ROOT)
        uploads = [location_of(f"/{path.relative_to(front.tree())}") for path in front.tree().glob("documents/*/*")]
        media.rename(front.folder / "media")
        assert uploads and all(front.ask(target).status == 200 for target in uploads)
        files_are_sent()
        assert front.ask("/documents/999/x.pdf").status == 404
        (front.folder / "media").rename(media)

    # the application
    files_are_sent()
    for target in ("/search/?q=x", "/documents/999/x.pdf"):
        says_it_is_away(front.ask(target))
    _nothing_is_there(front)
    # both: nothing lies there, nobody answers
    (front.root / "alpha.localhost").rename(front.folder / "unmounted")
    answer = front.ask("/")
    assert answer.status == 503 and "网站暂时无法访问".encode() in answer.body
    (front.folder / "unmounted").rename(front.root / "alpha.localhost")


def test_the_search_engine_is_away(front: Front, own_database: str):
    """Nobody listens there, or somebody who never says anything: results of PostgreSQL, with a notice, and no error."""
    index_resources(Resource.objects.values_list("pk", flat=True))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (free_port(), silent.getsockname()[1]):
            with application(front, own_database, f"http://127.0.0.1:{port}"):
                answer = front.ask("/search/?q=%E6%99%AE%E9%80%9A%E4%BF%A1%E6%81%AF")
                assert (answer.status, port) == (200, port), (front.folder / "application.log").read_text()[-1500:]
                assert "检索服务正在恢复".encode() in answer.body
                assert f'{_ARTICLE}"'.encode() in answer.body
                told = front.ask("/api/search/?q=%E6%99%AE%E9%80%9A%E4%BF%A1%E6%81%AF")
                assert told.status == 200 and "检索服务正在恢复" in json.loads(told.body)["notice"]
                assert front.ask(_ARTICLE).status == 200


def test_the_workers_are_killed(
    front: Front, own_database: str, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """What is published and withdrawn meanwhile is shown and gone as always; jobs are done afterwards."""
    settings.DELIVERY_ROOT = front.root
    # the publisher goes on with what this process has signed
    monkeypatch.setenv("DELIVERY_SIGNING_KEY", Path(settings.DELIVERY_KEY_FILE).read_text())
    monkeypatch.setenv("DELIVERY_PUBLIC_KEY_FILE", str(tmp_path / "key.pub"))
    tenant = get_tenant("alpha")

    def left() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
                " AND (scheduled_at IS NULL OR scheduled_at <= now())"
            )
            return int(cursor.fetchone()[0])

    with publisher(own_database, front.root), application(front, own_database):
        with worker(own_database) as killed:
            with tenant_context(tenant):
                factories.live_article(title="任务进程运行期间发布")
            until(lambda: left() == 0)
            with tenant_context(tenant):
                page = factories.live_article(title="任务进程停止期间发布")
            killed.kill()
            killed.wait()
        address = location_of(site_path(page))
        until(lambda: front.ask(address).status == 200)
        until(lambda: "任务进程停止期间发布".encode() in front.ask("/news/").body)
        with tenant_context(tenant):
            withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
        until(lambda: front.ask(address).status == 410)
        assert left() > 0
        with worker(own_database):
            until(lambda: left() == 0)


def _nothing_is_there(front: Front) -> None:
    """Of two sites in turn each says so in its own look, whoever names what host besides, and nothing keeps it."""
    names = {f"{code}.localhost": get_tenant(code).full_name.encode() for code in ("alpha", "beta")}
    for target in ("/nowhere/", "/nowhere", "/nowhere.html", "/news/nowhere/?x=1"):
        for host in (*names, *reversed(names)):
            other = next(name for name in names if name != host)
            answer = front.ask(target, host=host, X_Forwarded_Host=other, X_Host=other, Forwarded=f"host={other}")
            assert (answer.status, answer["Cache-Control"]) == (404, "no-cache"), (host, target)
            assert names[host] in answer.body and names[other] not in answer.body, (host, target)
            assert answer["Content-Security-Policy"].startswith("default-src 'none'"), (host, target)
            assert answer["X-Content-Type-Options"] == "nosniff"
