"""The verb ``library`` as a process; what was live before the library enters it once."""

import json
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django_tenants.utils import tenant_context

from content_library import signal_receivers
from content_library.models import Resource
from content_library.resources.actions import enter_live_pages
from content_library.resources.blobs import blob_name, blob_storage, find_blob_faults, remove_orphans
from content_library.resources.changes import changes_since
from content_library.schema.page import written_page
from govplatform.audit.sm3 import sm3_hex
from govplatform.review.signals import page_cleared
from govplatform.tenancy.queries import get_tenant
from tests import factories


def without_library(make):
    """Published as before the library was there."""
    page_cleared.disconnect(dispatch_uid="library-enter")
    try:
        return make()
    finally:
        signal_receivers.connect()


@pytest.mark.django_db
def test_live_pages_enter_once_and_keep_their_numbers(alpha):
    pages = without_library(lambda: [factories.live_article(), factories.publish(factories.draft_policy())])
    assert not Resource.objects.exists()
    first, second = enter_live_pages(alpha), enter_live_pages(alpha)
    assert (first.entered, first.present, first.failed) == (2, 0, [])
    assert (second.entered, second.present) == (0, 2)
    assert {r.number for r in Resource.objects.all()} == {page.index_number for page in pages}


@pytest.mark.django_db
def test_one_page_that_fails_is_named_and_the_rest_enter(alpha):
    document = factories.document(b"as cleared", uploader="alpha_editor")
    body = [{"type": "attachment", "value": {"document": document.pk, "title": ""}}]
    bad = without_library(lambda: (factories.live_article(body=body), factories.live_article())[0])
    with document.file.storage.open(document.file.name, "wb") as stream:
        stream.write(b"swapped")
    report = enter_live_pages(alpha)
    assert report.entered == 1
    assert [fault["page"] for fault in report.failed] == [bad.pk]


def test_the_verb(verb, tmp_path):
    tenant = get_tenant("alpha")
    with tenant_context(tenant):
        page = factories.live_article(title="经命令导出")
        without_library(lambda: factories.live_article(title="尚未入库"))

    def run(*words, status=0):
        done = verb("library", *words, "--json")
        assert done.returncode == status, done.stderr + done.stdout
        return json.loads(done.stdout)

    [listed] = run("list", "--site", "alpha", "--query", "命令")["resources"]
    assert set(listed) == {"uuid", "index_number", "title", "site", "version", "status", "url"}
    assert listed["index_number"] == page.index_number
    shown = run("show", listed["uuid"])
    assert set(shown) == {*listed, "metadata", "versions", "reposts"}
    out = tmp_path / "resource.json"
    assert run("export", listed["uuid"], "--out", str(out)) == {"uuid": listed["uuid"], "version": 1}
    made = json.loads(out.read_text())
    made["uuid"] = "0" * 8 + made["uuid"][8:]
    out.write_text(json.dumps(made))
    assert run("import", str(out), "--as", "beta_editor", "--site", "beta") == {"uuid": made["uuid"], "version": 1}
    assert run("import", str(out), "--as", "alpha_admin", "--site", "alpha", status=3)["refused"]
    assert run("show", "nothing", status=3)["refused"]
    filled = run("backfill", "--all")
    assert (filled["entered"], filled["present"], filled["failed"]) == (1, 1, [])
    assert run("housekeeping", "--verify")["missing"] == []


@pytest.mark.django_db
def test_a_file_without_a_row_is_found_and_removed(alpha):
    sm3 = sm3_hex(b"crashed before the commit")
    from django.core.files.base import ContentFile

    blob_storage().save(blob_name(sm3), ContentFile(b"crashed before the commit"))
    assert blob_name(sm3) not in find_blob_faults().orphans
    faults = find_blob_faults(settled_after=timedelta(seconds=-5))
    assert blob_name(sm3) in faults.orphans
    faults.orphans = [blob_name(sm3)]
    assert remove_orphans(faults) == 1
    assert not blob_storage().exists(blob_name(sm3))


@pytest.mark.unit
@pytest.mark.parametrize("name", ["../" * 21 + "a", "A" * 64, "", "a" * 63, "/" * 64])
def test_no_path_is_made_from_what_is_no_sm3(name):
    with pytest.raises(ValueError, match="SM3"):
        blob_name(name)


def changes_when_others_are_done(cursor=""):
    """Whoever else writes on this server (other runs, its own housekeeping) keeps the feed waiting too."""
    page = changes_since(cursor)
    for _try in range(120):
        if page.changes:
            break
        time.sleep(0.5)
        page = changes_since(cursor)
    return page


def test_changes_wait_for_older_transactions(own_database):
    import psycopg

    with tenant_context(get_tenant("alpha")):
        with psycopg.connect(own_database) as older:
            older.execute("SELECT pg_current_xact_id()")
            factories.live_article()
            assert changes_since().changes == []
        page = changes_when_others_are_done()
        assert [change.act for change in page.changes] == ["entered"]
        assert changes_since(page.cursor).changes == []
        factories.live_article()
        assert len(changes_when_others_are_done(page.cursor).changes) == 1
    connection.close()


@pytest.mark.unit
def test_the_page_of_documentation_is_current():
    assert (settings.BASE_DIR / "docs" / "library-metadata.md").read_text() == written_page(), (
        "write it again: manage.py library schema --page > docs/library-metadata.md"
    )
