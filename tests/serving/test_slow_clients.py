"""Clients that keep their connections and do not go on take nothing from others: tried on what ``serve`` starts."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import database
from tests.ports import free_port

from .slow_clients import KINDS, Door, is_held, many, status

#: More than ``serve`` has threads: two processes of four.
MANY = 24
_LARGE = 32 * 1024 * 1024


@pytest.fixture(scope="module")
def serve(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """``serve`` as an installation runs it, on a clone of the prepared pages."""
    with django_db_blocker.unblock():
        name = database.clone_prepared("slow", "pages")
    var = tmp_path_factory.mktemp("slow")
    environment = {
        **os.environ,
        "DATABASE_URL": database.database_url(name),
        "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
        "GOVPLATFORM_VAR": str(var),
    }
    manage = [sys.executable, str(database.ROOT / "manage.py")]
    code = "from govplatform.serving.static_files import collect_static_files as c; c()"
    subprocess.run([*manage, "shell", "-c", code], env=environment, check=True, capture_output=True)
    with (var / "static" / "large.bin").open("wb") as large:
        large.truncate(_LARGE)
    door = Door(free_port(), large="/static/large.bin")
    with (var / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [*manage, "serve", "--port", str(door.port), "--workers", "2"],
            env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        _wait_for(door, var)
        yield door
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        with django_db_blocker.unblock():
            database.drop_database(name)


def _wait_for(door: Door, var: Path) -> None:
    for _attempt in range(300):
        try:
            if status(door.get("/robots.txt")) == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError((var / "serve.log").read_text())


@pytest.mark.parametrize("kind", KINDS)
def test_an_ordinary_request_is_answered_while_many_slow_clients_hold_their_connections(serve: Door, kind: str):
    with many(MANY, KINDS[kind], serve) as clients:
        assert status(serve.get("/")) == 200
        assert status(serve.get("/admin/login/", host="alpha.console.localhost")) == 200
        assert all(map(is_held, clients))
