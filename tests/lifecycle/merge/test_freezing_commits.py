"""A frozen site with real commits: other connections, jobs, a migration of the fleet."""

import json
from functools import partial

import pytest
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context
from wagtail.models import Page

from govplatform.audit.models import Entry
from govplatform.consequences.models import Consequence
from govplatform.consequences.running import run_subject
from govplatform.consequences.tasks import take_up_again
from govplatform.refusals import Refused
from govplatform.tenancy.freezing import SiteFrozen
from govplatform.tenancy.jobs import run_in_schema
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.consequences.happening import Called, as_job, ring

from .frozen import WORDS, freeze, rights_in, thaw


def as_the_application(act):
    """What ``act`` raises on a connection that logs in as web servers do."""
    known = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict["USER"] = settings.APP_DATABASE_ROLE
    try:
        return act()
    finally:
        connection.close()
        connection.settings_dict.update(known)


def test_whoever_asks_for_it_freezes_and_only_the_owner_s_login_opens_again(own_database):
    before = rights_in("site_beta")
    as_the_application(freeze)
    assert get_tenant("beta").frozen and rights_in("site_beta") != before
    with tenant_context(get_tenant("beta")), pytest.raises(SiteFrozen):
        Page.objects.update(title="x")
    with pytest.raises(Refused, match="所有者权限"):
        as_the_application(thaw)
    assert get_tenant("beta").frozen
    thaw()
    assert not get_tenant("beta").frozen and rights_in("site_beta") == before


def test_the_function_takes_rights_from_a_frozen_site_alone(own_database):
    def close(schema):
        with connection.cursor() as cursor:
            cursor.execute("SELECT public.gov_close_frozen(%s)", [schema])

    before = {schema: rights_in(schema) for schema in ("site_alpha", "public")}
    for schema in ("site_alpha", "public", "nowhere", "site_alpha; DROP SCHEMA public"):
        with pytest.raises(ProgrammingError, match="is not frozen"):
            as_the_application(partial(close, schema))
    assert {schema: rights_in(schema) for schema in before} == before


def test_a_migration_of_the_fleet_leaves_it_frozen(verb):
    freeze()
    before = rights_in("site_beta")
    done = verb("migrate_fleet", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert rights_in("site_beta") == before


def test_whoever_knows_an_older_state_of_the_site_is_refused_in_the_same_words(own_database):
    stale = get_tenant("beta")
    freeze()
    assert not stale.frozen
    with tenant_context(stale), pytest.raises(SiteFrozen) as refused:
        Page.objects.update(title="x")
    assert refused.value.reasons == [WORDS]


def test_it_is_not_frozen_while_somebody_writes_there_without_its_chain(own_database, settings):
    settings.LOCK_WAIT_SECONDS = 1
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("UPDATE site_beta.wagtailcore_page SET title = title")
            with pytest.raises(OperationalError, match="lock timeout"):
                freeze()
            cursor.execute("COMMIT")
        connection.close()
        assert not get_tenant("beta").frozen
        freeze()
    finally:
        other.close()
    assert get_tenant("beta").frozen


def test_a_job_of_the_site_is_put_off_and_ends_when_the_site_is_retired(own_database):
    with tenant_context(get_tenant("beta")):
        page = factories.draft_article("beta_editor")
    freeze()
    scan = {"task_path": "tests.lifecycle.merge.jobs.touch_page", "args": [page.pk], "kwargs": {}}
    run_in_schema(schema="site_beta", site="site_beta", **scan)
    [(args, at)] = waiting_jobs("touch_page")
    assert (args["schema"], args["args"]) == ("site_beta", [page.pk])
    assert at > timezone.now()
    Tenant.objects.filter(code="beta").update(status=Tenant.Status.RETIRED)
    run_in_schema(schema="site_beta", site="site_beta", **scan)
    assert len(waiting_jobs("touch_page")) == 1


def waiting_jobs(name):
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT args, scheduled_at FROM procrastinate_jobs WHERE status = 'todo' AND args ->> 'task_path' LIKE %s",
            [f"%.{name}"],
        )
        return [(json.loads(args) if isinstance(args, str) else args, at) for args, at in cursor.fetchall()]


def test_what_follows_an_act_there_waits_and_costs_no_attempt(own_database):
    beta = get_tenant("beta")

    class Writes(Called):
        def __call__(self, number):
            Page.objects.update(title="x")

    with tenant_context(beta), as_job(Writes()):
        row = ring(beta)
        freeze()
        with schema_context("public"):
            run_subject(row.schema, row.subject_type, row.subject_id)
        row = Consequence.objects.get(pk=row.pk)
        assert (row.state, row.attempts, row.error) == ("ready", 0, WORDS)
        assert row.next_at > timezone.now()


def test_what_follows_an_act_there_ends_with_its_reason_when_the_site_is_retired(own_database, console):
    beta = get_tenant("beta")

    class Writes(Called):
        def __call__(self, number):
            Page.objects.update(title="x")

    with tenant_context(beta), as_job(Writes()):
        row, other = ring(beta), ring(beta, 1)
        freeze()
        Tenant.objects.filter(code="beta").update(status=Tenant.Status.RETIRED)
        with schema_context("public"):
            run_subject(row.schema, row.subject_type, row.subject_id)
    for one in Consequence.objects.filter(pk__in=(row.pk, other.pk)):
        assert (one.state, one.attempts, one.open) == ("failed", 1, False)
        assert one.given_up_reason == ("“澄州市白石县人民政府”已并入“云江省澄州市人民政府”并关停，这一事项不再办理。")
    ended = Entry.objects.filter(act="consequence.give_up")
    assert {entry.object_id for entry in ended} == {str(row.pk), str(other.pk)}
    assert {(entry.chain, entry.actor_id, entry.detail["reason"]) for entry in ended} == {
        ("platform", None, one.given_up_reason)
    }
    with schema_context("public"):
        assert run_subject(row.schema, row.subject_type, row.subject_id) == 0
        assert take_up_again() == 0
    html = console("operator", "console").get("/admin/consequences/", {"which": "ended"}).content.decode()
    assert "并关停，这一事项不再办理" in html
