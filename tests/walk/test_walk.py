"""Short walks with fixed seeds, and the tools of walking."""

import io
import json
from random import Random

import pytest

from .databases import copy_of
from .scripts import Script
from .shrinking import is_there, shrink
from .walking import Fault, Walk

#: Chosen for going far in few steps; any other seed must pass as well.
SEEDS = (7, *(pytest.param(seed, marks=pytest.mark.soak) for seed in (20, 33)))
STEPS = 80


@pytest.mark.parametrize("seed", SEEDS)
def test_a_short_walk_meets_no_fault(walk_database: str, seed: int):
    log = io.StringIO()
    walk = Walk(every=20, log=log)
    walk.run(Random(seed), STEPS)
    assert not walk.faults, told(seed, walk)


def told(seed: int, walk: Walk) -> str:
    faults = "\n".join(str(fault) for fault in walk.faults)
    return f"{faults}\nAgain, and the shortest way to it: python -m tests.walk run --seed {seed} --steps {STEPS}"


def test_a_log_is_walked_again_to_the_same_end(world_of_the_walk: str, django_db_blocker):
    def end_of(walk: Walk) -> list[tuple]:
        return walk.world.sql(
            "SELECT chain, act, object_type, count(*) FROM public.audit_entry"
            " WHERE chain <> 'public' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        )

    with django_db_blocker.unblock():
        log = io.StringIO()
        with copy_of(world_of_the_walk):
            first = Walk(every=1000, log=log)
            first.run(Random(5), 25)
            at_the_end = end_of(first)
        with copy_of(world_of_the_walk):
            second = Walk()
            second.replay([json.loads(line) for line in log.getvalue().splitlines()])
            assert end_of(second) == at_the_end


def test_a_page_that_goes_live_past_the_gate_is_seen(script: Script):
    page = script.live("sheng")
    site, number = script.world.page(page)
    assert script.faults() == []
    script.world.sql(
        f"UPDATE {script.world.schema(site)}.articles_article SET summary = 'TKffffffff' WHERE page_ptr_id = %s",
        [number],
    )
    names = {fault.name for fault in script.faults()}
    assert {"stored_is_what_was_cleared", "pages_show_what_was_cleared"} <= names


def test_a_right_that_is_too_wide_is_seen(script: Script, monkeypatch):
    page = script.write("sheng", hand_in=False)
    monkeypatch.setattr("govplatform.review.submission.actions.may_on_content", lambda user, act: True)
    script.step("submit", by="nobody", site="sheng", page=page)
    (fault,) = script.walk.faults
    assert fault.name == "rights" and fault.about["allowed"] is True and "none of: editor" in fault.text


def test_a_right_that_is_too_narrow_is_seen(script: Script, monkeypatch):
    page = script.write("sheng", hand_in=False)
    monkeypatch.setattr("govplatform.review.submission.actions.may_on_content", lambda user, act: False)
    script.step("submit", by="sheng_e1", site="sheng", page=page)
    (fault,) = script.walk.faults
    assert fault.name == "rights" and fault.about["allowed"] is False


def test_an_act_without_its_record_is_seen(script: Script, monkeypatch):
    page = script.live("sheng")
    monkeypatch.setattr("govplatform.review.submission.actions.record_act", lambda *args, **kwargs: None)
    script.step("withdraw", by="sheng_c1", site="sheng", page=page)
    assert [fault.name for fault in script.walk.faults] == ["record"]


def test_the_clock_moves_for_the_program_and_for_the_gate(script: Script):
    page = script.write("sheng", opens=600)
    script.approve("sheng", page)
    script.step("(publish what is due)", site="sheng")
    assert script.world.state(page) == "approved"
    script.step("(time passes)", minutes=1500)
    script.step("(publish what is due)", site="sheng")
    assert script.world.state(page) == "live" and script.faults() == []


@pytest.mark.unit
def test_the_shortest_sequence_keeps_only_what_is_needed():
    steps = [{"n": number, "act": "walk"} for number in range(1, 41)]
    fault = Fault("fell", "into the river", 40)

    def attempt(shorter: list[dict]) -> list[Fault]:
        return [fault] if {7, 31} <= {step["n"] for step in shorter} else []

    assert [step["n"] for step in shrink(steps, fault, attempt)] == [7, 31]


@pytest.mark.unit
def test_another_disagreement_is_another_fault():
    fault = Fault("rights", "", 3, {"act": "push", "allowed": True})
    assert is_there(fault, [Fault("rights", "", 9, {"act": "push", "allowed": True})])
    assert not is_there(fault, [Fault("rights", "", 9, {"act": "recall", "allowed": True})])
    assert not is_there(fault, [Fault("rights", "", 9, {"act": "push", "allowed": False})])
