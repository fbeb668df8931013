"""The check that the whole suite runs under: what it calls a lock, and when it calls two orders a circle."""

import pytest
from django.db import connection, transaction
from django.db.models import F
from wagtail.models import Page

from content_library.models import Resource
from govplatform.accounts.models import Membership
from govplatform.locks.holding import hold_chain, hold_chain_giving_way
from govplatform.locks.order import PLATFORM_CHAIN
from govplatform.tenancy.models import Tenant
from tests.lock_order import GUARDED, LockOrder, Recorder, Seen, house_order, locks_of


@pytest.mark.parametrize(
    ("sql", "locks"),
    [
        ("SELECT pg_advisory_xact_lock(hashtext(%s), 7)", ("chain",)),
        ("SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock(hashtext(%s), 7)", ("chain",)),
        ('SELECT "wagtailcore_page"."id" FROM "wagtailcore_page" WHERE "wagtailcore_page"."id" = %s', ()),
        ('SELECT * FROM "wagtailcore_page" WHERE "id" = %s FOR NO KEY UPDATE OF "wagtailcore_page"', ("page",)),
        ('UPDATE "wagtailcore_revision" SET "approved_go_live_at" = NULL WHERE "id" = %s', ("page",)),
        ('DELETE FROM "confidentiality_scan" WHERE "id" IN (%s)', ("page",)),
        (
            'SELECT * FROM "content_library_resource" INNER JOIN "tenancy_tenant" T3 ON (1 = 1)'
            ' WHERE "id" = %s FOR UPDATE OF "content_library_resource"',
            ("content_library_resource",),
        ),
        ("SELECT 1 FROM public.content_library_resource WHERE id = %s FOR SHARE", ("content_library_resource",)),
        (
            "WITH h AS (SELECT m.id FROM public.accounts_membership m JOIN public.tenancy_tenant t ON true"
            " FOR KEY SHARE OF m) SELECT 1 FROM public.accounts_user u",
            ("accounts_membership",),
        ),
        ('INSERT INTO "pushes_pushtarget" ("id") VALUES (%s)', ()),
        (
            'INSERT INTO "dictionaries_dictionarystamp" ("id") VALUES (%s)'
            ' ON CONFLICT ("id") DO UPDATE SET "value" = 1',
            ("dictionaries_dictionarystamp",),
        ),
        ("SELECT c.id FROM wagtailcore_page c LEFT JOIN x w ON true WHERE c.id = 1 FOR UPDATE OF c", ("page",)),
        ('UPDATE "procrastinate_jobs" SET "status" = %s', ()),
    ],
)
def test_a_statement_locks(sql, locks):
    assert locks_of(sql) == locks


def seen(order: LockOrder, *locks: str) -> None:
    held: dict[str, Seen] = {}
    for lock in locks:
        how = Seen(f"locks {lock}", f"test of {'-'.join(locks)}")
        order.note(held, lock, how)
        held.setdefault(lock, how)


def test_the_order_of_the_house_is_no_fault():
    order = LockOrder()
    seen(order, "chain", "page", "accounts_membership", "content_library_resource", "content_library_repost")
    seen(order, "chain", "content_library_resource", "pushes_pushtarget")
    assert order.faults() == []


def test_against_the_order_of_the_house_one_act_is_enough():
    order = LockOrder()
    seen(order, "page", "chain")
    [fault] = order.faults()
    assert "page -> chain -> page" in fault
    assert "locks chain" in fault and "test of page-chain" in fault


def test_two_acts_make_a_circle_of_what_the_house_does_not_order():
    order = LockOrder()
    seen(order, "axes_accessattempt", "otp_totp_totpdevice")
    assert order.faults() == []
    seen(order, "otp_totp_totpdevice", "accounts_absence")
    seen(order, "accounts_absence", "axes_accessattempt")
    [fault] = order.faults()
    for test in ("axes_accessattempt-otp_totp_totpdevice", "accounts_absence-axes_accessattempt"):
        assert test in fault


