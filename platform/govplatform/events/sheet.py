"""The sheet of consequences as an object, and ``follow``, by which an act carries out what stands on it."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from .event import Event

Result = TypeVar("Result")


class Failure(StrEnum):
    """What happens when a line fails."""

    #: The act is undone with everything that has followed so far, and whoever did it sees the error.
    ABORTS = "aborts"
    #: The act stands; the line is tried again after a pause that grows, and waits for an operator in the end.
    RETRIED = "retried"
    #: The act stands; the line waits for an operator at once, because trying again by itself would not help.
    RECORDED = "recorded"


ABORTS, RETRIED, RECORDED = Failure.ABORTS, Failure.RETRIED, Failure.RECORDED


@dataclass(frozen=True, kw_only=True)
class Line:
    """One consequence: a plain call that takes those facts of the event which it names as parameters.

    ``words``: what operators read when it is not done yet or failed; '' for one that aborts the act. ``together``:
    makes the calls of several rows of one schema at once, given their arguments; None where each is made by itself.
    """

    call: Callable[..., Any]
    on_failure: Failure
    words: str | Promise = ""
    together: Callable[[list[dict[str, Any]]], Any] | None = None

    @property
    def name(self) -> str:
        """Name of the call, by which rows of unfinished work find it again."""
        return str(getattr(self.call, "__name__", self.call))

    def carry_out(self, event: Event) -> Any:
        """Do it, or see to it that it is done; returns what the call gave back when it was done here."""
        raise NotImplementedError

    def faults(self, event: type[Event]) -> list[str]:
        """What is wrong with the line under ``event``, for the check at the start; empty when nothing is."""
        return faults_of_call(self.call, event)


@dataclass(frozen=True)
class Followed:
    """What followed an event: each call that was carried out at once, with what it gave back."""

    results: Mapping[Callable[..., Any], Any]

    def result_of(self, call: Callable[..., Result]) -> Result:
        """What ``call`` gave back. Raises LookupError when it does not stand under that event."""
        if call not in self.results:
            raise LookupError(f"{call.__name__} is not among the consequences of this event")
        return cast(Result, self.results[call])


class Sheet:
    """Event -> its lines, in the order in which they are carried out."""

    def __init__(self, lists: Mapping[type[Event], Sequence[Line]]) -> None:
        self.lists = {event: tuple(lines) for event, lines in lists.items()}
        self._named = {line.name: line for lines in self.lists.values() for line in lines}

    def lines_of(self, event: type[Event]) -> tuple[Line, ...]:
        """Raises LookupError for an event without a list: an act must not lose its consequences silently."""
        if event not in self.lists:
            raise LookupError(f"{event.__name__} has no list on the sheet of consequences")
        return self.lists[event]

    def line_named(self, name: str) -> Line:
        """The line that a row of unfinished work names. Raises LookupError when it stands here no more."""
        if name not in self._named:
            raise LookupError(f"{name} does not stand on the sheet of consequences any more")
        return self._named[name]

    def has_line(self, name: str) -> bool:
        """Does a line of that name stand here?"""
        return name in self._named

    def lines_together(self) -> list[str]:
        """Names of the lines that can make the calls of many rows at once."""
        return [name for name, line in self._named.items() if line.together is not None]

    def faults(self, events: Iterable[type[Event]]) -> list[str]:
        """What is wrong with the sheet: an event without a list, a call that cannot be made with its facts."""
        found = [f"{event.__module__}.{event.__name__} has no list" for event in events if event not in self.lists]
        for event, lines in self.lists.items():
            found += [f"{event.__name__}: {fault}" for line in lines for fault in line.faults(event)]
            calls = [line.call for line in lines]
            found += [
                f"{event.__name__}: {call.__name__} stands there twice"
                for call in dict.fromkeys(calls)
                if calls.count(call) > 1
            ]
        calls_by_name: dict[str, set[Callable[..., Any]]] = {}
        for lines in self.lists.values():
            for line in lines:
                calls_by_name.setdefault(line.name, set()).add(line.call)
        return found + [f"{name} is the name of two calls" for name, calls in calls_by_name.items() if len(calls) > 1]


def faults_of_call(call: Callable[..., Any], event: type[Event]) -> list[str]:
    """Why ``call`` cannot be made with the facts of ``event``."""
    if not callable(call):
        return [f"{call!r} cannot be called"]
    known, found = event.fact_names(), []
    for parameter in inspect.signature(call).parameters.values():
        by_name = parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        if not by_name or (parameter.name not in known and parameter.default is parameter.empty):
            found.append(f"{call.__name__} asks for {parameter}, the event has {', '.join(known) or 'no facts'}")
    return found


def facts_for(call: Callable[..., Any], event: Event) -> dict[str, Any]:
    """Those facts of ``event`` that ``call`` names."""
    names = set(event.fact_names())
    return {name: getattr(event, name) for name in _parameters(call) if name in names}


@lru_cache(maxsize=512)
def _parameters(call: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(call).parameters)


@lru_cache(maxsize=1)
def the_sheet() -> Sheet:
    """The sheet that ``settings.CONSEQUENCES`` names: this layer knows it by its name alone."""
    return cast(Sheet, import_string(settings.CONSEQUENCES))


def follow(event: Event) -> Followed:
    """Carry out what stands on the sheet under ``event``, in its order. Call it in the transaction of the act.

    Whatever a line that ABORTS raises comes through and undoes the act.
    """
    lines = the_sheet().lines_of(type(event))
    return Followed({line.call: line.carry_out(event) for line in lines})
