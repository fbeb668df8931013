"""The row that opens the gate: who may write it, and in which order."""

import pytest
from psycopg.types.json import Jsonb

from govplatform.lifecycle.models import Merge, SiteApplication
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.queries import get_tenant
from tests.attacks.conftest import refused

from .carrying import PAGE, SHIFTS, begin, ranges, run

INSIDE = SHIFTS[PAGE] + 7


def inserted(application, state="queued", carries=None, source="beta", into="alpha"):
    Merge.objects.create(
        source=get_tenant(source),
        destination=get_tenant(into),
        application_id=application,
        state=state,
        ranges=carries or {},
    )


def set_state(state: str) -> None:
    run("UPDATE public.lifecycle_merge SET state = %s", state)


@pytest.mark.parametrize("state", ["moving", "moved", "confirmed", "reverting", "reverted", "refused"])
def test_a_merge_begins_in_the_queue(retiring, state):
    with refused("begins in the queue"):
        inserted(retiring, state)
    with as_owner(), refused("begins in the queue"):
        inserted(retiring, state)


def test_a_merge_begins_with_nothing_to_carry(retiring):
    with refused("nothing to carry"):
        inserted(retiring, carries=ranges())


def test_a_merge_wants_the_retirement_that_was_approved(retiring):
    with refused("no approved retirement"):
        inserted(retiring, source="alpha", into="beta")
    with as_owner(), refused("no approved retirement"):
        inserted(retiring, source="alpha", into="beta")
    with refused("no approved retirement"):
        inserted(retiring, into="console")
    for change in ({"state": "pending"}, {"carried_out_at": None}, {"ended_at": "2026-11-01T00:00Z"}):
        before = SiteApplication.objects.filter(pk=retiring).values(*change).get()
        SiteApplication.objects.filter(pk=retiring).update(**change)
        with refused("no approved retirement"):
            inserted(retiring)
        SiteApplication.objects.filter(pk=retiring).update(**before)
    inserted(retiring)
    # it ended while the merge waited
    SiteApplication.objects.filter(pk=retiring).update(ended_at="2026-11-01T00:00Z")
    with as_owner(), refused("no approved retirement"):
        set_state("moving")


def test_the_application_s_role_carries_nothing(retiring):
    inserted(retiring)
    for column in ("ranges", "memory"):
        with refused("not for you to say"):
            run(f"UPDATE public.lifecycle_merge SET {column} = %s", Jsonb(ranges()))
    with refused("the owner of the tables alone"):
        set_state("moving")
    with as_owner():
        set_state("moving")
    with refused("the owner of the tables alone"):
        set_state("moved")
    with as_owner():
        set_state("moved")
    with refused("the owner of the tables alone"):
        set_state("reverting")
    for column, value in (("source_id", "destination_id"), ("destination_id", "source_id"), ("id", "id + 1")):
        with refused("of its two sites"):
            run(f"UPDATE public.lifecycle_merge SET {column} = {value}")
    # what a person does in the console
    set_state("confirmed")
    assert Merge.objects.get().state == "confirmed"


WAYS = {
    "queued": {"moving", "refused"},
    "moving": {"moved", "refused", "queued"},
    "moved": {"confirmed", "reverting"},
    "reverting": {"reverted", "moved"},
    "confirmed": set(),
    "reverted": set(),
    "refused": set(),
}
#: How a merge gets into each state.
ROADS = {
    "queued": [], "moving": ["moving"], "moved": ["moving", "moved"], "refused": ["refused"],
    "confirmed": ["moving", "moved", "confirmed"], "reverting": ["moving", "moved", "reverting"],
    "reverted": ["moving", "moved", "reverting", "reverted"],
}  # fmt: skip


@pytest.mark.parametrize("state", sorted(WAYS))
def test_a_merge_goes_its_way_whoever_writes(retiring, state):
    inserted(retiring)
    with as_owner():
        for step in ROADS[state]:
            set_state(step)
        for other in sorted(WAYS.keys() - WAYS[state] - {state}):
            with refused(f"does not go from {state} to {other}"):
                set_state(other)


def test_what_was_carried_is_not_said_otherwise_afterwards(retiring):
    begin(SiteApplication.objects.get(pk=retiring))
    with as_owner():
        for state in ("moved", "reverting"):
            set_state(state)
            with refused("not any more"):
                run("UPDATE public.lifecycle_merge SET ranges = %s", Jsonb(ranges(room=5)))


@pytest.mark.parametrize("statement", ["DELETE FROM public.lifecycle_merge", "TRUNCATE public.lifecycle_merge"])
def test_the_record_stays(retiring, statement):
    inserted(retiring)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with refused("is kept|append-only|permission denied"):
        run(statement)
    with as_owner(), refused("is kept|append-only"):
        run(statement)


# --- gov_is_carried ---------------------------------------------------------------------------------


def is_carried(number: int, site: str = "site_alpha", table: str = PAGE) -> bool:
    return run("SELECT public.gov_is_carried(%s, %s, %s)", site, table, number)[0][0]


def test_a_row_is_carried_for_the_owner_alone_within_the_numbers_of_a_merge_under_way(retiring):
    merge = begin(SiteApplication.objects.get(pk=retiring))
    # the application, and whoever logged in as owner and works as the application
    assert run("SELECT session_user = current_user")[0][0] is False
    assert not is_carried(INSIDE)
    with as_owner():
        assert is_carried(INSIDE)
        first, last, _shift = merge.ranges[PAGE]
        assert [is_carried(number) for number in (first - 1, first, last, last + 1)] == [False, True, True, False]
        assert not is_carried(INSIDE, site="site_beta")
        assert not is_carried(INSIDE, site="nowhere")
        assert not is_carried(INSIDE, table="articles_article"), "a table without numbers of its own"
        for state, answer in (("queued", False), ("moving", True), ("moved", False), ("reverting", True)):
            set_state(state)
            assert is_carried(INSIDE) is answer, state
        set_state("reverted")
        assert not is_carried(INSIDE)


def test_nobody_takes_the_owner_s_place_by_a_name_of_his_own(retiring):
    """Temporary tables are looked at before those of ``public``; functions that trust a name are asked about those."""
    begin(SiteApplication.objects.get(pk=retiring))
    run("CREATE TEMPORARY TABLE lifecycle_merge AS SELECT * FROM public.lifecycle_merge")
    run("CREATE TEMPORARY TABLE pg_class AS SELECT relname, relnamespace, 0::oid AS relowner FROM pg_catalog.pg_class")
    try:
        assert not is_carried(INSIDE)
    finally:
        run("DROP TABLE pg_temp.lifecycle_merge, pg_temp.pg_class")


def test_a_site_is_merged_once_at_a_time(retiring):
    begin(SiteApplication.objects.get(pk=retiring))
    with refused("one_merge_of_a_site"):
        inserted(retiring)
