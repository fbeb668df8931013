"""Walks: picks a step, asks the table of rights, does it, compares, and looks at the invariants now and then."""

import json
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, TextIO

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import InterfaceError, OperationalError, connection, transaction

from govplatform.locks.holding import hold_chain

from . import known_open, product
from .acts import machines
from .invariants import INVARIANTS, Against, When
from .steps import ACTS, Act, Given
from .world import SITES, World

ROOT = Path(__file__).resolve().parents[2]
#: How the product says no.
REFUSALS = (product.Refused, PermissionDenied, ValidationError)
#: What is given names something that is not there (any more).
_GONE = (KeyError, ObjectDoesNotExist, IndexError)
#: Acts that are tried for one step until there is something to do it with.
_ATTEMPTS = 6
#: The lock that a process holds while it acts, so that time passes between acts.
_ACTING = "SELECT pg_advisory_lock{}(hashtext('walk'), 1)"
_UNLOCK = "SELECT pg_advisory_unlock{}(hashtext('walk'), 1)"


@dataclass(frozen=True)
class Fault:
    """Something is wrong. ``name``: of the invariant, or ``rights``, ``exception`` ...; ``step``: when it was seen."""

    name: str
    text: str
    step: int
    about: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"step {self.step}: {self.name}: {self.text}"


