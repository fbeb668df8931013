"""The time of a walk. It moves when the walk says so, in the program and in the database alike.

The gate's triggers compare with the database's ``now()``, so a clock of the program alone would be refused after ten
minutes. In the walk's own database the functions of the product read ``walk.now()`` instead; nothing else of them
changes. Choices never depend on the real time: one seed gives one walk.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from unittest.mock import patch

from django.db import connection

#: A Monday morning in Beijing, late in the year: a walk of some days sees the next series of index numbers begin.
BEGINNING = datetime(2025, 12, 29, 1, 0, tzinfo=UTC)

_FUNCTIONS = """
CREATE SCHEMA walk;
CREATE TABLE walk.clock (at timestamptz, ahead interval NOT NULL DEFAULT '0');
CREATE FUNCTION walk.now() RETURNS timestamptz LANGUAGE sql VOLATILE AS
  'SELECT coalesce(at, clock_timestamp() + ahead) FROM walk.clock';
GRANT USAGE ON SCHEMA walk TO PUBLIC;
GRANT SELECT, UPDATE ON walk.clock TO PUBLIC;
"""
_PRODUCT_FUNCTIONS = """
SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'public' AND p.proname LIKE 'gov\\_%' AND p.prosrc ~ '(now|clock_timestamp)\\(\\)'
"""
_TIME = re.compile(r"\b(?:now|clock_timestamp)\(\)")


def install(*, begins: datetime | None) -> None:
    """Give the current database a clock that stands at ``begins``, or (None) that runs along with the real one.

    Call as the owner of the functions, once. Several processes share a clock that runs.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTIONS)
        cursor.execute("INSERT INTO walk.clock (at) VALUES (%s)", [begins])
        cursor.execute(_PRODUCT_FUNCTIONS)
        for (definition,) in cursor.fetchall():
            cursor.execute(_TIME.sub("walk.now()", definition))


class Clock:
    """What ``timezone.now()`` says while it ticks."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._ahead = timedelta(0)

    def read(self) -> None:
        """Take the time from the database."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT at, ahead FROM walk.clock")
            self._at, self._ahead = cursor.fetchone()

    def move(self, by: timedelta) -> None:
        """Let that much time pass, for every process of the walk."""
        with connection.cursor() as cursor:
            cursor.execute("UPDATE walk.clock SET at = at + %s, ahead = ahead + %s", [by, by])
        self.read()

    def now(self) -> datetime:
        """A moment later at each look, so that what came first is the earlier one."""
        if self._at is None:
            return datetime.now(UTC) + self._ahead
        self._at += timedelta(microseconds=1)
        return self._at

    @contextmanager
    def ticking(self) -> Iterator[None]:
        """Inside, Django and everything on it sees this time."""
        clock = self

        class _Any(type):
            def __instancecheck__(cls, value: Any) -> bool:
                return isinstance(value, datetime)

        class Moment(datetime, metaclass=_Any):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return clock.now().astimezone(tz)

        self.read()
        with patch("django.utils.timezone.datetime", Moment):
            yield