def test_behind_the_chain_of_its_site_a_page_is_waited_for_by_nobody():
    order = LockOrder()
    seen(order, "chain", "accounts_membership", GUARDED)
    seen(order, "chain", GUARDED, "accounts_membership")
    assert order.faults() == []
    # Somebody who takes a page without the chain may stand in the way of both.
    seen(order, "page", "accounts_membership")
    assert any("accounts_membership" in fault for fault in order.faults())


def test_what_two_workers_saw_is_judged_together():
    one, other = LockOrder(), LockOrder()
    seen(one, "accounts_absence", "axes_accessattempt")
    seen(other, "axes_accessattempt", "accounts_absence")
    assert one.faults() == other.faults() == []
    one.merge(other.as_plain())
    assert len(one.faults()) == 1


def test_every_table_of_the_order_exists():
    from django.apps import apps

    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    named = {name for edge in house_order() for name in edge} - {"chain", GUARDED}
    assert named <= known


@pytest.fixture
def recorded(alpha):
    """A recorder of this test alone: what is done wrongly here on purpose is not held against the suite."""
    order, before = LockOrder(), list(connection.execute_wrappers)
    connection.execute_wrappers[:] = [Recorder(connection, order)]
    yield order
    connection.execute_wrappers[:] = before


def test_an_act_inside_a_test_s_own_transaction_is_seen_as_its_own(recorded):
    with transaction.atomic():
        Page.objects.filter(depth=2).update(show_in_menus=True)
    with transaction.atomic():
        hold_chain()
    assert recorded.edges == {}
    with transaction.atomic():
        Page.objects.filter(depth=2).update(show_in_menus=True)
        hold_chain()
    assert list(recorded.edges) == [("page", "chain")]


def test_chains_out_of_their_order_are_told(recorded):
    with transaction.atomic():
        hold_chain("platform", "site_beta", "site_alpha")
    assert recorded.unsorted == []
    with transaction.atomic():
        hold_chain("site_beta")
        hold_chain("site_alpha")
    assert "the chain site_alpha is taken after site_beta" in recorded.unsorted[0]


def roles_before_pages(*chains):
    with transaction.atomic():
        hold_chain(*chains)
        Membership.objects.update(role=F("role"))
        Page.objects.filter(depth=2).update(show_in_menus=True)


def test_an_act_that_holds_every_chain_crosses_with_nobody(recorded):
    sites = list(Tenant.objects.values_list("schema_name", flat=True))
    roles_before_pages(*sites, PLATFORM_CHAIN)
    assert recorded.edges == {}
    roles_before_pages("site_alpha", PLATFORM_CHAIN)
    assert ("accounts_membership", GUARDED) in recorded.edges
    roles_before_pages("site_beta", PLATFORM_CHAIN)
    assert ("accounts_membership", "page") in recorded.edges


def test_what_gives_way_stands_in_nobody_s_way(recorded):
    with transaction.atomic():
        hold_chain("site_alpha")
        Resource.objects.update(title=F("title"))
        assert hold_chain_giving_way("site_beta")
        Tenant.objects.update(code=F("code"))
    assert recorded.faults() == []
    assert ("content_library_resource", "chain") not in recorded.edges
    assert ("chain", "tenancy_tenant") in recorded.edges
    assert ("content_library_resource", "tenancy_tenant") not in recorded.edges


def test_what_a_savepoint_gave_back_is_held_no_more(recorded):
    with transaction.atomic():
        try:
            with transaction.atomic():
                hold_chain("site_beta")
                Tenant.objects.update(code=F("code"))
                raise LookupError
        except LookupError:
            pass
        hold_chain("site_alpha", "site_beta")
        Resource.objects.update(title=F("title"))
    assert recorded.faults() == []
    assert ("tenancy_tenant", "content_library_resource") not in recorded.edges
