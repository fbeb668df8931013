"""Anchoring every five minutes, and the record: what is written is what is new, what is read is what is shown."""

import pytest
from django.db import connection, transaction

from govplatform.audit.actions import anchor_chains, record_act
from govplatform.audit.chain import find_chain_faults, head_of, moved_heads
from govplatform.audit.models import PLATFORM_CHAIN, AnchoredHead, Entry
from govplatform.paging import BoundedPaginator

from .counting import build, cost_of
from .history import long_chains, many_sites, one_of_many

_SITES, _LENGTH = 1_000, 20


@pytest.fixture
def chains(db):
    many_sites(_SITES)
    long_chains(_LENGTH)


@pytest.fixture
def few_chains(db):
    """For what verifies every row."""
    many_sites(4)
    long_chains(_LENGTH)


def written_by(anchor: Entry) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT octet_length(detail::text) FROM audit_entry WHERE id = %s", [anchor.pk])
        return int(cursor.fetchone()[0])


def move(chain: str) -> None:
    with transaction.atomic():
        record_act("test.act", acting_user=None, chain=chain)


def test_the_heads_of_a_thousand_chains_are_one_statement_along_the_index(chains):
    found = {}
    cost = cost_of(lambda: found.update(moved_heads()))
    assert len(found) >= _SITES
    assert cost.statements == 1
    # Two index entries and a row for each chain, and none of what lies between its first row and its last.
    assert cost.rows < 6 * _SITES, cost


def test_an_anchor_holds_what_moved_and_costs_what_it_holds(chains):
    first = anchor_chains()
    assert len(first.detail["heads"]) >= _SITES
    assert anchor_chains() is None
    chain = one_of_many().schema_name
    move(chain)
    anchors = []
    cost = cost_of(lambda: anchors.append(anchor_chains()))
    (anchor,) = anchors
    assert anchor.detail["heads"] == {chain: [_LENGTH + 1, head_of(chain).hash]}
    assert written_by(anchor) * 500 < written_by(first)
    assert cost.statements < 15, cost
    assert AnchoredHead.objects.get(chain=chain).number == _LENGTH + 1


def test_a_chain_cut_since_an_anchor_of_long_ago_is_named_although_later_ones_are_silent_about_it(few_chains):
    """Its first anchor stands; that later anchors do not repeat it takes nothing away."""
    anchor_chains()
    cut, gone = one_of_many(1).schema_name, one_of_many(2).schema_name
    build(
        f"DELETE FROM audit_entry WHERE chain = '{cut}' AND number > {_LENGTH - 5}",
        f"DELETE FROM audit_entry WHERE chain = '{gone}'",
        past_triggers="public.audit_entry",
    )
    for _turn in range(2):
        move(one_of_many(3).schema_name)
        later = anchor_chains()
    assert set(later.detail["heads"]) == {one_of_many(3).schema_name}
    faults = find_chain_faults()[1]
    assert any(f"链 {cut} 的末尾被截去" in fault for fault in faults)
    assert any(f"链 {gone} 整条不见了" in fault for fault in faults)


def test_a_chain_that_was_cut_and_has_grown_again_is_anchored_again(few_chains):
    anchor_chains()
    cut = one_of_many(1).schema_name
    build(
        f"DELETE FROM audit_entry WHERE chain = '{cut}' AND number > {_LENGTH - 1}",
        past_triggers="public.audit_entry",
    )
    assert anchor_chains() is None
    move(cut)
    again = anchor_chains()
    assert set(again.detail["heads"]) == {cut}
    assert any(f"链 {cut} 第 {_LENGTH} 号" in fault and "锚记不符" in fault for fault in find_chain_faults()[1])


def test_a_note_that_runs_ahead_of_the_anchors_would_silence_a_chain_and_is_named(few_chains):
    anchor_chains()
    chain = one_of_many().schema_name
    AnchoredHead.objects.filter(chain=chain).update(number=_LENGTH + 100)
    move(chain)
    assert anchor_chains() is None
    assert any(f"链 {chain} 记为已锚定到第 {_LENGTH + 100} 号" in fault for fault in find_chain_faults()[1])


def test_the_time_line_of_a_long_chain_is_counted_no_further_than_it_can_be_turned_to(chains):
    entries = Entry.objects.exclude(chain=PLATFORM_CHAIN).order_by("-id")
    assert entries.count() > _SITES * _LENGTH - 1
    page = []
    cost = cost_of(lambda: page.extend(BoundedPaginator(entries, 50, most=1_000).get_page("last")))
    assert len(page) == 50
    assert cost.rows < 3 * 1_100, cost
    paginator = BoundedPaginator(entries, 50, most=1_000)
    assert (paginator.count, paginator.is_cut, paginator.num_pages) == (1_000, True, 20)


def test_the_acts_on_a_page_are_found_without_those_on_the_same_number_elsewhere(chains):
    chain = one_of_many().schema_name
    acts = Entry.objects.filter(chain=chain, object_type="wagtailcore.page", object_id="7", act="test.act")
    cost = cost_of(lambda: list(acts))
    assert len(acts) == 1
    assert cost.rows < 10, cost
