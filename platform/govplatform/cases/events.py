"""Events of a case; what follows each of them stands in sites/wiring.py."""

from dataclasses import dataclass

from govplatform.events.event import Event

from .models import Case


@dataclass(frozen=True)
class FilesSent(Event):
    """The event that a letter came with files, which nobody has looked into yet."""

    case: Case


@dataclass(frozen=True)
class CaseMovedOn(Event):
    """The event that something happened of which the sender should know before the end.

    ``act``: what it was, one of ``CaseStep.Act``.
    """

    case: Case
    act: str


@dataclass(frozen=True)
class CaseEnded(Event):
    """The event that a case was answered, answered again, or closed without an answer."""

    case: Case
