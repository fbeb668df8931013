"""The chain tells of every change that was made to it, and nobody can make one in passing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django_tenants.utils import schema_context

from govplatform.audit.actions import anchor_chains, record_act
from govplatform.audit.chain import GENESIS, find_chain_faults, hash_entry, head_of
from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.locks.holding import holding
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.queries import get_tenant

ALPHA, BETA = "site_alpha", "site_beta"


def _write(chain: str, count: int = 5) -> None:
    with transaction.atomic():
        for number in range(count):
            record_act("test.act", acting_user=None, detail={"number": number}, chain=chain)


@contextmanager
def _triggers_off() -> Iterator[CursorWrapper]:
    """What only the owner of the tables can do, and only on purpose."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE public.audit_entry DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("ALTER TABLE public.audit_entry ENABLE TRIGGER USER")


def _faults() -> list[str]:
    return find_chain_faults()[1]


def _refused(statement: str, *values: Any) -> str:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(refusal.value)


# --- what is found ------------------------------------------------------------------------


def test_an_untouched_record_has_no_faults(db):
    _write(ALPHA)
    _write(BETA)
    anchor_chains()
    checked, faults = find_chain_faults()
    assert faults == []
    assert checked == Entry.objects.count()


@pytest.mark.parametrize(
    "change",
    [
        "act = 'test.other'",
        "actor_name = '别人'",
        "actor_id = 1",
        "object_title = '另一件'",
        "detail = '{\"number\": 99}'",
        "at = at + interval '1 second'",
    ],
)
def test_a_changed_row_is_named(db, change):
    _write(ALPHA)
    number = head_of(ALPHA).number - 2
    with _triggers_off() as cursor:
        cursor.execute(f"UPDATE public.audit_entry SET {change} WHERE chain = %s AND number = %s", [ALPHA, number])
    (fault,) = _faults()
    assert f"{ALPHA} 第 {number} 号" in fault


def test_a_row_changed_with_its_hash_no_longer_links(db):
    _write(ALPHA)
    number = head_of(ALPHA).number - 2
    entry = Entry.objects.get(chain=ALPHA, number=number)
    entry.act = "test.other"
    with _triggers_off() as cursor:
        cursor.execute(
            "UPDATE public.audit_entry SET act = 'test.other', hash = %s WHERE id = %s", [hash_entry(entry), entry.pk]
        )
    (fault,) = _faults()
    assert f"{ALPHA} 第 {number + 1} 号" in fault


def test_a_row_deleted_in_the_middle_is_seen(db):
    _write(ALPHA)
    number = head_of(ALPHA).number - 2
    with _triggers_off() as cursor:
        cursor.execute("DELETE FROM public.audit_entry WHERE chain = %s AND number = %s", [ALPHA, number])
    assert any("缺少记录" in fault and ALPHA in fault for fault in _faults())


def test_the_first_row_deleted_is_seen(db):
    _write(ALPHA)
    with _triggers_off() as cursor:
        cursor.execute("DELETE FROM public.audit_entry WHERE chain = %s AND number = 1", [ALPHA])
    assert any("缺少记录" in fault and ALPHA in fault for fault in _faults())


def test_a_tail_cut_off_after_an_anchor_is_seen(db):
    _write(ALPHA)
    anchor_chains()
    with _triggers_off() as cursor:
        cursor.execute(
            "DELETE FROM public.audit_entry WHERE chain = %s AND number > %s", [ALPHA, head_of(ALPHA).number - 2]
        )
    (fault,) = _faults()
    assert ALPHA in fault
    assert "末尾被截去" in fault


def test_a_chain_missing_as_a_whole_is_seen_and_stays_seen(db):
    _write(ALPHA)
    anchor_chains()
    with _triggers_off() as cursor:
        cursor.execute("DELETE FROM public.audit_entry WHERE chain = %s", [ALPHA])
    assert any(ALPHA in fault and "整条不见" in fault for fault in _faults())
    _write(BETA)
    anchor_chains()
    assert any(ALPHA in fault and "整条不见" in fault for fault in _faults())


def test_a_tail_that_was_cut_off_and_written_anew_is_seen_after_the_next_anchor(db):
    _write(ALPHA)
    anchor_chains()
    with _triggers_off() as cursor:
        cursor.execute(
            "DELETE FROM public.audit_entry WHERE chain = %s AND number > %s", [ALPHA, head_of(ALPHA).number - 2]
        )
    _write(ALPHA, 6)
    anchor_chains()
    assert any(ALPHA in fault and "锚记不符" in fault for fault in _faults())


def test_a_chain_written_anew_with_right_hashes_differs_from_its_anchor(db):
    _write(ALPHA)
    anchor_chains()
    previous = GENESIS
    rows = list(Entry.objects.filter(chain=ALPHA).order_by("number"))
    with _triggers_off() as cursor:
        for entry in rows:
            entry.actor_name, entry.previous_hash = "别人", previous
            previous = hash_entry(entry)
            cursor.execute(
                "UPDATE public.audit_entry SET actor_name = '别人', previous_hash = %s, hash = %s WHERE id = %s",
                [entry.previous_hash, previous, entry.pk],
            )
    (fault,) = _faults()
    assert ALPHA in fault
    assert "锚记不符" in fault


def test_a_changed_anchor_is_seen(db):
    _write(ALPHA)
    anchor = anchor_chains()
    assert anchor is not None
    with _triggers_off() as cursor:
        cursor.execute(
            "UPDATE public.audit_entry SET detail = jsonb_set(detail, '{heads,site_alpha,0}', '1') WHERE id = %s",
            [anchor.pk],
        )
    assert any(f"{PLATFORM_CHAIN} 第 {anchor.number} 号" in fault for fault in _faults())


