"""One state of a site, and what its pages share, read once in it.

A state is a snapshot of the database: inside it nothing changes, so whatever was read for one page holds for the next.
Outside a state nothing is kept: a citizen's request reads afresh. Why there is no number of a site's state that every
change raises stands in decision 061.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import DatabaseError, InternalError, connection, transaction

from govplatform.tenancy.current import current_schema

logger = logging.getLogger("govplatform.rendering")
_Value = TypeVar("_Value")
#: SQLSTATE of read_only_sql_transaction.
_READ_ONLY = "25006"


class NeedsWriting(BaseException):
    """What is rendered wants to write (a picture in a new size), and this process may only read.

    No Exception, so that no view and no template takes it for a page that failed.
    """


class State:
    """What was read in a state, by schema. ``reads_only``: whether nothing may be written in it."""

    def __init__(self, *, reads_only: bool) -> None:
        self.reads_only = reads_only
        self._shared: dict[tuple[str, str], Any] = {}
        self._latest: dict[tuple[str, str], dict[Any, Any]] = {}

    def shared(self, name: str, read: Callable[[], _Value]) -> _Value:
        key = (current_schema(), name)
        if key not in self._shared:
            self._shared[key] = read()
        value: _Value = self._shared[key]
        return value

    def latest(self, name: str, key: Any, read: Callable[[], _Value], most: int) -> _Value:
        held = self._latest.setdefault((current_schema(), name), {})
        if key in held:
            # Put behind the others: what was not asked for longest goes first.
            held[key] = held.pop(key)
        else:
            held[key] = read()
            if len(held) > most:
                del held[next(iter(held))]
        value: _Value = held[key]
        return value


_current: ContextVar[State | None] = ContextVar("rendering_state", default=None)


def current_state() -> State | None:
    """The state in which is being rendered; None for a request that somebody waits for."""
    return _current.get()


def shared(name: str, read: Callable[[], _Value]) -> _Value:
    """What all pages of the current site share under ``name``: read once in a state, and each time outside one."""
    state = _current.get()
    return read() if state is None else state.shared(name, read)


def shared_by(name: str, key: Any, read: Callable[[], _Value], most: int) -> _Value:
    """As ``shared``, for what several pages share that have the same ``key``; at most ``most`` of them are kept."""
    state = _current.get()
    return read() if state is None else state.latest(name, key, read, most)


def require_writing() -> None:
    """Raise NeedsWriting where only reading is allowed; to be called before a file is made that goes with a row."""
    state = _current.get()
    if state is not None and state.reads_only:
        raise NeedsWriting


@contextmanager
def one_state() -> Iterator[str]:
    """Everything inside reads the database as it is now, whatever is published meanwhile.

    Yields the name under which other processes enter the same state (``same_state``), as long as this block runs; ''
    where there is none, inside a transaction that had begun before.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        name = ""
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("SELECT pg_export_snapshot()")
                name = str(cursor.fetchone()[0])
        with _entered(State(reads_only=False)):
            yield name


@contextmanager
def same_state(name: str) -> Iterator[None]:
    """Read the state ``name`` of another process. Whatever wants to write inside raises NeedsWriting."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET TRANSACTION SNAPSHOT %s", [name])
        with _entered(State(reads_only=True)), connection.execute_wrapper(_refuse_writing):
            yield


@contextmanager
def _entered(state: State) -> Iterator[None]:
    token = _current.set(state)
    try:
        yield
    finally:
        _current.reset(token)


def _refuse_writing(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    try:
        return execute(sql, params, many, context)
    except InternalError as error:
        if getattr(error.__cause__, "sqlstate", None) == _READ_ONLY:
            raise NeedsWriting from error
        raise


_ahead: list[Callable[[list[str]], None]] = []


def register_reading_ahead(read: Callable[[list[str]], None]) -> None:
    """Have ``read`` called, in the site's schema and a state, with paths that come next; once at the start."""
    _ahead[:] = [read]


def read_ahead(paths: Iterable[str]) -> None:
    """Have what the pages at ``paths`` need read for all of them at once. Only inside a state.

    What the database refuses here it refuses again when the page is asked for, and then the answer says so.
    """
    if _current.get() is None:
        return
    for read in _ahead:
        try:
            with transaction.atomic():
                read(list(paths))
        except DatabaseError:
            logger.exception("reading ahead failed")
