"""Numbers of cases, however they were counted."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

_DAY = timedelta(days=1)


@dataclass
class Numbers:
    """Numbers of some cases. ``took``: from intake to answer, of all that were answered together; ``shown``: published
    as a page of its own; then grades of judgement; ``accepted_late``: accepted behind the limit of acceptance.
    """

    received: int = 0
    answered: int = 0
    published: int = 0
    shown: int = 0
    took: timedelta = field(default_factory=timedelta)
    satisfied: int = 0
    fairly: int = 0
    dissatisfied: int = 0
    accepted_late: int = 0

    def add(self, other: "Numbers") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def average_days(self) -> float | None:
        """Calendar days from intake to answer; None where nothing was answered."""
        return round(self.took / _DAY / self.answered, 1) if self.answered else None

    @property
    def corrected(self) -> int:
        """Reports whose answer is public without a page of its own: a correction answered them."""
        return self.published - self.shown

    @property
    def judged(self) -> int:
        return self.satisfied + self.fairly + self.dissatisfied

    @property
    def satisfaction(self) -> int | None:
        """Of a hundred senders who judged, how many were satisfied or fairly satisfied; None where nobody did."""
        return round(100 * (self.satisfied + self.fairly) / self.judged) if self.judged else None


@dataclass(frozen=True)
class Counted:
    """The numbers of one kind, one organisation ('' while it is with nobody) and one month (its first day)."""

    kind: str
    organisation: str
    month: date
    numbers: Numbers


def by(counted: Iterable[Counted], name: str) -> dict[Any, Numbers]:
    """Return the numbers by ``kind``, ``organisation`` or ``month``, in the order in which these come."""
    found: dict[Any, Numbers] = {}
    for one in counted:
        found.setdefault(getattr(one, name), Numbers()).add(one.numbers)
    return found


def total_of(counted: Iterable[Counted]) -> Numbers:
    total = Numbers()
    for one in counted:
        total.add(one.numbers)
    return total