class Walk:
    """``shared``: other processes act on the same database, so that what was expected may be overtaken.

    ``every``: after how many steps the invariants are looked at; ``leave_out``: whether acts that lead into faults
    known to be open are left out; ``log``: where each step is written, one JSON object a line.
    """

    #: What is asked where every step counts.
    EACH_LOOK = (When.ROWS, When.ASKED)

    def __init__(
        self, *, shared: bool = False, every: int = 20, leave_out: bool = True, log: TextIO | None = None
    ) -> None:
        self.world = World()
        self.shared, self.every, self.leave_out, self.log = shared, every, leave_out, log
        self.done: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.counts: Counter[str] = Counter()
        self._looks = 0

    # --- going ------------------------------------------------------------------------------

    def run(self, rng: Random, steps: int, *, stop: Callable[[], bool] = lambda: False) -> list[Fault]:
        """Go ``steps`` steps and look at the end. Returns the faults; stops at the first ones."""
        acts = sorted(ACTS.values(), key=lambda act: act.name)
        weights = [act.weight for act in acts]
        first = self.world.step + 1
        with self.world.clock.ticking():
            for number in range(first, first + steps):
                for _attempt in range(_ATTEMPTS):
                    step = self._pick(number, rng.choices(acts, weights)[0], rng)
                    if step is not None:
                        self.take(step)
                        break
                if number % self.every == 0 and not self.faults:
                    self.look()
                if self.faults or stop():
                    return self.faults
            self.look(*(() if self.shared else self.EACH_LOOK))
        return self.faults

    def _pick(self, number: int, act: Act, rng: Random) -> dict[str, Any] | None:
        self.world.step = number
        with self.world.inside(None):
            given = act.pick(self.world, rng)
        # Half of the acts as a console does them: the whole request is one transaction.
        wrapped = not act.alone and rng.random() < 0.5
        return None if given is None else {"n": number, "act": act.name, **given, "wrapped": wrapped}

    def replay(self, steps: list[dict[str, Any]], *, look_from: int = 0, stop_at: int | None = None) -> list[Fault]:
        """Take the steps of a log again; those whose things are not there are passed over.

        From step ``look_from`` on the invariants are looked at after each one.
        """
        with self.world.clock.ticking():
            for step in steps:
                if stop_at is not None and step["n"] > stop_at:
                    break
                self.take(step)
                if look_from and step["n"] >= look_from:
                    self.look(*self.EACH_LOOK)
                if self.faults:
                    return self.faults
            self.look(*self.EACH_LOOK)
        return self.faults

    def take(self, step: dict[str, Any]) -> None:
        """One step: what does the table say, what does the product do?"""
        given = {key: value for key, value in step.items() if key not in ("n", "act", "wrapped")}
        act, world = ACTS[step["act"]], self.world
        world.step = step["n"]
        with self._acting(alone=isinstance(act, machines.TimePasses)):
            try:
                if self.leave_out and (why := known_open.leads_into(world, step["act"], given, shared=self.shared)):
                    self.counts[f"left out for {why}"] += 1
                    return
                with world.inside(None):
                    world.clock.move(timedelta(minutes=1)) if not self.shared else world.clock.read()
                with world.inside(act.inside(world, given)):
                    act.prepare(world, given)
                with world.inside(None):
                    expected = "" if self.shared else act.why_not(world, given)
            except _GONE:
                return
            except REFUSALS:
                return
            except Exception as problem:
                self._trouble(step, problem)
                return
            if self.log is not None:
                print(json.dumps(step, ensure_ascii=False), file=self.log, flush=True)
            self.done.append(step)
            self._do(act, step, given, expected)

    def _do(self, act: Act, step: dict[str, Any], given: Given, expected: str) -> None:
        world = self.world
        before, last = self._fingerprint(step, act), self._last_entry()
        refusal = None
        try:
            with world.inside(act.inside(world, given)):
                if step["wrapped"]:
                    with transaction.atomic():
                        if connection.schema_name != "public":
                            # As the console begins a request that writes.
                            hold_chain()
                        act.do(world, given)
                else:
                    act.do(world, given)
        except REFUSALS as no:
            refusal = str(no) or type(no).__name__
        except _GONE as gone:
            if isinstance(act, machines.RunJob) and not isinstance(gone, machines.NotWaiting):
                self._trouble(step, gone)
            return
        except Exception as problem:
            self._trouble(step, problem)
            return
        self.counts[f"{act.name}: {'done' if refusal is None else 'refused'}"] += 1
        if "by" not in given:
            if refusal is not None:
                self._note("exception", f"{act.name} was refused: {refusal}", step)
            return
        if refusal is not None and before is not None and self._fingerprint(step, act) != before:
            self._note("refused and yet changed", f"{step} {refusal}", step)
        if self.shared:
            return
        if refusal is None and expected:
            self._note("rights", f"{_told(step)} was done, although: {expected}", step, {"allowed": True})
        elif refusal is not None and not expected:
            self._note("rights", f"{_told(step)} was refused: {refusal}", step, {"allowed": False})
        elif refusal is None and act.records and not self._entries(last, given["by"]) & act.records:
            self._note("record", f"{_told(step)} left none of {sorted(act.records)}", step)

    @contextmanager
    def _acting(self, *, alone: bool) -> Iterator[None]:
        if not self.shared:
            yield
            return
        kind = "" if alone else "_shared"
        self.world.sql(_ACTING.format(kind))
        try:
            yield
        finally:
            try:
                self.world.sql(_UNLOCK.format(kind))
            except (OperationalError, InterfaceError):
                connection.close()

    # --- looking ----------------------------------------------------------------------------

    def look(self, *whens: When, only: tuple[str, ...] = ()) -> list[Fault]:
        """Ask the invariants, those kinds or as it is their turn; ``only``: by name. Returns what they say."""
        self._looks += 1
        if not whens:
            whens = (When.ROWS,)
            if self._looks % 3 == 0 and not self.shared:
                whens = (*whens, When.ASKED)
            if self._looks % 12 == 0 and not self.shared:
                whens = (*whens, When.SLOW)
        found: list[Fault] = []
        for when in whens:
            found += list(self._against(when, only))
        self.faults += found
        return found

    def _against(self, when: When, only: tuple[str, ...]) -> Iterator[Fault]:
        with self.world.inside(None), _one_snapshot(when is When.ROWS):
            for invariant in INVARIANTS[when]:
                if only and invariant.__name__ not in only:
                    continue
                for against in self._asked(invariant):
                    fault = Fault(invariant.__name__, against.text, self.world.step, against.about)
                    if not (self.leave_out and known_open.excuses(self.world, fault)):
                        yield fault

    def _asked(self, invariant: Callable[[World], Iterator[Against]]) -> list[Against]:
        try:
            return list(invariant(self.world))
        except Exception as problem:
            where = _where(problem)
            if connection.in_atomic_block:
                connection.set_rollback(True)
            return [Against(f"could not be asked: {type(problem).__name__}: {problem} {where}")]

    def finish(self) -> list[Fault]:
        """Let everything come to its end, and look whether it did."""
        world = self.world
        with world.clock.ticking(), world.inside(None):
            machines.open_all(world)
            world.sql("UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing'")
            for _round in range(6):
                self._run_all()
                world.clock.move(timedelta(hours=3))
                product.take_up_again(world.clock.now())
                for site in SITES:
                    with world.inside(site):
                        product.publish_due_pages()
                        product.queue_waiting_scans()
            self._run_all()
            self.look(*When)
        return self.faults

    def _run_all(self) -> None:
        """The queue in its order until it is empty; a job that fails is tried again as often as the worker would."""
        while waiting := machines.waiting_jobs(self.world):
            number, task, _schema = waiting[0]
            try:
                machines.run_job(self.world, number)
            except Exception as problem:
                self._trouble({"n": self.world.step, "act": "(run a job)", "task": task}, problem)

    # --- inside -------------------------------------------------------------------------------

    def _trouble(self, step: dict[str, Any], problem: Exception) -> None:
        name = "deadlock" if "deadlock" in str(problem).lower() else "exception"
        self._note(name, f"{_told(step)}: {type(problem).__name__}: {problem} {_where(problem)}", step)
        if connection.connection is not None and connection.connection.closed:
            connection.close()

    def _note(self, name: str, text: str, step: dict[str, Any], about: dict[str, Any] | None = None) -> None:
        fault = Fault(name, text, step["n"], {**step, **(about or {})})
        if self.leave_out and known_open.excuses(self.world, fault):
            self.counts[f"excused: {name}"] += 1
            return
        self.faults.append(fault)

    def _last_entry(self) -> int:
        return int(self.world.sql("SELECT coalesce(max(id), 0) FROM public.audit_entry")[0][0])

    def _entries(self, after: int, username: str) -> set[str]:
        rows = self.world.sql(
            "SELECT e.act FROM public.audit_entry e JOIN public.accounts_user u ON u.id = e.actor_id"
            " WHERE e.id > %s AND u.username = %s",
            [after, username],
        )
        return {act for (act,) in rows}

    def _fingerprint(self, step: dict[str, Any], act: Act) -> Any:
        """What must be the same after a refusal; None where it is not compared."""
        # The scan that the verb runs first stays, and on a shared database others change things.
        if self.shared or act.alone or step["n"] % 4:
            return None
        parts = [
            f"SELECT md5(string_agg(x::text, '|' ORDER BY x::text)) FROM ( SELECT md5(r::text) AS x FROM {table} r) y"
            for table in _kept(self.world)
        ]
        return self.world.sql("SELECT " + ", ".join(f"({part})" for part in parts))


