"""The measured traps of schemas under one process: each has its guard, each guard its test."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import DatabaseError, connection, connections, transaction
from django.template.loader import get_template
from django_tasks import task
from django_tenants.utils import schema_context, tenant_context
from wagtail.models import Page, Site

from govplatform.accounts.models import User
from govplatform.tenancy.current import current_schema
from govplatform.tenancy.isolation import find_isolation_faults
from govplatform.tenancy.jobs import RUNNER, SchemaMissing, run_in_schema
from govplatform.tenancy.queries import get_tenant
from tests.database import ROOT
from tests.factories import document, draft_article, image, live_article

seen: list[tuple[str, list[str]]] = []


@task()
def note_where(word: str) -> None:
    seen.append((current_schema(), [word]))


def owner_sql(statement: str) -> None:
    """A statement past the application's role, as somebody at the server's own shell would type it."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(statement)


@pytest.fixture
def beta(db):
    return get_tenant("beta")


# --- T2, T9: threads ------------------------------------------------------------------------------


def test_content_types_keep_to_their_site_in_threads(own_database):
    tenants = [get_tenant(code) for code in ("alpha", "beta")]
    # As two sites migrated at different times: one and the same model under two ids.
    there = f'"{tenants[1].schema_name}".django_content_type'
    owner_sql(f"UPDATE {there} SET model = 'elsewhere' WHERE app_label = 'wagtailcore' AND model = 'task'")
    owner_sql(f"UPDATE {there} SET model = 'task' WHERE app_label = 'wagtailcore' AND model = 'locale'")
    connection.close()
    wanted = {}
    for tenant in tenants:
        with tenant_context(tenant):
            wanted[tenant.code] = dict(ContentType.objects.values_list("model", "id").filter(app_label="wagtailcore"))

    def look(number: int) -> list[str]:
        try:
            wrong = []
            for turn in range(150):
                tenant = tenants[(number + turn) % 2]
                with tenant_context(tenant):
                    found = ContentType.objects.get_by_natural_key("wagtailcore", "task").pk
                if found != wanted[tenant.code]["task"]:
                    wrong.append(tenant.code)
            return wrong
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert [wrong for wrongs in pool.map(look, range(4)) for wrong in wrongs] == []
    assert wanted["alpha"]["task"] != wanted["beta"]["task"]


def test_no_code_enters_a_tenant_by_its_own_with_statement():
    pattern = re.compile(r"^\s*with\s+(self\.)?tenant\s*(:|,|as\b)", re.MULTILINE)
    found = [
        str(path)
        for folder in ("platform", "sites", "content_library", "search", "themes")
        for path in (Path(ROOT) / folder).rglob("*.py")
        if pattern.search(path.read_text())
    ]
    assert found == []


# --- T5, T6: caches -----------------------------------------------------------------------------


def test_every_cache_keys_by_schema(alpha, beta):
    for name in caches.settings:
        with tenant_context(alpha):
            caches[name].set("one", "alpha")
        with tenant_context(beta):
            assert caches[name].get("one") is None


def test_site_root_paths_of_one_site_are_not_the_other_s(alpha, beta):
    with tenant_context(alpha):
        mine = Site.get_site_root_paths()
    with tenant_context(beta):
        theirs = Site.get_site_root_paths()
    assert mine[0].root_url != theirs[0].root_url


def test_renditions_of_the_same_id_keep_to_their_site(alpha, beta):
    urls = {}
    for tenant, colour in ((alpha, "red"), (beta, "blue")):
        with tenant_context(tenant):
            picture = image(colour=colour)
            type(picture).objects.filter(pk=picture.pk).update(id=7777)
            urls[tenant.code] = type(picture).objects.get(pk=7777).get_rendition("max-100x100").url
    assert alpha.schema_name in urls["alpha"]
    assert beta.schema_name in urls["beta"]


# --- T3, T4, T14: what check_isolation finds --------------------------------------------------------


def test_the_walls_stand(db):
    assert find_isolation_faults()[1] == []


def test_a_missing_table_is_an_error_and_never_public_s(own_database):
    alpha = get_tenant("alpha")
    owner_sql(f'DROP TABLE "{alpha.schema_name}".auth_group CASCADE')
    with tenant_context(alpha), pytest.raises(DatabaseError, match="auth_group"):
        list(User.objects.get(username="alpha_editor").groups.all())


def test_a_site_s_table_in_public_is_found(own_database):
    owner_sql("CREATE TABLE public.auth_group (id int)")
    assert any("auth_group" in fault for fault in find_isolation_faults()[1])


def test_a_constraint_across_schemas_is_found(own_database):
    schema = get_tenant("alpha").schema_name
    owner_sql(
        f'ALTER TABLE "{schema}".wagtailcore_revision ADD CONSTRAINT crossing'
        " FOREIGN KEY (user_id) REFERENCES public.accounts_user (id)"
    )
    assert any("crossing" in fault for fault in find_isolation_faults()[1])


def test_a_changed_host_of_wagtail_s_own_registry_is_found(alpha):
    Site.objects.update(hostname="elsewhere.localhost")
    assert any("elsewhere.localhost" in fault for fault in find_isolation_faults()[1])


