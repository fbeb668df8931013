"""Fixtures: a cloned platform, the cast, clients that always set their host.

* ``db`` / ``pytest.mark.django_db``: inside a transaction that is rolled back; fast.
* ``own_database``: a clone of its own with real commits, for threads, processes and kills. ``verb`` asks for one;
  ``verb_inside`` runs verbs in the transaction of ``db``, where nobody else looks on.
* ``@layered`` (``tests/layers.py``): rows that several tests of a file begin with, written once.
* ``live``: live pages of every kind, published when the database was prepared. A test that asks for it stands on a
  database that holds them; all others begin with nothing published.

``make test`` runs one process more than there are cores (``ARGS='-n 0'``: this one alone), a file's tests together.
Each has its own databases, media and ports.
"""

import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django_tenants.utils import tenant_context

from . import database
from .cast import PASSWORD
from .layers import LAYER, Build, layer_of
from .midnight import wait_for_a_whole_day
from .pages import LivePages
from .running import (
    pytest_collection_finish,
    pytest_collection_modifyitems,
    pytest_terminal_summary,
    pytest_xdist_auto_num_workers,
    pytest_xdist_make_scheduler,
)
from .traces import leave_no_traces
from .verbs import call_verb, verb_process
from .warm_guard import cold_guard, warm_guard
from .warm_verbs import cold_verbs, warm_verbs

__all__ = [
    "cold_guard",
    "cold_verbs",
    "pytest_collection_finish",
    "pytest_collection_modifyitems",
    "pytest_terminal_summary",
    "pytest_xdist_auto_num_workers",
    "pytest_xdist_make_scheduler",
    "warm_guard",
    "warm_verbs",
]  # fmt: skip


class _Standing:
    """Which database of this process the tests stand on. A clone is made when the first test asks for its kind."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.made_of: dict[str, str] = {}
        self.wanted = "sites"
        self.layer: Build | None = None
        self.blocker: Any = None

    def take(self) -> None:
        """Stand where the coming test wants to."""
        with self.blocker.unblock():
            if self.made_of.get(self.wanted) != database.name_of(self.wanted):
                # The first of its kind, or the first of a new day.
                LAYER.leave()
                connections.close_all()
                self.names[self.wanted] = database.clone_prepared(self.wanted, self.wanted)
                self.made_of[self.wanted] = database.name_of(self.wanted)
            if connection.settings_dict["NAME"] != self.names[self.wanted]:
                LAYER.leave()
                database.use_database(self.names[self.wanted])
            database.give_files(self.wanted)
            LAYER.change_to(self.layer)


_standing = _Standing()
#: Fixtures whose tests work in the database that this process stands on, or come back to it.
_USES = frozenset({"db", "transactional_db", "own_database"})


def _kind_of(node: Any) -> str:
    """The prepared database that a test is meant for."""
    return "pages" if "live" in node.fixturenames else "sites"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before the fixtures: the test has its day to itself, and its transaction begins in the right database."""
    wait_for_a_whole_day()
    database.begin_day()
    if _USES.intersection(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"):
        _standing.wanted, _standing.layer = _kind_of(item), layer_of(item)
        if _standing.blocker is not None:
            _standing.take()


def pytest_configure(config: pytest.Config) -> None:
    from .durations import DurationsPlugin
    from .left_out import left_out_plugins
    from .lock_order import LockOrderPlugin

    config.pluginmanager.register(DurationsPlugin(), "durations")
    config.pluginmanager.register(LockOrderPlugin(), "lock-order")
    for plugin in left_out_plugins():
        config.pluginmanager.register(plugin, f"left-out-{plugin.marker}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    _standing.blocker = django_db_blocker
    _standing.take()
    yield
    with django_db_blocker.unblock():
        LAYER.leave()
        connection.close()
        for name in _standing.names.values():
            database.drop_database(name)


@pytest.fixture(scope="module")
def bare_sites(django_db_setup: None) -> None:
    """For fixtures of a module that write rows of their own: the database without live pages, and no layer in it."""
    _standing.wanted, _standing.layer = "sites", None
    _standing.take()


@pytest.fixture(autouse=True)
def _leave_no_traces() -> Iterator[None]:
    """Caches of the process belong to one test."""
    yield
    leave_no_traces()


@pytest.fixture
def own_database(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of this test alone; everything commits. Yields its DATABASE_URL."""
    shared = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        name = database.clone_prepared("own", _kind_of(request.node))
        database.use_database(name)
        try:
            yield database.database_url(name)
        finally:
            database.use_database(shared)
            database.drop_database(name)


@pytest.fixture
def live() -> LivePages:
    """``live("article")``, ``live("policy", "beta")``: a page that was live before the test began, read afresh."""
    return LivePages()


@pytest.fixture
def verb(own_database: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a verb against ``own_database`` and see what the shell would see: status, output, errors.

    It runs in this process; with variables of the environment (``env=``), which only a new process reads, in one.
    """

    def run(*words: str, **extra: Any) -> subprocess.CompletedProcess[str]:
        return verb_process(own_database, *words, **extra) if extra else call_verb(*words)

    return run


@pytest.fixture
def verb_inside(db: None) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The same in the transaction of the test, without a database of its own: where nobody but the test looks on.

    What the verb does after its commit is not done.
    """
    return call_verb


@pytest.fixture
def site(db: None) -> Callable[[str], Any]:
    """``site("alpha")``: the Tenant."""
    from govplatform.tenancy.queries import get_tenant

    return get_tenant


@pytest.fixture
def person(db: None) -> Callable[[str], Any]:
    """``person("alpha_editor")``: the User."""
    from govplatform.accounts.models import User

    def find(username: str) -> Any:
        return User.objects.get(username=username)

    return find


@pytest.fixture
def alpha(db: None) -> Iterator[Any]:
    """The test runs inside site alpha's schema. Yields the Tenant."""
    from govplatform.tenancy.queries import get_tenant

    tenant = get_tenant("alpha")
    with tenant_context(tenant):
        yield tenant


def console_client(username: str, site_code: str) -> Client:
    """A browser of ``username`` on the console of ``site_code``, signed in through the form."""
    client = Client(HTTP_HOST=f"{site_code}.console.localhost", headers={"user-agent": "test"})
    response = client.post(
        "/admin/login/", {"username": username, "password": PASSWORD}, headers={"accept": "text/html"}
    )
    assert response.status_code == 302, response.content.decode()[:2000]
    return client


@pytest.fixture
def console(db: None) -> Callable[[str, str], Client]:
    """``console("alpha_editor", "alpha")``: a signed-in client."""
    return console_client


@pytest.fixture
def citizen() -> Callable[[str], Client]:
    """``citizen("alpha")``: a client on the public host."""

    def make(site_code: str) -> Client:
        return Client(HTTP_HOST=f"{site_code}.localhost")

    return make
