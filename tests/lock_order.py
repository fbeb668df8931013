"""Records in which order the suite takes locks, and fails the run when two orders meet.

Every statement of every connection is looked at: which rows it locks (``FOR UPDATE``, ``UPDATE``, ``DELETE``), or
which audit chain. Inside one transaction, whatever is locked later stands behind what is held already. Together with
the order of the house (``govplatform.locks.order``) these are the edges of a graph; a circle in it is a deadlock
that only waits for its moment. What several workers of pytest-xdist saw is put together before it is judged.

An act that a test with the ``db`` fixture runs in its outer transaction is a transaction of its own here, as it is in
production. An act that holds every chain there is waits for nobody and nobody waits with something in hand: whoever
would has a chain first. What it takes after them is not noted. Nor is what an act held that took a chain giving way
(``hold_chain_giving_way``). The tables of a site lie behind its chain: of two
acts that hold it when they touch a page, one has not begun. So a page counts against those alone that take it without
the chain. Inserts are not counted: rows that refer to others hold
those with ``FOR KEY SHARE``, which waits for nothing but ``FOR UPDATE`` and ``DELETE``.
"""

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import takewhile
from typing import Any

import pytest
from django.db.backends.signals import connection_created

from govplatform.locks.holding import GIVES_WAY, chain_key
from govplatform.locks.order import CHAIN, OF_SITES, ORDER, PAGE, PLATFORM_CHAIN

_NAME = r'"?(?:\w+"?\."?)?(\w+)"?'
_WRITES = re.compile(
    rf"\bUPDATE\s+(?:ONLY\s+)?{_NAME}\s+(?:AS\s+\w+\s+)?SET\b|\bDELETE\s+FROM\s+{_NAME}", re.IGNORECASE
)
_UPSERT = re.compile(rf"\bINSERT\s+INTO\s+{_NAME}(?=.*\bDO\s+UPDATE\b)", re.IGNORECASE | re.DOTALL)
_ROW_LOCK = re.compile(
    rf"\bFOR\s+(?:NO\s+KEY\s+UPDATE|UPDATE|KEY\s+SHARE|SHARE)\b(?:\s+OF\s+((?:{_NAME}\s*,\s*)*{_NAME}))?",
    re.IGNORECASE,
)
_FROM = re.compile(rf"\b(?:FROM|JOIN)\s+{_NAME}(?:\s+(?:AS\s+)?\"?(\w+)\"?)?", re.IGNORECASE)
_CHAIN = re.compile(r"pg_advisory_xact_lock\(hashtext\((?:%s|'[^']*')\), 7\)")
_WORDS = frozenset({"where", "on", "join", "inner", "left", "order", "limit", "for", "set", "cross", "using", "group"})
#: A page, taken by whoever holds the chain of its site.
GUARDED = "page behind its chain"
#: Tables of libraries whose rows nobody waits for while holding something of ours.
_IGNORED = re.compile(r"procrastinate_|django_session|django_content_type|wagtailcore_editingsession")


@dataclass(frozen=True)
class Seen:
    """One lock as it was taken: the statement and the test that sent it."""

    statement: str
    test: str

    def __str__(self) -> str:
        return f"{self.statement}\n      in {self.test}"


@dataclass
class LockOrder:
    """What was seen. ``edges``: (held, taken then) -> how each of the two came about, the first time."""

    edges: dict[tuple[str, str], tuple[Seen, Seen]] = field(default_factory=dict)
    unsorted: list[str] = field(default_factory=list)

    def note(self, held: "dict[str, Seen]", taken: str, seen: Seen) -> None:
        for earlier, how in held.items():
            if earlier != taken:
                self.edges.setdefault((earlier, taken), (how, seen))

    def merge(self, other: dict[str, Any]) -> None:
        for held, taken, *words in other["edges"]:
            self.edges.setdefault((held, taken), (Seen(words[0], words[1]), Seen(words[2], words[3])))
        self.unsorted += other["unsorted"]

    def as_plain(self) -> dict[str, Any]:
        """For another process: strings and lists alone."""
        rows = [[a, b, x.statement, x.test, y.statement, y.test] for (a, b), (x, y) in self.edges.items()]
        return {"edges": rows, "unsorted": self.unsorted}

    def faults(self) -> list[str]:
        """A paragraph for each circle, naming the statements that make it, and for chains out of order."""
        told, found = set(), list(self.unsorted)
        graph: dict[str, set[str]] = {}
        for held, taken in [*self.edges, *house_order()]:
            graph.setdefault(held, set()).add(taken)
        for held, taken in self.edges:
            way = _way(graph, taken, held)
            if way is None or frozenset(way) in told:
                continue
            told.add(frozenset(way))
            found.append(self._describe(held, way))
        return found

    def _describe(self, held: str, way: list[str]) -> str:
        lines = ["locks are taken in a circle: " + " -> ".join([held, *way])]
        for number, taken in enumerate(way):
            for holder in [held] if number == 0 else _held_against(way[number - 1]):
                if (holder, taken) in self.edges:
                    how, then = self.edges[holder, taken]
                    lines += [f"  {holder} before {taken}:", f"    {how}", f"    then {then}"]
                    break
            else:
                lines.append(f"  {way[number - 1]} before {taken}: the order of the house")
        return "\n".join(lines)


