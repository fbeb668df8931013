"""What is owed: faults of the product that are known and not mended yet, in one list.

A walk leaves out the acts that lead into them and passes over what they look like. The tests play the sequence of each
entry; one that shows no fault any more fails with “mended: remove the entry”, and from then on the walk goes there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .acts.reviewing import times_under_review
from .reviews import due
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
    looks are passed over). ``with_others``: its play needs several connections."""

    name: str
    sentence: str
    play: "Callable[[Script], None]"
    is_it: "Callable[[World, Fault], bool]"
    leads_into: Callable[[World, str, Given], bool] | None = None
    shown_by: str = ""
    with_others: bool = False


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


def _play_revoke_decide(script: "Script") -> None:
    from .at_once import decide_while_the_role_goes

    page = script.write("sheng")
    script.approve("sheng", page, steps=1)
    script.step("(scan)", site="sheng", page=page, at_once=True)
    with script.world.clock.ticking():
        outcomes = decide_while_the_role_goes(script.world, page, "sheng_k2")
    assert outcomes[0] == "done", outcomes


# --- times, pushes, columns -----------------------------------------------------------------


def _play_expire_past(script: "Script") -> None:
    page = script.write("sheng", closes=60)
    script.step("(time passes)", minutes=240)
    script.approve("sheng", page)


def _leads_to_expire_past(world: World, act: str, given: Given) -> bool:
    return act in ("approve", "approve by the verb") and not CONDITIONS["its end lies ahead"](world, given)


def _play_expire_schedule(script: "Script") -> None:
    page = script.live("sheng", closes=300)
    script.edit("sheng", page, times=True, opens=600)
    script.approve("sheng", page)
    script.step("(time passes)", minutes=360)
    script.step("(publish what is due)", site="sheng")


def _leads_to_expire_schedule(world: World, act: str, given: Given) -> bool:
    step = due(world, given["page"]) if act in ("approve", "approve by the verb") else None
    if step is None or step.step != "confidentiality":
        return False
    site, number = world.page(given["page"])
    opens, _closes = times_under_review(world, given["page"])
    rows = world.sql(f"SELECT expire_at FROM {world.schema(site)}.wagtailcore_page WHERE id = %s AND live", [number])
    return opens is not None and bool(rows) and rows[0][0] is not None and rows[0][0] <= opens


def _play_duty(script: "Script") -> None:
    source = script.live("sheng")
    script.push("sheng", source, "xianb")
    script.jobs("deliver_batch")
    page = f"{source}@xianb"
    script.step("take back", by="xianb_e1", site="xianb", page=page)
    script.step("delete", by="xianb_e1", site="xianb", page=page)


def _leads_to_duty(world: World, act: str, given: Given) -> bool:
    if act != "delete":
        return False
    site, number = world.page(given["page"])
    return bool(
        world.sql(
            "SELECT 1 FROM public.pushes_pushtarget WHERE tenant_id = %s AND page_id = %s",
            [world.tenant(site).pk, number],
        )
    )


def _play_column_move(script: "Script") -> None:
    script.live("sheng")
    script.step("move a column", by="sheng_a1", site="sheng", slug="news", to="notices")


def _leads_to_column_move(world: World, act: str, given: Given) -> bool:
    return act == "move a column" and not CONDITIONS["nothing below it was ever public"](world, given)


def _play_index_jobs(script: "Script") -> None:
    page = script.write("sheng", hand_in=False)
    script.step("delete", by="sheng_e1", site="sheng", page=page)
    script.jobs()


def _is_index_job(world: World, fault: "Fault") -> bool:
    return (
        fault.name == "exception"
        and fault.about.get("task") in ("insert_or_update_object_task", "update_reference_index_task")
        and "DoesNotExist" in fault.text
    )


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
    Open(
        "revoke_decide",
        "Who decides while their role is being taken away is on record as deciding after it was gone.",
        _play_revoke_decide,
        _named("decided_by_who_held_the_role"),
        with_others=True,
        shown_by="decided_by_who_held_the_role",
    ),
    Open(
        "expire_past",
        "A page is approved and goes out although its time is over already.",
        _play_expire_past,
        _wrongly_done("approve", "approve by the verb", because="its end lies ahead"),
        _leads_to_expire_past,
    ),
    Open(
        "expire_schedule",
        "A correction that was cleared for later is lost without a word when the live version expires before that.",
        _play_expire_schedule,
        _named("an_approval_is_not_forgotten"),
        _leads_to_expire_schedule,
        shown_by="an_approval_is_not_forgotten",
    ),
    Open(
        "duty",
        "A pushed draft that was taken back and deleted leaves a duty that is neither done nor late.",
        _play_duty,
        _named("a_push_that_arrived_has_its_page"),
        _leads_to_duty,
        shown_by="a_push_that_arrived_has_its_page",
    ),
    Open(
        "column_move",
        "A column with live pages can be moved, and every address below it ends in a 404.",
        _play_column_move,
        _wrongly_done("move a column", because="nothing below it was ever public"),
        _leads_to_column_move,
    ),
    Open(
        "index_jobs",
        "The jobs that index a page fail when the draft was deleted before they ran.",
        _play_index_jobs,
        _is_index_job,
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
