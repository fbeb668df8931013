"""Rows that several tests begin with, written once.

``@layered`` makes a fixture of a function: it runs before the first test that asks for it, inside a transaction that
stays open while the following tests ask for the same; what each of these writes is rolled back behind it. Tests of a
file that share a layer run one after the other. The function returns what identifies the rows (keys, slugs), not the
objects: an object would carry changes from one test into the next.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from .traces import leave_no_traces

Build = Callable[[], Any]


def layered(build: Build) -> Any:
    """The fixture of that name. ``build`` takes nothing and is called outside every site."""

    def found(db: None) -> Any:
        return LAYER.found

    return _fixture(build, found)


def layered_on_live(build: Build) -> Any:
    """The same upon the database that holds live pages of every kind (the fixture ``live``)."""

    def found(live: Any, db: None) -> Any:
        return LAYER.found

    return _fixture(build, found)


def _fixture(build: Build, found: Callable[..., Any]) -> Any:
    found.layer = build  # type: ignore[attr-defined]
    return pytest.fixture(name=build.__name__)(found)


def layer_of(item: Any) -> Build | None:
    """What a test begins with, or None."""
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    asked = [found for definitions in known.values() if (found := getattr(definitions[-1].func, "layer", None))]
    assert len(asked) <= 1, f"{item.nodeid} asks for two layers: {asked}"
    return asked[0] if asked else None


def transaction_of_tests() -> transaction.Atomic:
    """A block that only tests have, as Django marks its own: what an act does inside it is the act's alone.

    So tests/lock_order.py takes each act in it for a transaction.
    """
    block = transaction.atomic()
    block._from_testcase = True
    return block


class _Layer:
    """The one that is open in this process."""

    def __init__(self) -> None:
        self.build: Build | None = None
        self.found: Any = None
        self._day: date | None = None
        self._atomic: Any = None

    def change_to(self, build: Build | None) -> None:
        """Leave the open layer, unless it is the same and of today, and write the wanted one."""
        if build is self.build and (build is None or self._day == timezone.localdate()):
            return
        self.leave()
        if build is not None:
            self._day = timezone.localdate()
            self._atomic, self.build = transaction_of_tests(), build
            self._atomic.__enter__()
            try:
                self.found = build()
            except BaseException:
                self.leave()
                raise

    def leave(self) -> None:
        """Take back everything that the open layer wrote."""
        if self._atomic is None:
            return
        atomic, self._atomic, self.build, self.found = self._atomic, None, None, None
        connection.set_schema_to_public()
        try:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)
        finally:
            leave_no_traces()


LAYER = _Layer()