def test_an_anchor_is_written_only_when_something_moved(db):
    _write(ALPHA)
    assert anchor_chains() is not None
    assert anchor_chains() is None
    _write(BETA, 1)
    anchor = anchor_chains()
    assert anchor is not None
    assert anchor.detail["heads"][BETA] == [head_of(BETA).number, head_of(BETA).hash]


def test_the_verb_names_the_fault_and_ends_with_one(verb):
    assert verb("verify_audit", "--json").returncode == 0
    _write(ALPHA)
    with transaction.atomic(), _triggers_off() as cursor:
        cursor.execute("UPDATE public.audit_entry SET act = 'x' WHERE chain = %s AND number = 2", [ALPHA])
    done = verb("verify_audit", "--json")
    assert done.returncode == 1
    assert f"{ALPHA} 第 2 号" in done.stdout


# --- what is refused ----------------------------------------------------------------------

CHANGES = [
    "UPDATE public.audit_entry SET act = 'x'",
    "DELETE FROM public.audit_entry",
    "TRUNCATE public.audit_entry",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_application_may_not_change_the_record(db, statement):
    _write(ALPHA, 1)
    assert "permission denied" in _refused(statement)


@pytest.mark.parametrize("statement", CHANGES)
def test_not_even_the_owner_changes_the_record_in_passing(db, statement):
    _write(ALPHA, 1)
    with as_owner():
        assert "append-only" in _refused(statement)


def test_the_application_cannot_switch_the_triggers_off(db):
    assert "owner" in _refused("ALTER TABLE public.audit_entry DISABLE TRIGGER USER")
    assert "permission denied" in _refused("SET session_replication_role = replica")


_INSERT = (
    "INSERT INTO public.audit_entry (chain, number, at, act, actor_name, object_type, object_id, object_title,"
    " detail, previous_hash, hash) VALUES (%s, %s, now(), 'forged', '别人', '', '', '', '{}', %s, %s)"
)


@pytest.mark.parametrize(
    ("step", "linked"), [(1, False), (2, True), (0, True), (-1, True)], ids=["unlinked", "gap", "again", "earlier"]
)
def test_a_forged_row_that_does_not_follow_is_refused(db, step, linked):
    _write(ALPHA)
    head = head_of(ALPHA)
    answer = _refused(_INSERT, ALPHA, head.number + step, head.hash if linked else "1" * 64, "2" * 64)
    assert "does not follow" in answer


def test_a_forged_beginning_of_a_chain_is_refused(db):
    assert "must begin" in _refused(_INSERT, "site_new", 2, GENESIS, "2" * 64)
    assert "must begin" in _refused(_INSERT, "site_new", 1, "1" * 64, "2" * 64)


def test_a_forged_row_at_the_end_is_told_by_its_hash(db):
    _write(ALPHA)
    head = head_of(ALPHA)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [ALPHA, head.number + 1, head.hash, "2" * 64])
    assert any(f"{ALPHA} 第 {head.number + 1} 号" in fault for fault in _faults())


# --- one transaction with the act ---------------------------------------------------------


def test_an_act_outside_a_transaction_is_not_recorded(own_database):
    with pytest.raises(RuntimeError, match="transaction"):
        record_act("test.act", acting_user=None, chain=ALPHA)
    assert not Entry.objects.filter(act="test.act").exists()


def test_the_act_and_its_record_are_rolled_back_together(own_database):
    tenant = get_tenant("alpha")
    before = head_of(ALPHA)
    with pytest.raises(ZeroDivisionError), holding(ALPHA):
        tenant.contact = "改过"
        tenant.save()
        record_act("test.act", acting_user=None, obj=tenant, chain=ALPHA)
        _ = 1 / 0
    assert get_tenant("alpha").contact != "改过"
    assert head_of(ALPHA) == before


def test_a_record_that_fails_takes_its_act_along(own_database):
    tenant = get_tenant("alpha")
    with pytest.raises(DatabaseError), holding(ALPHA):
        tenant.contact = "改过"
        tenant.save()
        record_act("x" * 200, acting_user=None, obj=tenant, chain=ALPHA)
    assert get_tenant("alpha").contact != "改过"


# --- many writers -------------------------------------------------------------------------


def _in_threads(work: Callable[[int], None], count: int) -> None:
    failures: list[BaseException] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_eight_writers_on_one_chain_leave_no_gap(own_database):
    before = head_of(ALPHA).number

    def write(writer: int) -> None:
        with schema_context(ALPHA):
            for number in range(20):
                with transaction.atomic():
                    record_act("test.act", acting_user=None, detail={"writer": writer, "number": number})

    _in_threads(write, 8)
    numbers = list(Entry.objects.filter(chain=ALPHA).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, before + 8 * 20 + 1))
    assert _faults() == []


def test_the_writers_of_two_sites_do_not_wait_for_each_other(own_database):
    waited: dict[str, BaseException | None] = {}

    def write(chain: str) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '700ms'")
                record_act("test.act", acting_user=None, chain=chain)
            waited[chain] = None
        except DatabaseError as error:
            waited[chain] = error
        finally:
            connection.close()

    with transaction.atomic():
        record_act("test.act", acting_user=None, chain=ALPHA)
        for chain in (BETA, PLATFORM_CHAIN, ALPHA):
            thread = threading.Thread(target=write, args=(chain,))
            thread.start()
            thread.join()
    assert waited[BETA] is None
    assert waited[PLATFORM_CHAIN] is None
    # and the lock that was held is one
    assert "lock timeout" in str(waited[ALPHA])
    assert _faults() == []
