"""Acts at a recorded moment, so that a province which was filled a minute ago has a past (decision 073).

In this process ``time_machine`` sets the clock back; in this session of the database the functions of the gate, which
compare what Python says with ``now()``, meet a ``now()`` that is as far behind. Only the owner of these functions can
have them do so, only while ``recorded_times`` is open, and only with ``DEMO_RECORDED_TIME``, which the settings of the
demo alone have. The acts themselves, their checks and their entries in the record are those of every day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import time_machine
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from govplatform.refusals import Refused
from govplatform.tenancy.database_roles import as_owner

_SCHEMA = "demo_clock"
#: How many seconds this session's clock is behind.
_BEHIND = "demo.seconds_behind"
_CLOCKS = ("now", "clock_timestamp")
_MAKE_CLOCK = """
CREATE OR REPLACE FUNCTION {schema}.{name}() RETURNS timestamptz LANGUAGE sql {volatility} AS $$
  SELECT pg_catalog.{name}() - make_interval(secs => coalesce(nullif(current_setting({behind}, true), ''), '0')::float8)
$$
"""
#: Functions behind triggers that ask for the time.
_ASKING = r"""
SELECT p.oid::regprocedure::text FROM pg_catalog.pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.prosrc ~ '\m(now|clock_timestamp)\(\)'
"""
_SET_BACK = """
SELECT p.oid::regprocedure::text FROM pg_catalog.pg_proc p
WHERE EXISTS (SELECT 1 FROM unnest(p.proconfig) AS one WHERE one LIKE 'search_path=demo_clock,%')
"""


@contextmanager
def recorded_times() -> Iterator[None]:
    """Let ``at`` set the clock back in here. Raises Refused outside of the demo and without the owner's rights."""
    if not settings.DEMO_RECORDED_TIME:
        raise Refused(_("只有演示环境可以按记录的时间写入内容。"))
    set_clock_right()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(_SCHEMA)))
        for name, volatility in zip(_CLOCKS, ("STABLE", "VOLATILE"), strict=True):
            statement = sql.SQL(_MAKE_CLOCK).format(  # type: ignore[arg-type]
                schema=sql.Identifier(_SCHEMA),
                name=sql.Identifier(name),
                volatility=sql.SQL(volatility),
                behind=sql.Literal(_BEHIND),
            )
            cursor.execute(statement)
        cursor.execute(
            sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(
                sql.Identifier(_SCHEMA), sql.Identifier(settings.APP_DATABASE_ROLE)
            )
        )
        cursor.execute(_ASKING)
        for (function,) in cursor.fetchall():
            cursor.execute(f"ALTER FUNCTION {function} SET search_path = {_SCHEMA}, pg_catalog, public")
    try:
        yield
    finally:
        set_clock_right()


def set_clock_right() -> None:
    """Take back whatever ``recorded_times`` has done, also what a killed load left behind."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(_SET_BACK)
        for (function,) in cursor.fetchall():
            cursor.execute(f"ALTER FUNCTION {function} RESET search_path")
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(_SCHEMA)))
        cursor.execute("SELECT set_config(%s, '', false)", [_BEHIND])


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Have it be ``moment`` in here, and later as time goes by. A moment to come is now. Not to be nested."""
    real = dt.datetime.now(dt.UTC)
    moment = min(moment.astimezone(dt.UTC), real)
    _set_behind((real - moment).total_seconds())
    try:
        with time_machine.travel(moment, tick=True):
            yield
    finally:
        # After a statement that failed nothing is sent any more; the next moment sets it anew.
        if not connection.needs_rollback and connection.is_usable():
            _set_behind(0)


def _set_behind(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [_BEHIND, f"{seconds:.3f}"])
