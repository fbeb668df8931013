"""The application's database login: what it cannot do even with SQL of its own (decision 004)."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests import database

ALPHA = "site_alpha"


@pytest.fixture(scope="module")
def attacked(django_db_setup, django_db_blocker):
    """URL of one database for all of them: what is refused leaves it as it was."""
    with django_db_blocker.unblock():
        name = database.clone_prepared("attacked")
        yield database.database_url(name)
        database.drop_database(name)


@pytest.fixture
def as_application(attacked):
    """A connection that logged in as the application, standing in alpha's schema."""
    with psycopg.connect(attacked, user=settings.APP_DATABASE_ROLE, autocommit=True) as session:
        session.execute(f'SET search_path = "{ALPHA}", public')
        yield session


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE wagtailcore_page DISABLE TRIGGER ALL",
        "ALTER TABLE wagtailcore_page DISABLE TRIGGER gov_gate",
        "DROP TRIGGER gov_gate ON wagtailcore_page",
        "DROP TRIGGER refuse_change ON public.audit_entry",
        "DROP FUNCTION public.gov_gate_page() CASCADE",
        "CREATE OR REPLACE FUNCTION public.gov_gate_page() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
        "UPDATE public.audit_entry SET act = 'x'",
        "DELETE FROM public.audit_entry",
        "TRUNCATE public.audit_entry",
        "UPDATE review_decision SET opinion = 'x'",
        "DELETE FROM review_decision",
        "TRUNCATE review_decision CASCADE",
        "TRUNCATE review_clearance CASCADE",
        "DROP TABLE review_clearance CASCADE",
        "ALTER TABLE review_clearance RENAME TO elsewhere",
        "UPDATE django_content_type SET model = 'column2' WHERE model = 'column'",
        "INSERT INTO auth_group_permissions (group_id, permission_id) VALUES (1, 1)",
        "UPDATE auth_group SET name = 'x'",
        "DELETE FROM django_migrations",
        "CREATE SCHEMA elsewhere",
        "CREATE TABLE public.elsewhere (id int)",
        "CREATE FUNCTION public.elsewhere() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE ROLE elsewhere",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ],
)
def test_refused_to_the_application(as_application, statement):
    with pytest.raises(psycopg.Error):
        as_application.execute(statement)


def test_the_application_does_not_become_the_owner(as_application):
    owner = connection.settings_dict["USER"] or "postgres"
    with pytest.raises(psycopg.Error):
        as_application.execute(f'SET ROLE "{owner}"')
    as_application.execute("RESET ROLE")
    current = as_application.execute("SELECT current_user").fetchone()
    assert current == (settings.APP_DATABASE_ROLE,)


def test_temporary_tables_do_not_stand_in_for_the_gate_s(as_application):
    """A temporary ``review_clearance`` comes first in the search path; the gate names its schema."""
    as_application.execute("CREATE TEMP TABLE review_clearance (page_id int, revision_id int, status text)")
    as_application.execute("CREATE TEMP TABLE django_content_type (id int, app_label text, model text)")
    article = as_application.execute(
        "INSERT INTO wagtailcore_page SELECT (jsonb_populate_record(p, jsonb_build_object('id', 900001, 'path',"
        " '000100019999', 'depth', 3, 'live', false, 'first_published_at', null, 'translation_key',"
        " gen_random_uuid(), 'content_type_id', (SELECT id FROM "
        f"{ALPHA}.django_content_type WHERE model = 'article')))).*"
        " FROM wagtailcore_page p WHERE depth = 2 RETURNING id"
    ).fetchone()
    with pytest.raises(psycopg.Error, match="clearance"):
        as_application.execute("UPDATE wagtailcore_page SET live = true WHERE id = %s", article)
