"""Two acts of two people, made to cross: each stops right behind a lock of its own, then both go on.

Nothing here depends on luck. An act runs in a thread of its own with real commits (``own_database``); it is held up
behind the first statement that takes the named lock, and the other one starts only then. Where both wait for what the
other has, PostgreSQL ends one of them; where they take their locks in one order, the second waits for the first.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django_tenants.utils import schema_context, tenant_context

from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant

from .lock_order import locks_of

_LONGEST = 120.0


@dataclass
class Act:
    """``run()`` inside the site ``site`` ("" is public), held up right behind a lock or right before one.

    ``stops_after``, ``stops_before``: as ``lock_order.locks_of`` names it, perhaps with the first word of the statement
    before it (``DELETE accounts_membership``); the first statement of that kind counts.
    ``outcome``: ("done", what it returned), ("refused", reasons) or ("failed", the exception).
    """

    site: str
    run: Callable[[], Any]
    stops_after: str = ""
    stops_before: str = ""
    outcome: tuple[str, Any] = ("", None)
    pid: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> None:
        try:
            connection.ensure_connection()
            self.pid = connection.connection.info.backend_pid
            inside = tenant_context(get_tenant(self.site)) if self.site else schema_context("public")
            with inside, connection.execute_wrapper(self._stop):
                self.outcome = ("done", self.run())
        except Refused as refusal:
            self.outcome = ("refused", refusal.reasons)
        except BaseException as error:
            self.outcome = ("failed", error)
        finally:
            connection.close()
            self.ended.set()

    def _stop(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if _takes(str(sql), self.stops_before):
            self._wait()
        answer = execute(sql, params, many, context)
        if _takes(str(sql), self.stops_after):
            self._wait()
        return answer

    def _wait(self) -> None:
        if not self.stopped.is_set():
            self.stopped.set()
            self.go_on.wait(_LONGEST)

    def arrive(self) -> None:
        """Wait until the act stands at its lock, waits for somebody else's, or is over."""
        deadline = time.monotonic() + _LONGEST
        while time.monotonic() < deadline:
            if self.stopped.is_set() or self.ended.is_set() or _is_waiting(self.pid):
                return
            time.sleep(0.02)
        raise AssertionError("the act neither came to its lock nor ended")


def cross(first: Act, second: Act) -> tuple[tuple[str, Any], tuple[str, Any]]:
    """Both outcomes. ``first`` stands at its lock when ``second`` starts; both go on when that one stands as well."""
    threads = []
    for act in (first, second):
        thread = threading.Thread(target=act)
        threads.append(thread)
        thread.start()
        act.arrive()
    for act in (first, second):
        act.go_on.set()
    for thread in threads:
        thread.join(_LONGEST)
        assert not thread.is_alive()
    return first.outcome, second.outcome


def _takes(sql: str, asked: str) -> bool:
    word, _space, lock = asked.rpartition(" ")
    return bool(lock) and sql.startswith(word) and lock in locks_of(sql)


def _is_waiting(pid: int) -> bool:
    if not pid:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted)", [pid])
        return bool(cursor.fetchone()[0])
