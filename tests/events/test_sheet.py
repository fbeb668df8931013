"""The sheet of consequences: its order is its own, and one with gaps does not let the platform start."""

from dataclasses import dataclass

import pytest

from govplatform.consequences.lines import in_transaction, job, on_commit
from govplatform.events.event import Event, known_events
from govplatform.events.sheet import ABORTS, RECORDED, RETRIED, Sheet, follow, the_sheet
from govplatform.review.events import PageCleared, PageWithdrawn
from tests.sheet import lines

pytestmark = pytest.mark.unit


@dataclass(frozen=True)
class Rang(Event):
    """A bell rang."""

    bell: str
    times: int


def names(event: type[Event]) -> list[str]:
    return [line.name for line in the_sheet().lines_of(event)]


def test_the_platforms_own_sheet_has_no_faults():
    own = [event for event in known_events() if not event.__module__.startswith("tests")]
    assert len(own) >= 14
    assert the_sheet().faults(own) == []


def test_the_order_stands_on_the_sheet():
    assert names(PageCleared) == [
        "enter_page",
        "close_fixed",
        "note_published",
        "end_duty",
        "enter_addresses",
        "enter_old_addresses",
        "note_cleared",
        "note_reply_cleared",
        "note_page_corrected",
        "carry_out_with_page",
        "index_resource",
        "bake_page",
        "bake_letters",
    ]
    assert names(PageWithdrawn) == [
        "withdraw_with_page",
        "close_withdrawn",
        "note_down",
        "end_withdrawn",
        "note_taken_down",
        "note_reply_taken_down",
        "note_corrected_page_down",
        "bake_letters",
        "index_resource",
        "bake_down",
    ]


def test_calls_are_carried_out_in_order_with_the_facts_they_name():
    heard: list[object] = []

    def first(bell):
        heard.append(bell)

    def second(times, bell):
        heard.append((bell, times))
        return "answer"

    with lines(Rang, in_transaction(first, ABORTS), in_transaction(second, ABORTS)):
        followed = follow(Rang(bell="big", times=3))
    assert heard == ["big", ("big", 3)]
    assert followed.result_of(second) == "answer"
    with pytest.raises(LookupError, match="names"):
        followed.result_of(names)


def test_what_aborts_reaches_the_act_and_stops_what_would_follow():
    heard: list[str] = []

    def breaks(bell):
        raise RuntimeError(bell)

    def after(bell):
        heard.append(bell)

    with (
        lines(Rang, in_transaction(breaks, ABORTS), in_transaction(after, ABORTS)),
        pytest.raises(RuntimeError, match="big"),
    ):
        follow(Rang(bell="big", times=1))
    assert heard == []


def test_an_event_without_a_list_is_an_error_and_not_silence():
    with pytest.raises(LookupError, match="Rang"):
        follow(Rang(bell="big", times=1))
    assert Sheet({}).faults([Rang]) == [f"{Rang.__module__}.Rang has no list"]


def asks_for_too_much(bell, colour):
    """Names a fact that there is not."""


def asks_for_less(bell, colour="red"):
    """What has a default need not be a fact."""


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        (in_transaction(asks_for_too_much, ABORTS), "asks_for_too_much asks for colour, the event has bell, times"),
        (in_transaction(lambda **facts: None, ABORTS), "asks for **facts"),
        (in_transaction("a name", ABORTS), "'a name' cannot be called"),
        (job(asks_for_less, RETRIED, given=asks_for_too_much, words="rings"), "asks_for_too_much asks for colour"),
        (on_commit(asks_for_less, RETRIED, given=None, words="rings"), "None cannot be called"),
    ],
)
def test_a_call_that_cannot_be_made_is_named(listed, fault):
    found = Sheet({Rang: [listed]}).faults([Rang])
    assert len(found) == 1
    assert found[0].startswith("Rang: ")
    assert fault in found[0]


def test_a_call_stands_once_under_an_event_and_a_name_stands_for_one_call():
    def asks_for_nothing():
        """Another of that name below."""

    first = asks_for_nothing

    def asks_for_nothing():
        """The other one."""

    twice = Sheet({Rang: [in_transaction(first, ABORTS), in_transaction(first, ABORTS)]})
    assert twice.faults([Rang]) == ["Rang: asks_for_nothing stands there twice"]
    two = Sheet({Rang: [in_transaction(first, ABORTS), in_transaction(asks_for_nothing, ABORTS)]})
    assert two.faults([Rang]) == ["asks_for_nothing is the name of two calls"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: in_transaction(asks_for_less, RETRIED),
        lambda: job(asks_for_less, ABORTS, given=asks_for_less, words="rings"),
        lambda: on_commit(asks_for_less, ABORTS, given=asks_for_less, words="rings"),
    ],
)
def test_a_rule_that_a_kind_cannot_keep_is_refused(make):
    with pytest.raises(ValueError, match="no rule"):
        make()


def test_recorded_is_a_rule_for_every_kind():
    for line in (
        in_transaction(asks_for_less, RECORDED, words="rings"),
        job(asks_for_less, RECORDED, given=asks_for_less, words="rings"),
    ):
        assert line.on_failure == RECORDED


def test_the_check_of_the_start_names_the_event_and_where_to_look(monkeypatch):
    from django.core.checks import run_checks

    monkeypatch.delitem(the_sheet().lists, PageCleared)
    found = [message for message in run_checks() if message.id == "consequences.E001"]
    assert "govplatform.review.events.PageCleared has no list" in [message.msg for message in found]
    assert all("sites/wiring.py" in message.hint for message in found)
