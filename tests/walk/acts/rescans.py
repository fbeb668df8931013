"""Newer rules over what is public already."""

from random import Random
from typing import Any

from .. import product
from ..reviews import hands_in
from ..steps import Act, Given, condition
from ..world import World
from .reviewing import REVIEWERS


class AskForRescan(Act):
    name = "ask for a rescan"
    weight = 1.2
    records = frozenset({"rescan.request"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        return {"by": world.somebody(rng, site, *REVIEWERS), "site": site}

    def do(self, world: World, given: Given) -> Any:
        run = product.request_rescan(acting_user=world.user(given["by"]))
        world.call(f"s{world.step}", f"rescan at {given['site']}", run.pk)


class StopRescan(Act):
    name = "stop a rescan"
    weight = 0.3
    records = frozenset({"rescan.stop"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        names = world.things(f"rescan at {site}")
        return (
            {"by": world.somebody(rng, site, *REVIEWERS), "site": site, "thing": rng.choice(names[-3:])}
            if names
            else None
        )

    def do(self, world: World, given: Given) -> Any:
        run = product.RescanRun.objects.get(pk=world.thing(given["thing"]))
        product.stop_rescan(run, acting_user=world.user(given["by"]))


class _OnAFinding(Act):
    """``which``: its place among what rescans found on the page, the newest first."""

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        rows = world.sql(f"SELECT id, page_id FROM {world.schema(site)}.review_rescanfinding ORDER BY id DESC LIMIT 10")
        if not rows:
            return None
        number, page_id = rng.choice(rows)
        page = world.name_of(site, page_id)
        return {
            "by": world.somebody(rng, site, *REVIEWERS),
            "site": site,
            "page": page,
            "which": _found(world, page).index(number),
        }

    def item(self, world: World, given: Given) -> Any:
        return product.RescanFinding.objects.get(pk=_the(world, given))


class JudgeRescanFinding(_OnAFinding):
    name = "judge a rescan's finding"
    weight = 1.2
    records = frozenset({"finding.judge"})

    def pick(self, world: World, rng: Random) -> Given | None:
        given = super().pick(world, rng)
        return given and {
            **given,
            "verdict": rng.choice(["false_alarm", "ignored", "to_mask"]),
            "reason": rng.choice(["核", ""]),
        }

    def do(self, world: World, given: Given) -> Any:
        product.judge_rescan_finding(
            self.item(world, given),
            acting_user=world.user(given["by"]),
            verdict=given["verdict"],
            reason=given["reason"],
        )


class AskToCorrect(_OnAFinding):
    name = "ask to correct"
    weight = 0.6
    records = frozenset({"rescan.ask"})

    def do(self, world: World, given: Given) -> Any:
        product.ask_to_correct(self.item(world, given), acting_user=world.user(given["by"]), note="请改")


def _found(world: World, page: str) -> list[int]:
    site, number = world.page(page)
    rows = world.sql(
        f"SELECT id FROM {world.schema(site)}.review_rescanfinding WHERE page_id = %s ORDER BY id DESC", [number]
    )
    return [number for (number,) in rows]


def _the(world: World, given: Given) -> int:
    found = _found(world, given["page"])
    if given["which"] >= len(found):
        raise KeyError(given["page"])
    return found[given["which"]]


# --- what rights.md says -------------------------------------------------------------------


@condition("none is going on")
def _none_going_on(world: World, given: Given) -> bool:
    return not world.sql(
        f"SELECT 1 FROM {world.schema(given['site'])}.review_rescanrun WHERE state IN ('queued', 'running')"
    )


@condition("it is going on")
def _going_on(world: World, given: Given) -> bool:
    return bool(
        world.sql(
            f"SELECT 1 FROM {world.schema(given['site'])}.review_rescanrun"
            " WHERE id = %s AND state IN ('queued', 'running')",
            [world.thing(given["thing"])],
        )
    )


@condition("it is still open")
def _still_open(world: World, given: Given) -> bool:
    site = given["site"]
    return not world.sql(
        f"SELECT outcome FROM {world.schema(site)}.review_rescanfinding WHERE id = %s AND outcome <> ''",
        [_the(world, given)],
    )


@condition("they had no hand in what is live")
def _no_hand_in_live(world: World, given: Given) -> bool:
    site, number = world.page(given["page"])
    rows = world.sql(f"SELECT live_revision_id FROM {world.schema(site)}.wagtailcore_page WHERE id = %s", [number])
    return given["by"] not in hands_in(world, site, number, rows[0][0] or 2**62)


@condition("the verdict keeps it")
def _keeps_it(world: World, given: Given) -> bool:
    """What is to be masked is corrected or withdrawn; what is kept has a reason."""
    return given["verdict"] == "false_alarm" or (given["verdict"] == "ignored" and bool(given["reason"]))