def test_a_schema_without_a_site_and_a_site_without_a_schema_are_found(own_database):
    owner_sql("CREATE SCHEMA site_leftover")
    assert any("site_leftover" in fault for fault in find_isolation_faults()[1])


def test_an_account_is_closed_without_touching_the_sites(own_database):
    from govplatform.accounts.actions import deactivate_user

    with schema_context("public"):
        deactivate_user(User.objects.get(username="outsider"), reason="调离。", acting_user=None)
    assert not User.objects.get(username="outsider").is_active


# --- T7: jobs -----------------------------------------------------------------------------------------


def queued() -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM public.procrastinate_jobs WHERE task_name = %s ORDER BY id", [RUNNER])
        return [json.loads(row[0]) for row in cursor.fetchall()]


def test_a_job_carries_its_site_and_runs_there(alpha):
    seen.clear()
    note_where.enqueue("x")
    (job,) = [job for job in queued() if job["task_path"] == note_where.module_path]
    assert job["schema"] == alpha.schema_name
    with schema_context("public"):
        run_in_schema(**job)
        assert current_schema() == "public"
    assert seen == [(alpha.schema_name, ["x"])]


def test_a_job_that_was_queued_before_its_module_moved_still_runs(alpha, settings):
    seen.clear()
    module, _dot, name = note_where.module_path.rpartition(".")
    settings.MOVED_TASKS = {"sites.where_it_was": module}
    with schema_context("public"):
        run_in_schema(schema=alpha.schema_name, task_path=f"sites.where_it_was.{name}", args=["x"], kwargs={})
    assert seen == [(alpha.schema_name, ["x"])]


@pytest.mark.parametrize("schema", ["", "site_nowhere", "pg_catalog", "govsite_template"])
def test_a_job_without_a_site_is_refused(db, schema):
    seen.clear()
    with pytest.raises(SchemaMissing):
        run_in_schema(schema=schema, task_path=note_where.module_path, args=["x"], kwargs={})
    assert seen == []


def test_a_file_deleted_by_one_site_stays_with_the_other(own_database):
    papers = {}
    for code in ("alpha", "beta"):
        with tenant_context(get_tenant(code)):
            papers[code] = document(code.encode(), "same.txt")
    assert papers["alpha"].file.name == papers["beta"].file.name
    with tenant_context(get_tenant("alpha")):
        papers["alpha"].delete()
    jobs = [job for job in queued() if "delete_file" in job["task_path"]]
    assert jobs, "Wagtail deletes files by a job"
    with tenant_context(get_tenant("beta")):
        for job in jobs:
            run_in_schema(**job)
    with tenant_context(get_tenant("beta")):
        assert papers["beta"].file.storage.exists(papers["beta"].file.name)
    with tenant_context(get_tenant("alpha")):
        assert not papers["alpha"].file.storage.exists(papers["alpha"].file.name)


# --- T8, T10, T11, T16, T17 ---------------------------------------------------------------------------


def test_form_types_are_not_kept_for_the_life_of_the_process(db):
    from wagtail.contrib.forms import utils

    assert not hasattr(utils.get_form_types, "cache_info")


@pytest.mark.parametrize("path", ["/", "/news/", "/nowhere/", "/admin/"])
def test_the_connection_is_back_in_public_after_a_request(alpha, citizen, path):
    citizen("alpha").get(path)
    assert current_schema() == "public"


def test_the_connection_is_back_in_public_after_an_error_inside_a_request(alpha, citizen, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("on purpose")

    monkeypatch.setattr("sites.home.models.HomePage.serve", broken)
    client = citizen("alpha")
    client.raise_request_exception = False
    assert client.get("/").status_code == 500
    assert current_schema() == "public"
    with tenant_context(get_tenant("beta")):
        assert "beta.localhost" in Page.objects.get(depth=2).specific.full_url


def test_the_connection_finds_its_site_after_a_database_error(alpha, beta):
    with pytest.raises(DatabaseError), transaction.atomic(), tenant_context(beta), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    with tenant_context(alpha):
        assert Site.objects.get().hostname == "alpha.localhost"
    with tenant_context(beta):
        assert Site.objects.get().hostname == "beta.localhost"


def test_an_unknown_address_on_the_public_host_is_a_plain_404(alpha, citizen):
    response = citizen("alpha").get("/nowhere/")
    assert response.status_code == 404
    assert not response.cookies


def test_one_site_s_look_does_not_reach_another(alpha, beta):
    origins = []
    for tenant in (alpha, beta, alpha, beta):
        with tenant_context(tenant):
            origins.append(get_template("home/home_page.html").origin.name)
    names = [set(re.findall(r"themes/(\w+)/", origin)) for origin in origins]
    assert origins[0] == origins[2]
    assert origins[1] == origins[3]
    assert names[0] != names[1] or origins[0] == origins[1]


def test_a_page_in_one_site_is_no_page_of_another(alpha, beta):
    page = live_article(slug="only-here")
    draft_article()
    with tenant_context(beta):
        assert not Page.objects.filter(slug="only-here").exists()
    assert Page.objects.filter(pk=page.pk).exists()
