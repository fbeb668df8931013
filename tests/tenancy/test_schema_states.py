"""What is kept of the schemas is never trusted longer than it holds."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.refusals import Refused
from govplatform.tenancy import schema_states
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.fleet import check_fleet, migrate_fleet
from govplatform.tenancy.frame import frames
from govplatform.tenancy.models import SchemaState, Tenant
from govplatform.tenancy.schema_states import WATCHED, migration_digests, read_states


@pytest.fixture
def owner(own_database):
    """A session of the tables' owner; what the platform knew before is up to date."""
    assert check_fleet().current == 3
    with psycopg.connect(own_database, autocommit=True) as session:
        yield session


@pytest.fixture
def as_the_owner(db):
    """``as_the_owner(statement)``: the same in the transaction of the test, where what it changes need not last."""
    assert check_fleet().current == 3

    def execute(statement):
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(statement)

    return execute


def current():
    report = check_fleet()
    return report.current, [failure["site"] for failure in report.failed]


def test_a_check_reads_no_schema_again(owner):
    with CaptureQueriesContext(connection) as captured:
        assert current() == (3, [])
    assert not [query["sql"] for query in captured if '"site_alpha".' in query["sql"]]


CHANGES = {
    "lacks a migration": "DELETE FROM site_beta.django_migrations WHERE app = 'media' AND name LIKE '0001%'",
    "has another": "INSERT INTO site_beta.django_migrations (app, name, applied) VALUES ('media', '0900_x', now())",
    "has one under another name": "UPDATE site_beta.django_migrations SET name = name || 'x' WHERE app = 'media'",
    "has none": "TRUNCATE site_beta.django_migrations",
    "has a role more": "INSERT INTO site_beta.auth_group (name) VALUES ('rogue')",
    "a role lost its rights": "DELETE FROM site_beta.auth_group_permissions",
    "a role lost its pages": "DELETE FROM site_beta.wagtailcore_grouppagepermission",
    "a role lost its collections": "TRUNCATE site_beta.wagtailcore_groupcollectionpermission",
    "a right is called otherwise": "UPDATE site_beta.auth_permission SET codename = 'x' WHERE codename = 'add_page'",
    "a model is another app's": "UPDATE site_beta.django_content_type SET app_label = 'x' WHERE model = 'admin'",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_is_changed_by_whatever_way_is_noticed(as_the_owner, change):
    as_the_owner(change)
    assert current() == (2, [])
    assert current() == (2, [])
    assert Tenant.objects.count() == 3


def test_the_application_s_own_changes_are_noticed_though_it_may_not_write_the_record(owner):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM site_beta.wagtailcore_grouppagepermission")
        cursor.execute("SELECT current_user, has_table_privilege('public.tenancy_schemastate', 'UPDATE')")
        assert cursor.fetchone() == (settings.APP_DATABASE_ROLE, False)
    assert current() == (2, [])


def test_a_schema_that_is_gone_is_named_and_the_others_are_migrated(owner):
    owner.execute("DROP SCHEMA site_beta CASCADE")
    assert current() == (2, ["site_beta"])
    report = migrate_fleet()
    assert ([failure["site"] for failure in report.failed], report.current) == (["site_beta"], 2)


def test_a_schema_that_was_made_again_is_read_again(owner):
    owner.execute("ALTER SCHEMA site_beta RENAME TO site_kept")
    owner.execute("CREATE SCHEMA site_beta")
    for table in (*WATCHED, "wagtailcore_page", "wagtailcore_collection"):
        owner.execute(
            sql.SQL("CREATE TABLE site_beta.{t} AS SELECT * FROM site_kept.{t}").format(t=sql.Identifier(table))
        )
    owner.execute("DELETE FROM site_beta.django_migrations WHERE app = 'media'")
    assert current() == (2, [])


@pytest.mark.parametrize("table", WATCHED)
def test_without_its_triggers_a_schema_is_read_each_time(as_the_owner, table):
    as_the_owner(sql.SQL("ALTER TABLE site_beta.{t} DISABLE TRIGGER gov_note_state").format(t=sql.Identifier(table)))
    assert current() == (3, [])
    as_the_owner("ALTER TABLE site_beta.django_migrations DISABLE TRIGGER USER")
    as_the_owner("DELETE FROM site_beta.django_migrations WHERE app = 'media'")
    assert current() == (2, [])


def test_what_changes_while_it_is_read_is_not_kept_as_it_was(owner, monkeypatch):
    owner.execute("UPDATE site_beta.auth_group SET name = name")
    read = schema_states._read

    def read_and_be_overtaken(schemas):
        found = read(schemas)
        owner.execute("DELETE FROM site_beta.django_migrations WHERE app = 'media'")
        return found

    monkeypatch.setattr(schema_states, "_read", read_and_be_overtaken)
    check_fleet()
    monkeypatch.undo()
    assert current() == (2, [])


def test_a_new_site_is_known_without_being_read(own_database):
    check_fleet()
    open_site(
        NewSite(
            code="gamma", host="gamma.localhost", console_host="gamma.console.localhost", full_name="测试站点",
            kind="portal", level="county",
        ),
        acting_user=None,
    )  # fmt: skip
    kept = SchemaState.objects.get(schema_name="site_gamma")
    assert kept.migrations == migration_digests(["site_gamma"])["site_gamma"]
    assert kept.rights == frames(["site_gamma"])["site_gamma"]
    assert current() == (4, [])


def test_a_database_of_an_earlier_version_is_checked_too(owner):
    owner.execute("DROP TABLE public.tenancy_schemastate")
    assert set(read_states(["site_alpha", "site_beta", "site_none"])) == {"site_alpha", "site_beta"}


def test_without_a_template_the_check_says_so(owner):
    owner.execute(f"DROP SCHEMA {settings.TEMPLATE_SCHEMA} CASCADE")
    with pytest.raises(Refused, match="init_platform"):
        check_fleet()
