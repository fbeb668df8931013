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


def _copy_standing(script: "Script") -> None:
    source = script.live("sheng")
    script.trust("xiana")
    copy = script.repost("xiana", source, "copy", hand_in=False)
    script.edit("xiana", copy)
    script.push("sheng", source, "xiana")
    script.jobs("deliver_batch", "follow_up_batch")


def _rejected_standing(script: "Script") -> None:
    source = script.live("sheng")
    script.push("sheng", source, "xianb")
    script.jobs("deliver_batch", "follow_up_batch")
    page = f"{source}@xianb"
    script.send_back("xianb", page)
    script.step("submit", by="xianb_e1", site="xianb", page=page)
    script.trust("xianb")
    script.push("sheng", source, "xianb")
    script.jobs("deliver_batch", "follow_up_batch")


def _not_for_repost(script: "Script") -> None:
    source = script.live("sheng")
    mirror = script.repost("xianb", source, "mirror")
    script.edit("sheng", source, repostable=False)
    script.approve("sheng", source)
    script.approve("xianb", mirror)


def _api_copy(script: "Script") -> None:
    source = script.live("sheng")
    copy = script.repost("xianb", source, "copy")
    script.approve("xianb", copy)
    script.recall("sheng", source)


def _copy_of_copy(script: "Script") -> None:
    source = script.live("sheng")
    copy = script.repost("xianb", source, "copy")
    script.approve("xianb", copy)
    again = script.step("copy", by="xianb_e1", site="xianb", page=copy, column="notices", history=False)
    script.step("submit", by="xianb_e1", site="xianb", page=again)
    script.approve("xianb", again)


def _copy_of_copy_recalled(script: "Script") -> None:
    _copy_of_copy(script)
    script.recall("sheng", "s1")
    script.faults("pages_show_what_was_cleared", "each_resource_is_there_or_gone")
    script.jobs("take_down_batch")


def _repost_twice(script: "Script") -> None:
    source = script.live("sheng")
    first = script.repost("xianb", source, "pinned")
    script.approve("xianb", first)
    script.step("withdraw", by="xianb_c1", site="xianb", page=first)
    script.repost("xianb", source, "mirror", column="notices")
    script.step("submit", by="xianb_e1", site="xianb", page=first)


def _recalled_copy(script: "Script") -> None:
    source = script.live("sheng")
    copy = script.repost("xianb", source, "copy")
    script.send_back("xianb", copy)
    script.recall("sheng", source)
    script.jobs("take_down_batch")
    script.step("submit", by="xianb_e1", site="xianb", page=copy)


def _pattern(script: "Script") -> None:
    script.step("set the number pattern", by="nobody", site="xiana", pattern="{identity_code}-{year}-{serial:05d}")


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
    "copy_standing": Mended(
        "A copy that its editor rewrote goes out unread, under the site's standing clearance, when its origin is pushed.",
        _copy_standing,
        shown_by="standing_clearances_publish_what_was_pushed",
    ),
    "rejected_standing": Mended(
        "What a reviewer sent back goes out under a standing clearance when it is handed in again and pushed once more.",
        _rejected_standing,
        shown_by="standing_clearances_publish_what_was_pushed",
    ),
    "not_for_repost": Mended(
        "A mirror that is cleared after its source forbade reposting shows the version that must not be reposted.",
        _not_for_repost,
        shown_by="pages_show_what_was_cleared",
    ),
    "api_copy": Mended(
        "From the recall of a resource until its jobs have run, the library still gives out the copies made of it.",
        _api_copy,
        shown_by="each_resource_is_there_or_gone",
    ),
    "copy_of_copy": Mended(
        "A page that is copied from a copy names no origin, so no recall reaches it.",
        _copy_of_copy,
        shown_by="a_copy_names_its_origin",
    ),
    "copy_of_copy_recalled": Mended(
        "A page that is copied from a copy stays public when the origin is recalled.",
        _copy_of_copy_recalled,
        shown_by="pages_show_what_was_cleared",
    ),
    "repost_twice": Mended(
        "A repost that was taken down is handed in again although the site shows its source on another page by now.",
        _repost_twice,
    ),
    "recalled_copy": Mended(
        "A copy whose origin was taken back can be handed in; only the last reviewer of all is told that it is in vain.",
        _recalled_copy,
    ),
    "pattern": Mended(
        "Anybody can set the pattern of a site's index numbers.",
        _pattern,
    ),
}