def _held_against(taken: str) -> tuple[str, ...]:
    """What somebody else may hold when one waits for ``taken``."""
    return {GUARDED: (PAGE,), PAGE: (PAGE, GUARDED)}.get(taken, (taken,))


def _way(graph: dict[str, set[str]], start: str, end: str) -> list[str] | None:
    """The shortest way from who waits for ``start`` to who waits for something that is held as ``end``."""
    ways, reached = [[start]], {start}
    for way in ways:
        if end in _held_against(way[-1]):
            return way
        following = {taken for held in _held_against(way[-1]) for taken in graph.get(held, ())}
        for taken in sorted(following - reached):
            reached.add(taken)
            ways.append([*way, taken])
    return None


@cache
def house_order() -> list[tuple[str, str]]:
    """The table of ``govplatform.locks.order`` as edges; whoever keeps to it takes a page behind its chain."""
    ranks = [list(rank.tables) or [GUARDED if rank.name == PAGE else rank.name] for rank in ORDER]
    return [
        (held, taken)
        for number, rank in enumerate(ranks)
        for later in ranks[number + 1 :]
        for held in rank
        for taken in later
    ]


@cache
def _site_tables() -> frozenset[str]:
    from django.apps import apps
    from django.conf import settings

    configs = [config for config in apps.get_app_configs() if config.name in settings.TENANT_APPS]
    models = [model for config in configs for model in config.get_models(include_auto_created=True)]
    return frozenset(model._meta.db_table for model in models)


@lru_cache(maxsize=20_000)
def locks_of(sql: str) -> tuple[str, ...]:
    """What ``sql`` locks, in its order: ``chain``, ``page`` (any table of a site), or a table of ``public``."""
    places: list[tuple[int, str]] = [(match.start(), CHAIN) for match in _CHAIN.finditer(sql)]
    for match in _WRITES.finditer(sql):
        places.append((match.start(), match.group(1) or match.group(2)))
    places += [(match.start(), match.group(1)) for match in _UPSERT.finditer(sql)]
    for match in _ROW_LOCK.finditer(sql):
        places += [(match.start(), table) for table in _locked_tables(sql[: match.start()], match.group(1))]
    named = [PAGE if table in _site_tables() else table for _at, table in sorted(places) if not _IGNORED.match(table)]
    return tuple(dict.fromkeys(named))


def _locked_tables(before: str, of: str | None) -> Iterable[str]:
    tables: dict[str, str] = {}
    for match in _FROM.finditer(before):
        table, alias = match.group(1), match.group(2)
        tables[table] = table
        if alias and alias.lower() not in _WORDS:
            tables[alias] = table
    if of is None:
        return list(dict.fromkeys(tables.values()))
    return [tables.get(name.strip(' "'), name.strip(' "')) for name in of.split(",")]


