"""While a merge runs, people in the destination go on; whoever takes an address before it, keeps it."""

import threading

import pytest
from django.db import connection, transaction
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.models import Resource
from govplatform.audit.models import Entry
from govplatform.lifecycle.merge.carrying.running import carry
from govplatform.lifecycle.merge.parts import MergePart, _parts, register_part
from govplatform.lifecycle.merge.proving import find_merge_faults
from govplatform.lifecycle.models import Merge
from govplatform.lifecycle.states.actions import retirement_of
from govplatform.locks.holding import hold_chain, locking
from govplatform.refusals import Busy
from govplatform.review.queries import find_gate_faults
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.lifecycle.life import retiring
from tests.lifecycle.merge.test_chains_of_merges import portal


@pytest.fixture
def merge(own_database):
    beta = get_tenant("beta")
    with tenant_context(beta):
        factories.live_article("beta", title="防汛通知", slug="flood", picture=factories.image())
    retiring("beta")
    beta = get_tenant("beta")
    return Merge.objects.create(source=beta, destination=get_tenant("alpha"), application=retirement_of(beta))


def elsewhere(act):
    """Do something in another session, and say what became of it."""
    told = []

    def run():
        try:
            with tenant_context(get_tenant("alpha")):
                told.append(act())
        except Exception as error:  # what it was is what the test asks
            told.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return told[0]


def test_editors_of_the_destination_publish_meanwhile(merge):
    published = []

    def during(step, _done, _total):
        if step in ("versions", "checks"):
            published.append(elsewhere(lambda: factories.live_article("alpha", title=f"同时发布 {step}", slug=step)))

    carry(merge, progress=during)
    assert [page.title for page in published] == ["同时发布 versions", "同时发布 checks"]
    alpha = get_tenant("alpha")
    with tenant_context(alpha):
        assert Page.find_problems() == ([], [], [], [], [])
        assert (
            Page.objects.filter(live=True, title__in=["同时发布 versions", "同时发布 checks", "防汛通知"]).count() == 3
        )
        assert find_gate_faults()[1] == []
    assert find_merge_faults(merge)[1] == []


def test_who_takes_the_same_address_meanwhile_is_first_and_the_merge_begins_again(merge):
    def during(step, _done, _total):
        if step == "checks":
            assert elsewhere(lambda: factories.live_article("alpha", title="抢先", slug="flood")).live

    with pytest.raises(Busy, match="/home/news/flood/"):
        carry(merge, progress=during)
    alpha = get_tenant("alpha")
    with tenant_context(alpha):
        assert not Page.objects.filter(title="防汛通知").exists()
    carry(merge, progress=lambda *_: None)
    with tenant_context(alpha):
        assert Page.objects.get(title="防汛通知").slug == "flood-beta"
    assert find_merge_faults(merge)[1] == []


def test_one_process_at_a_time_carries_a_merge(merge):
    def during(step, _done, _total):
        if step == "pages":
            refused = elsewhere(lambda: carry(Merge.objects.get(pk=merge.pk), progress=lambda *_: None))
            assert isinstance(refused, Busy)

    carry(merge, progress=during)
    assert find_merge_faults(merge)[1] == []


def test_two_sites_go_into_one_parent_at_the_same_time(own_database):
    gamma = portal()
    sites = [get_tenant("beta"), get_tenant("alpha")]
    for tenant in sites:
        with tenant_context(tenant):
            factories.live_article(tenant.code, title=f"{tenant.code} 的通知", slug="same", picture=factories.image())
    merges = []
    for tenant in sites:
        retiring(tenant.code, into="gamma")
        row = get_tenant(tenant.code)
        merges.append(Merge.objects.create(source=row, destination=gamma, application=retirement_of(row)))
    started = []

    def during(step, _done, _total):
        if step == "pages" and not started:
            # The second one begins while the first has written its pages, and waits for it.
            started.append(threading.Thread(target=second))
            started[0].start()

    def second():
        try:
            carry(Merge.objects.get(pk=merges[1].pk), progress=lambda *_: None)
        finally:
            connection.close()

    carry(merges[0], progress=during)
    started[0].join()
    for merge in merges:
        row = Merge.objects.get(pk=merge.pk)
        assert row.state == Merge.State.MOVED
        assert find_merge_faults(row)[1] == []
    with tenant_context(gamma):
        assert Page.find_problems() == ([], [], [], [], [])
        assert sorted(Page.objects.filter(slug__startswith="same").values_list("slug", flat=True)) == [
            "same",
            "same-alpha",
        ]


class _Noticed(MergePart):
    """Says when the parts have written what belongs to the source, and waits for who is to come in its way."""

    def __init__(self):
        self.times, self.written, self.go_on = 0, threading.Event(), threading.Event()

    def hand_over(self, switch):
        self.times += 1
        self.written.set()
        self.go_on.wait(60)


@pytest.fixture
def noticed():
    part = _Noticed()
    register_part("noticed by the test", part)
    yield part
    _parts.pop("noticed by the test")


def test_whoever_holds_the_destination_and_waits_for_a_resource_goes_first(merge, noticed):
    """No deadlock: the merge gives back what it wrote, and writes it again."""
    seen = []

    def repost():
        with transaction.atomic():
            hold_chain("site_alpha")
            holds.set()
            assert noticed.written.wait(120)
            threading.Timer(0.5, noticed.go_on.set).start()
            seen.extend(locking(Resource.objects.filter(tenant__code="beta")).values_list("pk", flat=True))

    holds, thread = threading.Event(), None

    def during(step, _done, _total):
        nonlocal thread
        if step == "switch" and thread is None:
            thread = threading.Thread(target=lambda: seen.append(elsewhere(repost)))
            thread.start()
            assert holds.wait(60)

    before = set(Resource.objects.filter(tenant__code="beta").values_list("pk", flat=True))
    carry(merge, progress=during)
    thread.join()
    assert seen[-1] is None, seen
    # As they were before the merge, or none of them: never half of it.
    assert before and set(seen[:-1]) == before
    assert noticed.times == 2
    assert merge.state == Merge.State.MOVED
    assert find_merge_faults(merge)[1] == []
    assert Entry.objects.filter(chain="site_alpha", act="merge.switch").count() == 1
