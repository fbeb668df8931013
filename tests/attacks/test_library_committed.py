"""Attacks on the library with real commits: many publications at once, a source that is dropped, the verbs."""

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import DatabaseError, connection
from django_tenants.utils import tenant_context

from content_library.models import IndexSeries, Resource
from content_library.resources.numbering import set_pattern
from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from tests import factories


def ready_at(site, count):
    """Drafts that lack the last approval alone."""
    with tenant_context(get_tenant(site)):
        pages = [factories.draft_article(f"{site}_editor") for _turn in range(count)]
        for page in pages:
            factories.submit(page, f"{site}_editor")
            factories.approve(page, f"{site}_content")
    return [(site, page) for page in pages]


@pytest.mark.parametrize(
    ("many", "beside"),
    [
        pytest.param(8, 3, id="eight"),
        pytest.param(24, 6, id="two-dozen", marks=pytest.mark.soak),
        pytest.param(100, 20, id="a-hundred", marks=pytest.mark.soak),
    ],
)
def test_publications_at_once_on_two_sites_of_one_pattern(own_database, monkeypatch, many, beside):
    for site in ("alpha", "beta"):
        set_pattern(get_tenant(site), "{identity_code}-{year}-{serial:04d}", acting_user=None)
    ready = ready_at("alpha", many) + ready_at("beta", beside)
    # Every seventh fails after its number was drawn, and comes again.
    failing = {page.pk for site, page in ready[:many:7] if site == "alpha"}
    plain = Article.library_record

    def record(page):
        if page.pk in failing and connection.tenant.code == "alpha":
            failing.discard(page.pk)
            raise Refused("没有入库")
        return plain(page)

    monkeypatch.setattr(Article, "library_record", record)

    def publish(item):
        site, page = item
        try:
            with tenant_context(get_tenant(site)):
                try:
                    factories.approve(page, f"{site}_secret")
                except Refused:
                    assert not Resource.objects.filter(tenant__code=site, page_id=page.pk).exists()
                    assert not Article.objects.get(pk=page.pk).index_number
                    factories.approve(page, f"{site}_secret")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(publish, ready))
    assert not failing
    numbers = list(Resource.objects.values_list("number", flat=True))
    assert len(set(numbers)) == len(numbers) == many + beside
    for site, count in (("alpha", many), ("beta", beside)):
        drawn = Resource.objects.filter(tenant__code=site).values_list("number", flat=True)
        assert sorted(int(number.rsplit("-", 1)[1]) for number in drawn) == list(range(1, count + 1))
        assert IndexSeries.objects.get(tenant__code=site).last == count
        with tenant_context(get_tenant(site)):
            assert set(Article.objects.values_list("index_number", flat=True)) == set(drawn)


def test_a_correction_against_a_withdrawal(own_database, live, citizen):
    page, resource, shown = live("mirror_source"), live.resource("mirror_source"), live("mirror", "beta")
    with tenant_context(get_tenant("alpha")):
        draft = Article.objects.get(pk=page.pk)
        draft.title = "第二版"
        draft.save_revision(user=factories.user("alpha_editor"))
        factories.submit(Article.objects.get(pk=page.pk))
        factories.approve(page, "alpha_content")
    together, problems = threading.Barrier(2), []

    def run(act):
        try:
            with tenant_context(get_tenant("alpha")):
                together.wait(timeout=60)
                act()
        except Refused:
            pass
        except Exception as problem:
            problems.append(repr(problem))
        finally:
            connection.close()

    acts = [
        lambda: factories.approve(page, "alpha_secret"),
        lambda: withdraw_page(page, acting_user=factories.user("both_content"), reason="来源有误。"),
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, acts))
    assert problems == []
    resource.refresh_from_db()
    with tenant_context(get_tenant("alpha")):
        is_live = Article.objects.get(pk=page.pk).live
    # Page and library never say different things, and the repost does what the library says.
    assert resource.is_withdrawn is not is_live
    assert citizen("beta").get(site_path(shown)).status_code == (200 if is_live else 410)


def test_a_source_site_that_is_retired_and_dropped(own_database, live, citizen, verb):
    resource, file, shown = live.resource("mirror_source"), live.file("mirror_source"), live("mirror", "beta")
    Tenant.objects.filter(code="alpha").update(status=Tenant.Status.RETIRED)
    drop = f'DROP SCHEMA "{get_tenant("alpha").schema_name}" CASCADE'
    # The application itself could not.
    with pytest.raises(DatabaseError, match="owner"), connection.cursor() as cursor:
        cursor.execute(drop)
    with psycopg.connect(own_database, autocommit=True) as owner:
        owner.execute(drop)
    assert citizen("beta").get(site_path(shown)).status_code == 200
    assert citizen("beta").get(f"/library/files/{file.blob_id}/{file.name}").status_code == 200
    told = json.loads(verb("library", "show", str(resource.uuid), "--json").stdout)
    assert told["reposts"][0]["site"] == "beta"


def test_the_verbs_keys_and_exit_codes(own_database, live, verb, tmp_path):
    resource = live.resource("article")
    listed = json.loads(verb("library", "list", "--site", "alpha", "--json").stdout)
    assert set(listed) == {"resources"}
    row = {"uuid", "index_number", "title", "site", "version", "status", "url"}
    assert set(listed["resources"][0]) == row
    shown = json.loads(verb("library", "show", str(resource.uuid), "--json").stdout)
    assert set(shown) == row | {"metadata", "versions", "reposts"}
    out = tmp_path / "x.json"
    exported = verb("library", "export", str(resource.uuid), "--out", str(out), "--json")
    assert json.loads(exported.stdout) == {"uuid": str(resource.uuid), "version": 1}
    assert verb("library", "show", str(uuid.uuid4()), "--json").returncode == 3
    assert verb("library", "show", "--json").returncode == 2
    assert verb("library", "import", str(out), "--as", "nobody", "--json").returncode == 3
    words = ["repost", str(resource.uuid), "--site", "beta", "--column", "news", "--as", "beta_editor", "--json"]
    assert verb(*words, "--mode", "alias").returncode == 2
    assert verb(*words[:5], "no-such-column", *words[6:], "--mode", "link").returncode == 3
    made = verb(*words, "--mode", "link")
    assert made.returncode == 0 and set(json.loads(made.stdout)) == {"page", "mode", "version"}
    stranger = verb(*words[:-2], "alpha_editor", "--json", "--mode", "link")
    assert stranger.returncode == 3
    assert json.loads(verb("verify_gate", "--json").stdout)["ok"]
    assert verb("verify_audit", "--json").returncode == 0