class Recorder:
    """Listens to one connection."""

    def __init__(self, connection: Any, order: LockOrder) -> None:
        self.connection, self.order = connection, order
        self.transaction: Any = None
        self.held: dict[str, Seen] = {}
        self.chains: list[str] = []
        #: Name of a savepoint -> the transaction, and what it held then.
        self.saved: dict[str, tuple[Any, dict[str, Seen], list[str]]] = {}
        self.alone = False

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if isinstance(sql, str) and sql.startswith("SAVEPOINT") and self._act() is None:
            # An act begins. In production it would hold nothing yet; here the test's transaction still does.
            self.connection.held_chains.clear()
        answer = execute(sql, params, many, context)
        if isinstance(sql, str) and "SAVEPOINT" in sql:
            self._savepoint(sql)
        if isinstance(sql, str) and (taken := locks_of(sql)):
            self._take(sql, params, taken)
        return answer

    def _savepoint(self, sql: str) -> None:
        """What was locked since a savepoint is let go with it."""
        name, act = sql.split()[-1], self._act()
        if sql.startswith("SAVEPOINT"):
            # Nothing was locked yet where the act is not the one that was looked at last.
            held, chains = (self.held, self.chains) if act == self.transaction else ({}, [])
            self.saved[name] = (act, dict(held), list(chains))
        elif sql.startswith("ROLLBACK TO SAVEPOINT") and name in self.saved:
            before, held, chains = self.saved[name]
            if before == self.transaction == act:
                self.held, self.chains = dict(held), list(chains)

    def _take(self, sql: str, params: Any, taken: tuple[str, ...]) -> None:
        transaction = self._act()
        if transaction is None:
            return
        if transaction != self.transaction:
            self.transaction, self.held, self.chains, self.alone = transaction, {}, [], False
        seen = Seen(" ".join(sql.split())[:300], os.environ.get("PYTEST_CURRENT_TEST", "?"))
        if GIVES_WAY in sql:
            # Whoever waited for what is held would have been given it back: from here on it stands in nobody's way.
            self.chains += [name.removeprefix("audit:") for name in params or () if str(name).startswith("audit:")]
            self.held = {CHAIN: seen}
            return
        for table in taken:
            lock = GUARDED if self._lies_behind_chain(table) else PAGE if table in OF_SITES else table
            if lock == CHAIN:
                self._take_chains(params, seen)
            elif self.alone:
                continue
            self.order.note({} if lock in self.held else self.held, lock, seen)
            self.held.setdefault(lock, seen)

    def _take_chains(self, params: Any, seen: Seen) -> None:
        for value in params or ():
            if not isinstance(value, str) or not value.startswith("audit:"):
                continue
            name = value.removeprefix("audit:")
            if name in self.chains:
                # Held already, or given back by a savepoint together with whatever came behind it.
                continue
            later = [chain for chain in self.chains if chain_key(chain) > chain_key(name)]
            if later:
                self.order.unsorted.append(f"the chain {name} is taken after {max(later)}:\n    {seen}")
            self.chains.append(name)
        self.alone = self.alone or (PLATFORM_CHAIN in self.chains and self._every_site() <= set(self.chains))

    def _lies_behind_chain(self, table: str) -> bool:
        # Addresses are changed from the console tenant as well, behind the chain of the site whose they are.
        return (table == PAGE and self._holds_own_chain()) or (table in OF_SITES and bool(self.chains))

    def _holds_own_chain(self) -> bool:
        # Its own list: a savepoint that is rolled back lets the connection forget what was taken before it, too.
        return self.connection.schema_name in self.chains

    def _every_site(self) -> set[str]:
        # Not through the wrapped cursor, which would be looked at as well.
        with self.connection.connection.cursor() as cursor:
            return {name for (name,) in cursor.execute("SELECT schema_name FROM public.tenancy_tenant").fetchall()}

    def _act(self) -> Any:
        """What tells this transaction from others; None outside one. A test's own transaction is none."""
        blocks = self.connection.atomic_blocks
        of_test = sum(1 for _block in takewhile(lambda block: block._from_testcase, blocks))
        if len(blocks) == of_test:
            return None
        own = self.connection.savepoint_ids[of_test - 1] if of_test else ""
        return (self.connection.transaction_number, own)


class LockOrderPlugin:
    def __init__(self) -> None:
        from govplatform.tenancy import each_site

        from .layers import transaction_of_tests

        self.order = LockOrder()
        # What a verb or a job does with a site is no transaction; around it there is one in tests alone.
        each_site.kept_apart = transaction_of_tests
        connection_created.connect(self._listen, dispatch_uid="lock-order", weak=False)

    def _listen(self, *, connection: Any, **_kwargs: Any) -> None:
        if not any(isinstance(wrapper, Recorder) for wrapper in connection.execute_wrappers):
            connection.execute_wrappers.append(Recorder(connection, self.order))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        if output := getattr(node, "workeroutput", None):
            self.order.merge(output.get("lock_order", {"edges": [], "unsorted": []}))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: Any) -> None:
        worker = getattr(session.config, "workeroutput", None)
        if worker is not None:
            worker["lock_order"] = self.order.as_plain()
        elif self.order.faults() and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any, config: Any) -> None:
        if hasattr(config, "workeroutput"):
            return
        for fault in self.order.faults():
            terminalreporter.section("lock order", red=True)
            terminalreporter.write_line(fault)
