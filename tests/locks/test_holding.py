"""Holding: one transaction, its locks in order, a limit to the wait, and nothing asked for twice."""

import threading

import pytest
from django.db import connection, transaction
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.locks.holding import hold_chain, hold_chain_giving_way, holding, locking
from govplatform.locks.order import PLATFORM_CHAIN
from govplatform.refusals import Busy
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.queries import get_tenant
from tests import factories


class Elsewhere:
    """Somebody else, in a transaction of his own, who holds something until told to let go."""

    def __init__(self, take):
        self.take, self.holds, self.done = take, threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            with tenant_context(get_tenant("alpha")), transaction.atomic():
                self.take()
                self.holds.set()
                self.done.wait(120)
        finally:
            connection.close()

    def __enter__(self):
        self.thread.start()
        assert self.holds.wait(60)
        return self

    def __exit__(self, *_error):
        self.done.set()
        self.thread.join()


def test_a_chain_is_asked_for_once_in_a_transaction(alpha, django_assert_num_queries):
    with transaction.atomic():
        with django_assert_num_queries(1):
            hold_chain()
            hold_chain()
            hold_chain(alpha.schema_name)
        with django_assert_num_queries(1):
            hold_chain(alpha.schema_name, PLATFORM_CHAIN)


def test_what_was_let_go_with_a_savepoint_is_asked_for_again(alpha):
    with transaction.atomic():
        try:
            with transaction.atomic():
                hold_chain()
                raise LookupError
        except LookupError:
            pass
        assert connection.held_chains == set()
        hold_chain()
        assert connection.held_chains == {alpha.schema_name}


def test_nothing_is_remembered_beyond_the_transaction(own_database):
    with tenant_context(get_tenant("alpha")):
        with holding():
            assert connection.held_chains == {"site_alpha"}
        assert connection.held_chains == set()


def test_a_lock_needs_a_transaction(own_database):
    with tenant_context(get_tenant("alpha")), pytest.raises(RuntimeError):
        hold_chain()


def test_held_pages_are_as_they_are_now(alpha):
    page = factories.draft_article()
    stale = Page.objects.get(pk=page.pk)
    Page.objects.filter(pk=page.pk).update(draft_title="anders")
    with holding(pages=[page.pk, 2**40]) as held:
        assert held.page(page.pk).draft_title == "anders" != stale.draft_title
        assert list(held.pages) == [page.pk]
        with pytest.raises(Page.DoesNotExist):
            held.page(2**40)


@pytest.mark.parametrize("what", ["chain", "page"])
def test_a_wait_ends_with_words_and_nothing_done(own_database, settings, what):
    settings.LOCK_WAIT_SECONDS = 1
    with tenant_context(get_tenant("alpha")):
        page = factories.live_article()
    takes = {
        "chain": hold_chain,
        "page": lambda: list(locking(Page.objects.filter(pk=page.pk))),
    }
    with Elsewhere(takes[what]), tenant_context(get_tenant("alpha")):
        with pytest.raises(Busy) as told:
            withdraw_page(page, acting_user=factories.user("alpha_content"), reason="来源有误。")
        assert told.value.reasons == ["有人正在办理同一事项，等待超时，本次操作没有生效，请稍后再试。"]
        assert Page.objects.get(pk=page.pk).live
    with tenant_context(get_tenant("alpha")):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="来源有误。")
        assert not Page.objects.get(pk=page.pk).live


def test_another_site_does_not_wait(own_database, settings):
    settings.LOCK_WAIT_SECONDS = 1
    with Elsewhere(hold_chain), tenant_context(get_tenant("beta")), holding():
        pass


def test_rows_that_name_a_held_account_may_be_added(own_database, settings):
    """Whoever writes down who did something does not wait for whoever changes that account."""
    from govplatform.accounts.models import Absence, User

    settings.LOCK_WAIT_SECONDS = 1
    person, deputy = factories.user("alpha_editor"), factories.user("alpha_editor2")
    with Elsewhere(lambda: list(locking(User.objects.filter(pk=person.pk)))), holding(PLATFORM_CHAIN):
        Absence.objects.create(person=person, deputy=deputy, starts_on="2026-03-02", ends_on="2026-03-03")


def test_a_chain_out_of_order_is_waited_for_in_short_stretches(own_database, settings):
    settings.LOCK_WAIT_SECONDS = 30
    with tenant_context(get_tenant("beta")), transaction.atomic():
        hold_chain()
        with Elsewhere(hold_chain) as other:
            # Longer than one stretch: the wait goes on.
            threading.Timer(0.7, other.done.set).start()
            assert hold_chain_giving_way("site_alpha")
        assert "site_alpha" in connection.held_chains
        # What is held already is had at once, also when it was forgotten with a savepoint.
        connection.held_chains.clear()
        assert hold_chain_giving_way("site_alpha")


def test_whoever_holds_it_and_waits_for_us_goes_first(own_database):
    """Through a third one, too: the chain's holder waits for somebody who waits for us."""
    with tenant_context(get_tenant("alpha")):
        page = factories.live_article()
        other = factories.live_article()
    locked, done = threading.Event(), []

    def between():
        # Holds one page and waits for the other.
        list(locking(Page.objects.filter(pk=other.pk)))
        locked.set()
        list(locking(Page.objects.filter(pk=page.pk)))
        done.append("between")

    def holder():
        hold_chain()
        assert locked.wait(60)
        threading.Thread(target=released).start()
        list(locking(Page.objects.filter(pk=other.pk)))
        done.append("holder")

    held = threading.Event()

    def released():
        held.set()

    def run(act):
        try:
            with tenant_context(get_tenant("alpha")), transaction.atomic():
                act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in (between, holder)]
    with tenant_context(get_tenant("beta")), transaction.atomic():
        with tenant_context(get_tenant("alpha")):
            sid = transaction.savepoint()
            list(locking(Page.objects.filter(pk=page.pk)))
        for thread in threads:
            thread.start()
        assert locked.wait(60) and held.wait(60)
        assert not hold_chain_giving_way("site_alpha")
        transaction.savepoint_rollback(sid)
        for thread in threads:
            thread.join()
        assert done == ["between", "holder"]
        assert hold_chain_giving_way("site_alpha")


def test_a_chain_that_is_held_for_too_long_ends_in_words(own_database, settings):
    settings.LOCK_WAIT_SECONDS = 1
    with Elsewhere(hold_chain), tenant_context(get_tenant("beta")), transaction.atomic(), pytest.raises(Busy):
        hold_chain_giving_way("site_alpha")
