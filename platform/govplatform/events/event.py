"""The base of events: what happened, with the facts that its consequences need."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True)
class Event:
    """Something that happened and has consequences in other parts of the platform.

    A subclass is a frozen dataclass: its docstring says when it happens, its fields are the facts. The first fact is
    what it happened to, its ``subject``. ``urgent``: what follows takes something from the public's eyes, and goes
    before everything else that waits.
    """

    urgent: ClassVar[bool] = False

    @classmethod
    def fact_names(cls) -> tuple[str, ...]:
        """Names of the facts, the subject first."""
        return tuple(field.name for field in fields(cls))

    @property
    def subject(self) -> Any:
        """What it happened to; None for an event without facts."""
        names = self.fact_names()
        return getattr(self, names[0]) if names else None


def known_events() -> list[type[Event]]:
    """Every kind of event that is declared in a module that has been imported."""
    found: list[type[Event]] = []
    waiting: list[type[Event]] = [Event]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += below
        waiting += below
    return found
