"""What was found wrong once and is mended: each sequence is played again, and nothing may show.

An entry comes from ``known_open.py`` on the day it is mended.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .scripts import Script


@dataclass(frozen=True)
class Mended:
    """``play``: the sequence; ``shown_by``: the invariant that it broke, if no step of it was wrong itself;
    ``with_others``: it needs several connections."""

    sentence: str
    play: "Callable[[Script], None]"
    shown_by: str = ""
    with_others: bool = False


def _expire_past(script: "Script") -> None:
    page = script.write("sheng", closes=60)
    script.step("(time passes)", minutes=240)
    script.approve("sheng", page)


def _expire_schedule(script: "Script") -> None:
    page = script.live("sheng", closes=300)
    script.edit("sheng", page, times=True, opens=600)
    script.approve("sheng", page)
    script.step("(time passes)", minutes=360)
    script.step("(publish what is due)", site="sheng")


def _duty(script: "Script") -> None:
    source = script.live("sheng")
    script.push("sheng", source, "xianb")
    script.jobs("deliver_batch")
    page = f"{source}@xianb"
    script.step("take back", by="xianb_e1", site="xianb", page=page)
    script.step("delete", by="xianb_e1", site="xianb", page=page)


def _column_move(script: "Script") -> None:
    script.live("sheng")
    script.step("move a column", by="sheng_a1", site="sheng", slug="news", to="notices")


def _index_jobs(script: "Script") -> None:
    page = script.write("sheng", hand_in=False)
    script.step("delete", by="sheng_e1", site="sheng", page=page)
    script.jobs()


def _revoke_decide(script: "Script") -> None:
    from .at_once import decide_while_the_role_goes

    page = script.write("sheng")
    script.approve("sheng", page, steps=1)
    script.step("(scan)", site="sheng", page=page, at_once=True)
    with script.world.clock.ticking():
        outcomes = decide_while_the_role_goes(script.world, page, "sheng_k2")
    assert outcomes[0] == "done", outcomes


MENDED = {
    "expire_past": Mended(
        "A page is approved and goes out although its time is over already.",
        _expire_past,
    ),
    "expire_schedule": Mended(
        "A correction that was cleared for later is lost without a word when the live version expires before that.",
        _expire_schedule,
        shown_by="an_approval_is_not_forgotten",
    ),
    "duty": Mended(
        "A pushed draft that was taken back and deleted leaves a duty that is neither done nor late.",
        _duty,
        shown_by="a_push_that_arrived_has_its_page",
    ),
    "column_move": Mended(
        "A column with live pages can be moved, and every address below it ends in a 404.",
        _column_move,
    ),
    "index_jobs": Mended(
        "The jobs that index a page fail when the draft was deleted before they ran.",
        _index_jobs,
    ),
    "revoke_decide": Mended(
        "Who decides while their role is being taken away is on record as deciding after it was gone.",
        _revoke_decide,
        shown_by="decided_by_who_held_the_role",
        with_others=True,
    ),
}
