"""What must hold whatever people and machines do; every module in this folder adds its own.

An invariant is a function whose docstring is the sentence that holds. It yields what it finds against it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ..world import World


class When(Enum):
    """ROWS: read in one snapshot, also while others work. ASKED: by asking as citizens do, while nobody works.
    SLOW: now and then. END: when every job has run and every site is open."""

    ROWS = "rows"
    ASKED = "asked"
    SLOW = "slow"
    END = "end"


@dataclass(frozen=True)
class Against:
    """Something that speaks against an invariant. ``about``: site, page id, resource id ... as far as known."""

    text: str
    about: dict[str, Any] = field(default_factory=dict)


Invariant = Callable[[World], Iterator[Against]]
INVARIANTS: dict[When, list[Invariant]] = {when: [] for when in When}


def invariant(when: When) -> Callable[[Invariant], Invariant]:
    """The function is asked at every look of that kind."""

    def keep(function: Invariant) -> Invariant:
        if not function.__doc__:
            raise ValueError(f"{function.__name__} does not say what holds")
        INVARIANTS[when].append(function)
        return function

    return keep


for _module in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")
