"""The world is built once for a run; every walk gets a copy of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.layers import transaction_of_tests

from .databases import copy_of, world_database
from .scripts import Script


@pytest.fixture(scope="session")
def world_of_the_walk(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), world_database() as name:
        yield name


@pytest.fixture
def walk_database(world_of_the_walk: str, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the world of this test alone; everything commits."""
    with django_db_blocker.unblock(), copy_of(world_of_the_walk) as name:
        yield name


@pytest.fixture(scope="module")
def shared_copy(world_of_the_walk: str, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), copy_of(world_of_the_walk) as name:
        yield name


@pytest.fixture
def script(shared_copy: str, django_db_blocker: Any) -> Iterator[Script]:
    """Steps in a transaction that is rolled back."""
    with django_db_blocker.unblock(), transaction_of_tests():
        yield Script()
        transaction.set_rollback(True)
