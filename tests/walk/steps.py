"""What an act of the walk is, and how a module adds its own.

A module in ``acts/`` defines classes of ``Act`` and functions marked as ``condition``; importing it is enough.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

from . import rights
from .world import World

#: What a step was given: the names of people, sites and things, and the choices. It is what the log keeps, as JSON.
Given = dict[str, Any]
Condition = Callable[[World, Given], bool]
ACTS: dict[str, "Act"] = {}
CONDITIONS: dict[str, Condition] = {}


def condition(words: str) -> Callable[[Condition], Condition]:
    """The function tells whether the condition that ``rights.md`` words so is met."""

    def keep(function: Condition) -> Condition:
        if words in CONDITIONS:
            raise ValueError(f"“{words}” means two things")
        CONDITIONS[words] = function
        return function

    return keep


class Act:
    """One kind of step. ``name``: as in ``rights.md``, where a person does it (``by`` in what it is given).

    ``weight``: how often it is tried, relative to the others; ``records``: audit acts of which one must be there
    afterwards; ``alone``: it keeps transactions of its own and is never wrapped in one as a console request is.
    """

    name: ClassVar[str]
    weight: ClassVar[float] = 1.0
    records: ClassVar[frozenset[str]] = frozenset()
    alone: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "name" in cls.__dict__:
            ACTS[cls.name] = cls()

    def pick(self, world: World, rng: Random) -> Given | None:
        """Choose what is given to the step. None: there is nothing to do it with at present."""
        raise NotImplementedError

    def prepare(self, world: World, given: Given) -> None:
        """What happens before it is known whether the step is allowed."""

    def at(self, world: World, given: Given) -> str:
        """Code of the site whose roles count."""
        return str(given["site"])

    def inside(self, world: World, given: Given) -> str | None:
        """Code of the site in whose schema it is done; None: in ``public``."""
        return str(given["site"])

    def do(self, world: World, given: Given) -> Any:
        """Call the product. Raises what it raises."""
        raise NotImplementedError

    def why_not(self, world: World, given: Given) -> str:
        """What the table of rights has against it; empty when it is allowed."""
        if "by" not in given:
            return ""
        state = world.state(given["page"]) if "page" in given else None
        roles = world.roles(given["by"], self.at(world, given))
        return rights.why_not(self.name, roles, state, lambda words: CONDITIONS[words](world, given))


@dataclass(frozen=True)
class Done:
    """How a step ended. ``refusal``: what the product said; ``expected``: what the table had against it."""

    value: Any = None
    refusal: str = ""
    expected: str = ""


@condition("a reason is given")
def _reason_given(world: World, given: Given) -> bool:
    return bool(given["reason"].strip())
