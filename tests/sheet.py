"""The sheet of consequences with one line more or less, for the length of a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from govplatform.consequences.lines import in_transaction
from govplatform.events.event import Event
from govplatform.events.sheet import ABORTS, Line, the_sheet


@contextmanager
def lines(event: type[Event], *instead: Line) -> Iterator[None]:
    """Under ``event`` stand these lines and no others."""
    sheet = the_sheet()
    before, named = sheet.lists.get(event), dict(sheet._named)
    sheet.lists[event] = instead
    sheet._named |= {line.name: line for line in instead}
    try:
        yield
    finally:
        sheet._named = named
        if before is None:
            del sheet.lists[event]
        else:
            sheet.lists[event] = before


@contextmanager
def also(event: type[Event], call: Callable[..., Any]) -> Iterator[None]:
    """After everything else under ``event``, ``call`` in the same transaction."""
    with lines(event, *the_sheet().lines_of(event), in_transaction(call, ABORTS)):
        yield


@contextmanager
def without(event: type[Event], call: Callable[..., Any]) -> Iterator[None]:
    """Everything under ``event`` but ``call``, which must stand there."""
    present = the_sheet().lines_of(event)
    rest = [line for line in present if line.call is not call]
    assert len(rest) < len(present)
    with lines(event, *rest):
        yield
