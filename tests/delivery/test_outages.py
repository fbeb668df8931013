"""What a citizen sees while something is away: the real nginx, the application as a process, its database, its files.

The runbook ("Front server") says the same as a table.
"""

import os
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
from psycopg import sql

from govplatform.addresses.canonical import location_of
from govplatform.delivery.delivering import deliver
from govplatform.delivery.release.layout import place_of
from govplatform.tenancy.queries import get_tenant
from tests.database import ROOT
from tests.verbs import call_verb

from .front import Answer, Front, ask
from .test_publisher import until

pytestmark = pytest.mark.nginx
_FILES = ("/", "/news/", "/news/article/", "/robots.txt", "/news/feed.xml")
_APPLICATION = (
    "import sys; from socketserver import ThreadingMixIn; from wsgiref.simple_server import WSGIServer, make_server; "
    "from govplatform.serving.wsgi import application; "
    "Server = type('Server', (ThreadingMixIn, WSGIServer), {}); "
    "make_server('127.0.0.1', int(sys.argv[1]), application, Server).serve_forever()"
)


@contextmanager
def application(front: Front, database_url: str) -> Iterator[None]:
    environment = {
        **os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
        "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
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


@pytest.fixture
def front(live: Any, own_database: str, settings: Any, tmp_path: Path) -> Iterator[Front]:
    front = Front(tmp_path)
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = front.root
    deliver(get_tenant("alpha"))
    done = call_verb("nginx_config", "--out", str(front.etc), "--root", str(front.root), "--port", str(front.port),
                     "--application", f"127.0.0.1:{front.behind}", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    front.start()
    yield front
    front.stop()


def test_what_citizens_see_while_something_is_away(front: Front, own_database: str):
    name = get_tenant("alpha").full_name.encode()

    def files_are_sent() -> None:
        for target in _FILES:
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
        for target in _FILES:
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
    for target in ("/search/?q=x", "/nowhere/", "/documents/999/x.pdf"):
        says_it_is_away(front.ask(target))
    # both: nothing lies there, nobody answers
    (front.root / "alpha.localhost").rename(front.folder / "unmounted")
    answer = front.ask("/")
    assert answer.status == 503 and "网站暂时无法访问".encode() in answer.body
    (front.folder / "unmounted").rename(front.root / "alpha.localhost")
