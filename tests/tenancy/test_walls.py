"""The walls between two sites in one process and one database (traps T1 to T16)."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django_tenants.utils import schema_context, tenant_context
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.models import Page, Site
from wagtail.tasks import delete_file_from_storage_task

from govplatform.accounts.actions import deactivate_user
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.isolation import find_isolation_faults
from govplatform.tenancy.jobs import SchemaMissing, run_in_schema
from tests.factories import image


def _owner(*statements: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _faults() -> list[str]:
    return find_isolation_faults()[1]


# --- the check sees it --------------------------------------------------------------------


def test_the_walls_stand(db):
    assert find_isolation_faults() == (3, [])


def test_t14_a_changed_host_in_wagtail_s_registry_is_seen(db, site):
    with tenant_context(site("alpha")):
        Site.objects.update(hostname="elsewhere.localhost")
    (fault,) = _faults()
    assert "elsewhere.localhost" in fault
    assert "alpha.localhost" in fault


def test_a_leftover_schema_and_a_missing_one_are_seen(db):
    _owner("CREATE SCHEMA site_orphan")
    (fault,) = _faults()
    assert "site_orphan" in fault


def test_a_constraint_across_sites_is_seen(db):
    _owner(
        "ALTER TABLE site_alpha.wagtailcore_site ADD CONSTRAINT crossing FOREIGN KEY (root_page_id)"
        " REFERENCES site_beta.wagtailcore_page (id) NOT VALID"
    )
    (fault,) = _faults()
    assert "crossing" in fault


def test_t3_a_site_s_table_in_public_is_seen(db):
    _owner("CREATE TABLE public.auth_group (id int)")
    (fault,) = _faults()
    assert "auth_group" in fault


def test_the_verb_names_faults_and_ends_with_one(verb):
    assert verb("check_isolation", "--json").returncode == 0
    _owner("CREATE SCHEMA site_orphan")
    done = verb("check_isolation", "--json")
    assert done.returncode == 1
    assert "site_orphan" in done.stdout


# --- tables -------------------------------------------------------------------------------


def test_t3_a_missing_table_is_an_error_and_never_public_s(db, site):
    _owner("DROP TABLE site_alpha.auth_group CASCADE")
    with pytest.raises(ProgrammingError), transaction.atomic(), tenant_context(site("alpha")):
        Group.objects.count()
    with tenant_context(site("beta")):
        assert Group.objects.count() > 0


def test_t4_an_account_is_closed_without_touching_the_sites(db, person):
    deactivate_user(person("alpha_editor"), reason="离职", acting_user=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND confrelid = 'public.accounts_user'::regclass"
            " AND connamespace <> 'public'::regnamespace"
        )
        assert cursor.fetchone() == (0,)


# --- caches -------------------------------------------------------------------------------


def test_t1_t2_four_threads_on_two_sites_never_get_the_other_s_content_types(own_database):
    rows = "INSERT INTO {}.django_content_type (app_label, model) VALUES ('walls', '{}')"
    _owner(
        rows.format("site_beta", "dummy"),
        *(rows.format(schema, name) for name in ("one", "two", "three") for schema in ("site_alpha", "site_beta")),
    )
    wanted: dict[str, dict[str, int]] = {}
    for schema in ("site_alpha", "site_beta"):
        with schema_context(schema):
            wanted[schema] = dict(ContentType.objects.filter(app_label="walls").values_list("model", "id"))
    assert wanted["site_alpha"]["one"] != wanted["site_beta"]["one"]
    wrong: list[Any] = []
    start = threading.Barrier(4)

    def look(schema: str) -> None:
        try:
            start.wait()
            for turn in range(300):
                with schema_context(schema):
                    if turn % 50 == 49:
                        ContentType.objects.clear_cache()
                    for model in ("one", "two", "three"):
                        found = ContentType.objects.get_by_natural_key("walls", model)
                        again = ContentType.objects.get_for_id(wanted[schema][model])
                        if found.pk != wanted[schema][model] or again.model != model:
                            wrong.append((schema, model, found.pk, again.model))
        except BaseException as failure:
            wrong.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=look, args=(schema,)) for schema in ("site_alpha", "site_beta") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("name", ["default", "bodies", "renditions"])
def test_t5_t6_what_one_site_caches_another_does_not_find(db, site, name):
    with tenant_context(site("alpha")):
        caches[name].set("key", "alpha's")
    with tenant_context(site("beta")):
        assert caches[name].get("key") is None
    with tenant_context(site("alpha")):
        assert caches[name].get("key") == "alpha's"


def test_t5_the_addresses_of_pages_stay_with_their_site(db, site):
    found = {}
    for code in ("alpha", "beta", "alpha", "beta"):
        with tenant_context(site(code)):
            found[code] = Page.objects.get(slug="news").specific.full_url
    assert "//alpha.localhost" in found["alpha"]
    assert "//beta.localhost" in found["beta"]


def test_t6_renditions_of_the_same_number_are_different_pictures(db, site):
    pictures = {}
    for code, colour in (("alpha", "red"), ("beta", "blue")):
        with tenant_context(site(code)):
            # Numbers are drawn per site and not given back: the same one has to be asked for.
            picture = image(colour=colour, pk=990_001)
            _ = picture.get_rendition("width-80")
            pictures[code] = picture.pk
    assert pictures["alpha"] == pictures["beta"]
    contents = {}
    for code, pk in pictures.items():
        with tenant_context(site(code)):
            from sites.media.models import SiteImage

            with SiteImage.objects.get(pk=pk).get_rendition("width-80").file.open("rb") as file:
                contents[code] = file.read()
    assert contents["alpha"] != contents["beta"]


# --- jobs ---------------------------------------------------------------------------------


def _newest_job() -> dict[str, Any]:
    return dict(ProcrastinateJob.objects.order_by("-id").values_list("args", flat=True)[0])


def _file_in_both(site: Any, path: str) -> None:
    from django.core.files.base import ContentFile

    for code in ("alpha", "beta"):
        with tenant_context(site(code)):
            default_storage.delete(path)
            assert default_storage.save(path, ContentFile(code.encode())) == path


def _there(site: Any, path: str) -> dict[str, bool]:
    found = {}
    for code in ("alpha", "beta"):
        with tenant_context(site(code)):
            found[code] = default_storage.exists(path)
    return found


_STORAGE = ["django_tenants.files.storage.TenantFileSystemStorage", [], {}]


def test_t7_a_job_runs_in_the_site_that_ordered_it(db, site):
    _file_in_both(site, "walls/one.txt")
    with tenant_context(site("beta")):
        delete_file_from_storage_task.enqueue(_STORAGE, "walls/one.txt")
    job = _newest_job()
    assert job["schema"] == "site_beta"
    with tenant_context(site("alpha")):
        run_in_schema(**job)
        assert connection.schema_name == "site_alpha"
    assert _there(site, "walls/one.txt") == {"alpha": True, "beta": False}


@pytest.mark.parametrize("schema", ["", "site_nowhere", "govsite_template"])
def test_t7_a_job_without_a_site_is_refused(db, site, schema):
    _file_in_both(site, "walls/two.txt")
    task = delete_file_from_storage_task.module_path
    with pytest.raises(SchemaMissing), tenant_context(site("alpha")):
        run_in_schema(schema=schema, task_path=task, args=[_STORAGE, "walls/two.txt"], kwargs={})
    with pytest.raises(SchemaMissing):
        run_in_schema(task_path=task, args=[_STORAGE, "walls/two.txt"], kwargs={})
    assert _there(site, "walls/two.txt") == {"alpha": True, "beta": True}


def test_t7_a_job_of_an_act_that_failed_is_not_there(db, site):
    before = ProcrastinateJob.objects.count()
    with tenant_context(site("alpha")), pytest.raises(ZeroDivisionError), transaction.atomic():
        delete_file_from_storage_task.enqueue(_STORAGE, "walls/three.txt")
        _ = 1 / 0
    assert ProcrastinateJob.objects.count() == before


# --- requests -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/news/", "/not-here/", "/search/?q=x", "/robots.txt"])
def test_t9_t10_the_connection_is_back_in_public_after_a_request(db, citizen, path):
    citizen("alpha").get(path)
    assert connection.schema_name == "public"


def test_t10_the_connection_is_back_in_public_after_a_request_of_the_console(db, console):
    client = console("alpha_editor", "alpha")
    for path in ("/admin/", "/admin/not-here/", "/admin/people/"):
        client.get(path)
        assert connection.schema_name == "public"


def test_t10_the_connection_is_back_in_public_after_an_error(db, citizen, monkeypatch):
    def fail(*_args: object, **_kwargs: object) -> None:
        assert connection.schema_name == "site_alpha"
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM there_is_no_such_table")

    client = citizen("alpha")
    client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr("django.core.handlers.base.BaseHandler.resolve_request", fail)
        savepoint = transaction.savepoint()
        assert client.get("/news/").status_code == 500
        transaction.savepoint_rollback(savepoint)
    assert connection.schema_name == "public"
    assert "白石县" in citizen("beta").get("/").content.decode()


def test_t16_each_site_keeps_its_look_and_its_name(db, citizen):
    pages = {"alpha": set(), "beta": set()}
    for _turn in range(3):
        for code, seen in pages.items():
            answer = citizen(code).get("/")
            assert answer.status_code == 200
            seen.add(answer.content.decode())
    (alpha,), (beta,) = pages["alpha"], pages["beta"]
    assert "白石县" in beta
    assert "beta.localhost" not in alpha
    assert alpha != beta
    for theme, own, other in (("portal", alpha, beta), ("county", beta, alpha)):
        assert f"/{theme}" in own
        assert f"/{theme}" not in other


def test_the_application_neither_drops_nor_makes_tables(db):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA site_beta CASCADE")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.auth_group (id int)")