def _kept(world: World) -> Iterator[str]:
    for site in SITES:
        for table in (
            "wagtailcore_page",
            "wagtailcore_revision",
            "wagtailcore_workflowstate",
            "review_clearance",
            "review_decision",
            "review_submission",
            "review_withdrawal",
            "review_claim",
            "confidentiality_disposition",
        ):
            yield f"{world.schema(site)}.{table}"
    for table in (
        "content_library_resource",
        "content_library_repost",
        "accounts_membership",
        "pushes_pushtarget",
        "pushes_recall",
        "vocabularies_term",
    ):
        yield f"public.{table}"


@contextmanager
def _one_snapshot(wanted: bool) -> Iterator[None]:
    """All statements inside see the database at one moment; on a connection that is in a transaction, as it is."""
    if not wanted or connection.in_atomic_block:
        yield
        return
    connection.close()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _told(step: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in step.items() if key not in ("n", "wrapped"))


def _where(problem: Exception) -> str:
    """The last places of our own code, innermost last."""
    frames = [
        f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno}"
        for frame in traceback.extract_tb(problem.__traceback__)
        if frame.filename.startswith(str(ROOT)) and ".venv" not in frame.filename and "tests/walk" not in frame.filename
    ]
    return "@ " + " < ".join(frames[-3:])
