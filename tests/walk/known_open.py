"""What is owed: faults of the product that are known and not mended yet, in one list.

A walk leaves out the acts that lead into them and passes over what they look like. The tests play the sequence of each
entry; one that shows no fault any more fails with “mended: remove the entry”, and from then on the walk goes there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .steps import Given
from .world import World

if TYPE_CHECKING:
    from .scripts import Script
    from .walking import Fault


@dataclass(frozen=True)
class Open:
    """``play``: the shortest sequence that leads there; ``shown_by``: the invariant that it breaks, if it is none of
    the steps itself that is wrong; ``is_it``: what it looks like; ``leads_into``: the steps that are left out (none: its
    looks are passed over)."""

    name: str
    sentence: str
    play: "Callable[[Script], None]"
    is_it: "Callable[[World, Fault], bool]"
    leads_into: Callable[[World, str, Given], bool] | None = None
    shown_by: str = ""


KNOWN_OPEN: tuple[Open, ...] = ()


def leads_into(world: World, act: str, given: Given, *, shared: bool) -> str:
    """Name of the fault that a step would lead into; empty when it may be taken. Raises KeyError for what is gone."""
    if shared and act == "take a role away":
        return "revoke_decide"
    return next((one.name for one in KNOWN_OPEN if one.leads_into and one.leads_into(world, act, given)), "")


def excuses(world: World, fault: "Fault") -> str:
    """Name of the known fault that this is; empty for a new one."""
    return next((one.name for one in KNOWN_OPEN if one.is_it(world, fault)), "")
