"""Fixtures: a cloned platform, the cast, clients that always set their host.

* ``db`` / ``pytest.mark.django_db``: inside a transaction that is rolled back; fast.
* ``own_database``: a clone of its own with real commits, for threads, processes and kills.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_tenants.utils import tenant_context

from . import database
from .cast import PASSWORD


def pytest_configure(config: pytest.Config) -> None:
    from .lock_order import LockOrderPlugin

    config.pluginmanager.register(LockOrderPlugin(), "lock-order")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        name = database.clone_prepared("main")
        database.use_database(name)
    yield
    with django_db_blocker.unblock():
        connection.close()
        database.drop_database(name)


@pytest.fixture(autouse=True)
def _leave_no_traces() -> Iterator[None]:
    """Caches of the process belong to one test."""
    from django.core.cache import caches

    from content_library.vocabularies import snapshot
    from govplatform.tenancy import content_types, hosts

    yield
    snapshot.forget_terms()
    hosts.forget_hosts()
    content_types.cache.clear_all()
    for cache in caches.all():
        cache._cache.clear() if hasattr(cache, "_cache") else None
        cache._expire_info.clear() if hasattr(cache, "_expire_info") else None


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of this test alone; everything commits. Yields its DATABASE_URL."""
    from django.conf import settings

    shared = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        name = database.clone_prepared("own")
        database.use_database(name)
        try:
            yield database.database_url(name)
        finally:
            database.use_database(shared)
            database.drop_database(name)


@pytest.fixture
def verb(own_database: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a verb as a process of its own against ``own_database``."""

    def run(*words: str, **extra: Any) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "DATABASE_URL": own_database,
            "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
            **extra.pop("env", {}),
        }
        return subprocess.run(
            [sys.executable, str(database.ROOT / "manage.py"), *words],
            capture_output=True,
            text=True,
            env=environment,
            timeout=extra.pop("timeout", 120),
            check=False,
        )

    return run


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
