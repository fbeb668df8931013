"""What is owed: faults of the product that are known and not mended yet, in one list.

A walk leaves out the acts that lead into them and passes over what they look like. The tests play the sequence of each
entry; one that shows no fault any more fails with “mended: remove the entry”, and from then on the walk goes there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .steps import CONDITIONS, Given
from .world import World

if TYPE_CHECKING:
    from .scripts import Script
    from .walking import Fault

_HANDING_IN = ("submit", "submit as an emergency")


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


# --- copies and standing clearances -------------------------------------------------------


def _play_copy_standing(script: "Script") -> None:
    source = script.live("sheng")
    script.trust("xiana")
    copy = script.repost("xiana", source, "copy", hand_in=False)
    script.edit("xiana", copy)
    script.push("sheng", source, "xiana")
    script.jobs("deliver_batch", "follow_up_batch")


def _leads_to_copy_standing(world: World, act: str, given: Given) -> bool:
    """A push onto a site with a copy, or a copy on a site that a push is still on its way to."""
    if act == "push":
        return _on_the_way(world, given, "r.mode = 'copy'")
    return act == "repost" and given["mode"] == "copy" and _is_awaited(world, given["site"], given["resource"])


def _play_rejected_standing(script: "Script") -> None:
    source = script.live("sheng")
    script.push("sheng", source, "xianb")
    script.jobs("deliver_batch", "follow_up_batch")
    page = f"{source}@xianb"
    script.send_back("xianb", page)
    script.step("submit", by="xianb_e1", site="xianb", page=page)
    script.trust("xianb")
    script.push("sheng", source, "xianb")
    script.jobs("deliver_batch", "follow_up_batch")


def _leads_to_rejected_standing(world: World, act: str, given: Given) -> bool:
    """A push onto a page that had been sent back, or sending back while a push is still on its way to it."""
    if act == "push":
        s = {site: world.schema(site) for site in world.sites}
        sent_back = " OR ".join(
            f"(t.code = '{site}' AND r.page_id IN (SELECT page_id FROM {schema}.review_decision WHERE verdict = 'rejected'))"
            for site, schema in s.items()
        )
        return _on_the_way(world, given, f"({sent_back})")
    if act != "send back":
        return False
    site, number = world.page(given["page"])
    return bool(
        world.sql(
            "SELECT 1 FROM public.pushes_pushtarget WHERE tenant_id = %s AND page_id = %s AND NOT followed_up",
            [world.tenant(site).pk, number],
        )
    )


def _on_the_way(world: World, given: Given, where: str) -> bool:
    return bool(
        world.sql(
            "SELECT 1 FROM public.content_library_repost r JOIN public.tenancy_tenant t ON t.id = r.tenant_id"
            f" WHERE r.resource_id = %s AND r.state <> 'withdrawn' AND {where}",
            [world.resource_row(given["resource"])["id"]],
        )
    )


def _is_awaited(world: World, site: str, resource: str) -> bool:
    return bool(
        world.sql(
            "SELECT 1 FROM public.pushes_pushtarget g JOIN public.pushes_push p ON p.id = g.push_id"
            " WHERE g.tenant_id = %s AND p.resource_id = %s AND g.state <> 'refused' AND NOT g.followed_up",
            [world.tenant(site).pk, world.resource_row(resource)["id"]],
        )
    )


def _play_api_copy(script: "Script") -> None:
    source = script.live("sheng")
    copy = script.repost("xianb", source, "copy")
    script.approve("xianb", copy)
    script.recall("sheng", source)


def _is_api_copy(world: World, fault: "Fault") -> bool:
    """The library gives out a copy whose origin was taken back; the jobs that take the copy down have not run yet."""
    uuids = fault.about.get("uuids") or [uuid for uuid in [fault.about.get("uuid")] if uuid]
    rows = world.sql(
        "SELECT count(*) FROM public.content_library_resource x JOIN public.content_library_resource o"
        " ON o.uuid = x.origin WHERE x.uuid = ANY(%s::uuid[]) AND o.status = 'withdrawn' AND x.status <> 'withdrawn'",
        [uuids],
    )
    return bool(uuids) and rows[0][0] == len(uuids)


def _play_copy_of_copy(script: "Script") -> None:
    source = script.live("sheng")
    copy = script.repost("xianb", source, "copy")
    script.approve("xianb", copy)
    again = script.step("copy", by="xianb_e1", site="xianb", page=copy, column="notices", history=False)
    script.step("submit", by="xianb_e1", site="xianb", page=again)
    script.approve("xianb", again)


def _leads_to_copy_of_copy(world: World, act: str, given: Given) -> bool:
    row = world.repost_row(given["page"]) if act == "copy" else None
    return row is not None and row["mode"] == "copy"


def _play_repost_twice(script: "Script") -> None:
    source = script.live("sheng")
    first = script.repost("xianb", source, "pinned")
    script.approve("xianb", first)
    script.step("withdraw", by="xianb_c1", site="xianb", page=first)
    script.repost("xianb", source, "mirror", column="notices")
    script.step("submit", by="xianb_e1", site="xianb", page=first)


def _leads_to_repost_twice(world: World, act: str, given: Given) -> bool:
    return _hands_in(act, given) and not CONDITIONS["the site shows its source on no other page"](world, given)


def _play_recalled_copy(script: "Script") -> None:
    source = script.live("sheng")
    copy = script.repost("xianb", source, "copy")
    script.send_back("xianb", copy)
    script.recall("sheng", source)
    script.jobs("take_down_batch")
    script.step("submit", by="xianb_e1", site="xianb", page=copy)


def _leads_to_recalled_copy(world: World, act: str, given: Given) -> bool:
    row = world.repost_row(given["page"]) if _hands_in(act, given) else None
    return row is not None and row["mode"] == "copy" and world.resource_row(given["page"])["status"] == "withdrawn"


def _hands_in(act: str, given: Given) -> bool:
    return act in _HANDING_IN or (act == "edit" and given["hand_in"])


def _play_not_for_repost(script: "Script") -> None:
    source = script.live("sheng")
    mirror = script.repost("xianb", source, "mirror")
    script.edit("sheng", source, repostable=False)
    script.approve("sheng", source)
    script.approve("xianb", mirror)


def _leads_to_not_for_repost(world: World, act: str, given: Given) -> bool:
    return act == "edit" and given["repostable"] is False


def _is_not_for_repost(world: World, fault: "Fault") -> bool:
    """A mirror shows a version that must not be reposted."""
    if fault.name != "pages_show_what_was_cleared":
        return False
    rows = world.sql(
        "SELECT 1 FROM public.content_library_repost r JOIN public.content_library_resource x ON x.id = r.resource_id"
        " JOIN public.tenancy_tenant t ON t.id = r.tenant_id"
        " WHERE t.code = %s AND r.page_id = %s AND r.mode = 'mirror' AND NOT x.repostable",
        [fault.about["site"], fault.about["page"]],
    )
    return bool(rows)


# --- roles ----------------------------------------------------------------------------------


def _play_pattern(script: "Script") -> None:
    script.step("set the number pattern", by="nobody", site="xiana", pattern="{identity_code}-{year}-{serial:05d}")


def _leads_to_pattern(world: World, act: str, given: Given) -> bool:
    held = world.roles(given["by"], given["site"]) if act == "set the number pattern" else frozenset()
    return act == "set the number pattern" and not held & {"site-admin", "operator", "supervisor"}


def _named(name: str, **about: Any) -> "Callable[[World, Fault], bool]":
    def is_it(world: World, fault: "Fault") -> bool:
        return fault.name == name and all(fault.about.get(key) == value for key, value in about.items())

    return is_it


def _wrongly_done(*acts: str, mode: str = "", because: str) -> "Callable[[World, Fault], bool]":
    def is_it(world: World, fault: "Fault") -> bool:
        return (
            fault.name == "rights"
            and fault.about.get("allowed") is True
            and fault.about["act"] in acts
            and because in fault.text
        )

    return is_it


KNOWN_OPEN = (
    Open(
        "copy_standing",
        "A copy that its editor rewrote goes out unread, under the site's standing clearance, when its origin is pushed.",
        _play_copy_standing,
        _named("standing_clearances_publish_what_was_pushed", unread=True),
        _leads_to_copy_standing,
        shown_by="standing_clearances_publish_what_was_pushed",
    ),
    Open(
        "rejected_standing",
        "What a reviewer sent back goes out under a standing clearance when it is handed in again and pushed once more.",
        _play_rejected_standing,
        _named("standing_clearances_publish_what_was_pushed", sent_back=True),
        _leads_to_rejected_standing,
        shown_by="standing_clearances_publish_what_was_pushed",
    ),
    Open(
        "not_for_repost",
        "A mirror that is cleared after its source forbade reposting shows the version that must not be reposted.",
        _play_not_for_repost,
        _is_not_for_repost,
        _leads_to_not_for_repost,
        shown_by="pages_show_what_was_cleared",
    ),
    Open(
        "api_copy",
        "From the recall of a resource until its jobs have run, the library still gives out the copies made of it.",
        _play_api_copy,
        _is_api_copy,
        shown_by="each_resource_is_there_or_gone",
    ),
    Open(
        "copy_of_copy",
        "A page that is copied from a copy names no origin, so no recall reaches it.",
        _play_copy_of_copy,
        _named("a_copy_names_its_origin"),
        _leads_to_copy_of_copy,
        shown_by="a_copy_names_its_origin",
    ),
    Open(
        "repost_twice",
        "A repost that was taken down is handed in again although the site shows its source on another page by now.",
        _play_repost_twice,
        _wrongly_done(*_HANDING_IN, because="the site shows its source on no other page"),
        _leads_to_repost_twice,
    ),
    Open(
        "recalled_copy",
        "A copy whose origin was taken back can be handed in; only the last reviewer of all is told that it is in vain.",
        _play_recalled_copy,
        _wrongly_done(*_HANDING_IN, because="its source may be shown"),
        _leads_to_recalled_copy,
    ),
    Open(
        "pattern",
        "Anybody can set the pattern of a site's index numbers.",
        _play_pattern,
        _wrongly_done("set the number pattern", because="none of"),
        _leads_to_pattern,
    ),
)


def leads_into(world: World, act: str, given: Given, *, shared: bool) -> str:
    """Name of the fault that a step would lead into; empty when it may be taken. Raises KeyError for what is gone."""
    if shared and act == "take a role away":
        return "revoke_decide"
    return next((one.name for one in KNOWN_OPEN if one.leads_into and one.leads_into(world, act, given)), "")


def excuses(world: World, fault: "Fault") -> str:
    """Name of the known fault that this is; empty for a new one."""
    return next((one.name for one in KNOWN_OPEN if one.is_it(world, fault)), "")
