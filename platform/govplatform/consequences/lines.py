"""The three kinds of lines on the sheet of consequences: in the act's transaction, after its commit, or as a job.

``in_transaction`` may ABORT the act or be RECORDED; ``on_commit`` and ``job`` are RETRIED or RECORDED. Whatever is not
done when the act commits is kept as a row. Such a call is made with what ``given`` returns for the facts of the event:
values that JSON holds, or None when there is nothing to do. The call may run later than meant and more than once, so it
looks at the state of things when it runs.
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
    """A line whose call is made before the act commits.

    With RECORDED a failure undoes this call alone and leaves a failed row.
    """

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
    """A line whose call is kept as a row in the act's transaction, unless ``given`` returns None."""

    given: Given

    def faults(self, event: type[Event]) -> list[str]:
        """Sentences on why ``given`` cannot be called with the facts of ``event``."""
        return faults_of_call(self.given, event)

    def arguments(self, event: Event) -> dict[str, Any] | None:
        """The arguments of the call, None for no call. Raises TypeError when they do not fit its parameters."""
        arguments = self.given(**facts_for(self.given, event))
        if arguments is not None:
            inspect.signature(self.call).bind(**arguments)
        return arguments


@dataclass(frozen=True, kw_only=True)
class OnCommit(Later):
    """A line whose call is made by the acting process after the commit; the queue takes it up when that fails."""

    def carry_out(self, event: Event) -> None:
        arguments = self.arguments(event)
        if arguments is not None:
            row = write_row(event, self.name, arguments, Consequence.Kind.ON_COMMIT, self.on_failure)
            transaction.on_commit(lambda: run_row(row.pk), robust=True)


@dataclass(frozen=True, kw_only=True)
class Job(Later):
    """A line whose call is made by a worker of the queue."""

    def carry_out(self, event: Event) -> None:
        arguments = self.arguments(event)
        if arguments is not None:
            write_row(event, self.name, arguments, Consequence.Kind.JOB, self.on_failure)


def in_transaction(call: Callable[..., Any], on_failure: Failure, *, words: str | Promise = "") -> InTransaction:
    """Make a line that is done before the act commits. ``on_failure``: ABORTS or RECORDED.

    ``words``: what it does, for the operator who finds it failed. Raises ValueError for another rule.
    """
    return InTransaction(call=call, on_failure=_allowed(on_failure, ABORTS, RECORDED), words=words)


def on_commit(call: Callable[..., Any], on_failure: Failure, *, given: Given, words: str | Promise) -> OnCommit:
    """Make a line that the acting process does right after the commit; for short work only.

    ``on_failure``: RETRIED or RECORDED. ``given``: makes the arguments; ``words``: what it does, for operators. Raises
    ValueError for another rule.
    """
    return OnCommit(call=call, on_failure=_allowed(on_failure, RETRIED, RECORDED), given=given, words=words)


def job(
    call: Callable[..., Any],
    on_failure: Failure,
    *,
    given: Given,
    words: str | Promise,
    together: Callable[[list[dict[str, Any]]], Any] | None = None,
) -> Job:
    """Make a line that a worker does; parameters as in ``on_commit``.

    ``together``: does for the arguments of several rows what ``call`` does for those of one, in less time.
    """
    allowed = _allowed(on_failure, RETRIED, RECORDED)
    return Job(call=call, on_failure=allowed, given=given, words=words, together=together)


def _allowed(chosen: Failure, *allowed: Failure) -> Failure:
    if chosen not in allowed:
        raise ValueError(f"{chosen} is no rule for this kind of line; possible: {', '.join(allowed)}")
    return chosen
