"""What a killed dump or restoring leaves in the database is named, and cleared away where nobody is at work."""

import pytest
from django.db import connection, transaction

from govplatform.lifecycle.dumping.catalogue import exists
from govplatform.lifecycle.dumping.taking import one_at_a_time, scratch_of
from govplatform.lifecycle.ending.tasks import remove_left_schemas
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.isolation import find_isolation_faults
from govplatform.tenancy.working_schemas import left_schemas

LEFT = ("restoring_site_beta", "scratch_site_alpha")


@pytest.fixture
def left(own_database):
    with as_owner(), connection.cursor() as cursor:
        for name in (*LEFT, "scratchpad", "scratch_pad", "restoring_of_others"):
            cursor.execute(f"CREATE SCHEMA {name}")
            cursor.execute(f"CREATE TABLE {name}.wagtailcore_page (id int)")


def test_they_are_named_and_cleared_away(left):
    assert scratch_of("site_alpha") == LEFT[1]
    faults = find_isolation_faults()[1]
    assert [name for name in LEFT if any(name in fault and "每小时清除" in fault for fault in faults)] == list(LEFT)
    assert len(faults) == len(LEFT)
    remove_left_schemas.func(0)
    assert not any(exists(name) for name in LEFT)
    assert find_isolation_faults()[1] == []
    # What others keep in the same database is none of ours.
    assert exists("scratchpad") and exists("scratch_pad") and exists("restoring_of_others")
    assert exists("site_alpha") and exists("site_beta")


def test_those_of_a_dump_at_work_stay(left):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('dump:site_alpha'), 11)")
            assert left_schemas() == [LEFT[0]]
            remove_left_schemas.func(0)
            assert exists(LEFT[1]) and not exists(LEFT[0])
            cursor.execute("SELECT pg_advisory_unlock(hashtext('dump:site_alpha'), 11)")
    finally:
        other.close()
    remove_left_schemas.func(0)
    assert not exists(LEFT[1])


def test_to_look_keeps_nobody_from_working(left):
    left_schemas()
    with transaction.atomic(), one_at_a_time("site_alpha"):
        assert exists(LEFT[1])
