"""The three kinds of lines on the sheet: in the act's transaction, right after its commit, or as a job.

``in_transaction`` may ABORT the act or be RECORDED; ``on_commit`` and ``job`` are RETRIED or RECORDED. Whatever is not
done when the act commits is a row by then. Such a call gets what ``given`` makes of the facts: values that JSON
holds, or None when there is nothing to do. It looks at what is there when it runs, which may be later than it thinks,
and it may run again.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise

from govplatform.events.event import Event
from govplatform.events.sheet import ABORTS, RECORDED, RETRIED, Failure, Line, facts_for, faults_of_call

from .models import Consequence
from .rows import note_failed, write_row
from .running import run_row

Given = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class InTransaction(Line):
    """Done before the act commits. With RECORDED a failure undoes this call alone and leaves a failed row."""

    def carry_out(self, event: Event) -> Any:
        facts = facts_for(self.call, event)
        if self.on_failure == ABORTS:
            return self.call(**facts)
        try:
            with transaction.atomic():
                return self.call(**facts)
        except Exception as error:
            note_failed(event, self.name, error)
            return None


@dataclass(frozen=True, kw_only=True)
class Later(Line):
    """Kept as a row in the act's transaction, when ``given`` says that there is something to do."""

    given: Given

    def faults(self, event: type[Event]) -> list[str]:
        return faults_of_call(self.given, event)

    def arguments(self, event: Event) -> dict[str, Any] | None:
        """What the call will be given. Raises TypeError when that does not fit its parameters."""
        arguments = self.given(**facts_for(self.given, event))
        if arguments is not None:
            inspect.signature(self.call).bind(**arguments)
        return arguments


@dataclass(frozen=True, kw_only=True)
class OnCommit(Later):
    """Done by the process of the act as soon as it has committed; by the queue when that fails or is killed."""

    def carry_out(self, event: Event) -> None:
        arguments = self.arguments(event)
        if arguments is not None:
            row = write_row(event, self.name, arguments, Consequence.Kind.ON_COMMIT, self.on_failure)
            transaction.on_commit(lambda: run_row(row.pk), robust=True)


@dataclass(frozen=True, kw_only=True)
class Job(Later):
    """Done by a worker of the queue."""

    def carry_out(self, event: Event) -> None:
        arguments = self.arguments(event)
        if arguments is not None:
            write_row(event, self.name, arguments, Consequence.Kind.JOB, self.on_failure)


def in_transaction(call: Callable[..., Any], on_failure: Failure, *, words: str | Promise = "") -> InTransaction:
    """A line that is done before the act commits: ABORTS, or RECORDED with ``words`` for the operator."""
    return InTransaction(call=call, on_failure=_allowed(on_failure, ABORTS, RECORDED), words=words)


def on_commit(call: Callable[..., Any], on_failure: Failure, *, given: Given, words: str | Promise) -> OnCommit:
    """A line that is done right after the commit by whoever acted: RETRIED or RECORDED. Short work only."""
    return OnCommit(call=call, on_failure=_allowed(on_failure, RETRIED, RECORDED), given=given, words=words)


def job(call: Callable[..., Any], on_failure: Failure, *, given: Given, words: str | Promise) -> Job:
    """A line that a worker does: RETRIED or RECORDED."""
    return Job(call=call, on_failure=_allowed(on_failure, RETRIED, RECORDED), given=given, words=words)


def _allowed(chosen: Failure, *allowed: Failure) -> Failure:
    if chosen not in allowed:
        raise ValueError(f"{chosen} is no rule for this kind of line; possible: {', '.join(allowed)}")
    return chosen
