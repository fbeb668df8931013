"""Databases of walks: one with the world in it, and a copy of that for each walk."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.conf import settings
from django.db import connections

from tests import database
from tests.layers import LAYER

from . import clock, world

_numbers = count(1)
#: Machines ask more often in a walk than anybody may.
_NO_LIMITS = {"read": 10**9, "files": 10**9}


@contextmanager
def world_database(*, begins: Any = clock.BEGINNING) -> Iterator[str]:
    """A database with the sites and people of the walk, not connected to. Yields its name; it goes afterwards."""
    before = settings.DATABASES["default"]["NAME"]
    name = database.clone_prepared(f"walk{next(_numbers)}")
    try:
        database.use_database(name)
        world.build(begins=begins)
        database.use_database(before)
        yield name
    finally:
        database.use_database(before)
        database.drop_database(name)


@contextmanager
def copy_of(source: str) -> Iterator[str]:
    """Work on a copy of ``source``, which goes afterwards. Yields its name."""
    before = settings.DATABASES["default"]["NAME"]
    LAYER.leave()
    connections.close_all()
    name = database.clone_database(source, f"walk{next(_numbers)}")
    try:
        database.use_database(name)
        with _without_limits():
            yield name
    finally:
        database.use_database(before)
        database.drop_database(name)


@contextmanager
def _without_limits() -> Iterator[None]:
    before = settings.OUTWARD_LIMITS
    settings.OUTWARD_LIMITS = _NO_LIMITS
    try:
        yield
    finally:
        settings.OUTWARD_LIMITS = before
