"""Nobody writes in a frozen site, by whichever way: it is told in one sentence, and reading goes on."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.lifecycle.models import SiteNotice
from govplatform.refusals import Refused
from govplatform.review.tasks import publish_scheduled
from govplatform.tenancy.database_roles import WRITTEN_WHILE_READING, as_owner, grant_schema
from govplatform.tenancy.each_site import each_site
from govplatform.tenancy.freezing import SiteFrozen
from govplatform.tenancy.models import SiteFault, Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.verbs import call_verb

from .frozen import WORDS, freeze, rights_in, thaw

pytestmark = pytest.mark.django_db


class Clock:
    """Stands where it is put, for everything that asks Django for the time."""

    def __init__(self, monkeypatch):
        self.at = timezone.now()
        monkeypatch.setattr("django.utils.timezone.now", lambda: self.at)


def title_of(page):
    return Page.objects.values_list("title", flat=True).get(pk=page.pk)


def test_a_statement_that_writes_there_is_refused_in_words_and_one_that_reads_is_not():
    beta = freeze()
    writes = (
        "UPDATE wagtailcore_page SET title = 'x'",
        "INSERT INTO taggit_tag (name, slug) VALUES ('x', 'x')",
        "DELETE FROM wagtailcore_revision",
        "SELECT id FROM wagtailcore_page FOR UPDATE",
        "SELECT nextval('wagtailcore_page_id_seq')",
    )
    with tenant_context(beta):
        for statement in writes:
            with pytest.raises(SiteFrozen) as refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
            assert refused.value.reasons == [WORDS]
        assert Page.objects.count() > 1


def test_another_site_is_written_in_as_before(alpha):
    freeze()
    assert factories.draft_article().pk


def test_thawed_it_has_exactly_the_rights_of_before():
    before = rights_in("site_beta")
    freeze()
    frozen = rights_in("site_beta")
    assert {name for name in before if before[name] == frozen[name]} >= WRITTEN_WHILE_READING
    assert before["wagtailcore_page"] != frozen["wagtailcore_page"]
    assert before["wagtailcore_page_id_seq"] != frozen["wagtailcore_page_id_seq"]
    thaw()
    assert rights_in("site_beta") == before
    with tenant_context(get_tenant("beta")):
        factories.draft_article("beta_editor")


def test_rights_that_are_granted_anew_leave_it_frozen_and_a_new_table_can_be_read():
    freeze()
    before = rights_in("site_beta")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE site_beta.something_new (id bigint)")
        grant_schema("site_beta")
    after = rights_in("site_beta")
    new = after.pop("something_new")
    assert after == before
    assert f"{settings.APP_DATABASE_ROLE}=r/" in new


def test_lacking_rights_elsewhere_stay_the_fault_that_they_are(alpha):
    with (
        pytest.raises(ProgrammingError, match="permission denied") as failed,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM django_migrations")
    assert not isinstance(failed.value, Refused)


# --- verbs -------------------------------------------------------------------------------


def test_verbs_that_write_there_end_with_the_sentence():
    beta = get_tenant("beta")
    with tenant_context(beta):
        draft = factories.draft_article("beta_editor")
        waiting = factories.draft_article("beta_editor")
        factories.submit(waiting, "beta_editor")
        live = factories.live_article("beta")
    freeze()
    at = ("--site", "beta", "--json", "--page")
    verbs = (
        ("submit", *at, str(draft.pk), "--as", "beta_editor"),
        ("review", *at, str(waiting.pk), "--approve", "--opinion", "同意。", "--as", "beta_content"),
        ("withdraw", *at, str(live.pk), "--reason", "有误。", "--as", "beta_content"),
        ("claim", *at, str(waiting.pk), "--as", "beta_content"),
    )
    for words in verbs:
        done = call_verb(*words)
        assert (done.returncode, json.loads(done.stdout)) == (3, {"refused": [WORDS]}), words
    told = call_verb("site_status", "beta", "--json")
    assert told.returncode == 0


# --- jobs --------------------------------------------------------------------------------


def test_a_job_over_all_sites_leaves_it_out_and_notes_no_fault():
    freeze()
    report = each_site(lambda run: run.tenant.code, job="counting")
    assert [tenant.code for tenant, _result in report.done] == ["alpha"]
    assert [tenant.code for tenant in report.paused] == ["beta"]
    assert not SiteFault.objects.exists()


def test_a_job_that_looks_after_frozen_sites_too_is_not_at_fault_where_it_would_write():
    freeze()
    wrote = each_site(lambda _run: Page.objects.update(title="x"), job="counting", frozen_too=True)
    assert [tenant.code for tenant in wrote.paused] == ["beta"]
    each = each_site(
        lambda run: run.each([1], lambda _n: Page.objects.update(title="x"), subject=str),
        job="counting",
        frozen_too=True,
    )
    assert [result for tenant, result in each.done if tenant.code == "beta"] == [[]]
    assert not SiteFault.objects.exists()


def test_a_verb_over_all_sites_says_why_it_failed_there_and_no_fault_stays():
    freeze()
    report = each_site(lambda _run: Page.objects.update(title="x"), job="writing", again=False)
    assert [(failure.tenant.code, failure.error) for failure in report.failed] == [("beta", WORDS)]
    assert not SiteFault.objects.exists()


def test_what_is_due_waits_until_it_is_thawed(monkeypatch):
    beta = get_tenant("beta")
    later = timezone.now() + timedelta(hours=1)
    with tenant_context(beta):
        page = factories.draft_article("beta_editor", go_live_at=later)
        factories.submit(page, "beta_editor")
        for reviewer in ("beta_content", "beta_secret"):
            factories.approve(page, reviewer)
    freeze()
    Clock(monkeypatch).at += timedelta(hours=2)
    publish_scheduled.func(0)
    with tenant_context(beta):
        assert not Page.objects.get(pk=page.pk).live
    assert not SiteFault.objects.exists()
    thaw()
    publish_scheduled.func(0)
    with tenant_context(beta):
        assert Page.objects.get(pk=page.pk).live


# --- the console, the public host ----------------------------------------------------------


def test_a_form_that_was_open_is_answered_with_the_sentence_and_nothing_is_kept(console):
    with tenant_context(get_tenant("beta")):
        page = factories.draft_article("beta_editor", title="改前")
    editor = console("beta_editor", "beta")
    freeze()
    answer = editor.post(f"/admin/pages/{page.pk}/edit/", {"title": "改后", "slug": "x"})
    assert answer.status_code == 409
    assert WORDS in answer.content.decode()
    script = editor.post(f"/admin/pages/{page.pk}/edit/", {"title": "x"}, headers={"accept": "application/json"})
    assert (script.status_code, script.json()["error_message"]) == (409, WORDS)
    with tenant_context(get_tenant("beta")):
        assert title_of(page) == "改前"


def test_an_upload_leaves_no_file_behind(console, tmp_path):
    editor = console("beta_editor", "beta")
    freeze()
    folder = settings.MEDIA_ROOT / "site_beta"
    before = sorted(folder.rglob("*")) if folder.exists() else []
    with open(__file__, "rb") as source:
        answer = editor.post("/admin/documents/multiple/add/", {"files[]": source, "collection": "1"})
    assert answer.status_code == 409
    assert (sorted(folder.rglob("*")) if folder.exists() else []) == before


def test_every_page_of_its_console_says_so_and_where_the_content_goes(console):
    editor, admin = console("beta_editor", "beta"), console("beta_admin", "beta")
    assert "frozen-site" not in editor.get("/admin/").content.decode()
    freeze()
    for client, path in ((editor, "/admin/"), (editor, "/admin/images/"), (admin, "/admin/site-applications/")):
        answer = client.get(path)
        assert answer.status_code == 200
        assert WORDS in answer.content.decode(), path
    alpha = get_tenant("alpha")
    Tenant.objects.filter(code="beta").update(moved_into=alpha)
    beta = get_tenant("beta")
    beta.save()
    told = editor.get("/admin/").content.decode()
    assert "本站内容已并入“云江省澄州市人民政府”" in told
    assert WORDS not in console("alpha_editor", "alpha").get("/admin/").content.decode()


def test_an_editor_s_page_has_no_button_that_could_only_be_refused(console):
    with tenant_context(get_tenant("beta")):
        draft, column = factories.draft_article("beta_editor"), factories.column()
        unopened = factories.draft_article("beta_editor", slug="unopened")
    editor, admin = console("beta_editor", "beta"), console("beta_admin", "beta")
    asked = (
        (editor, f"/admin/pages/{draft.pk}/edit/", "action-submit"),
        (editor, f"/admin/pages/add/articles/article/{column.pk}/", "action-submit"),
        (admin, f"/admin/pages/{column.pk}/edit/", "action-publish"),
    )
    for client, path, act in asked:
        html = client.get(path).content.decode()
        assert act in html and "data-only-read" not in html, path
    freeze()
    for client, path, act in asked:
        html = client.get(path).content.decode()
        assert act not in html and "只读" in html and "data-only-read" in html, path
        assert "data-w-autosave" not in html, path
    # Whoever has never opened it before reads it too.
    answer = editor.get(f"/admin/pages/{unopened.pk}/edit/")
    assert answer.status_code == 200 and "只读" in answer.content.decode()
    # What belongs to the account, and what lies in public, is written on.
    for path in ("/admin/account/", "/admin/absence/"):
        assert "data-only-read" not in console("beta_content", "beta").get(path).content.decode(), path


def test_its_start_page_invites_nobody_to_write(console):
    editor = console("beta_editor", "beta")
    assert "写一篇新的" in editor.get("/admin/").content.decode()
    freeze()
    assert "写一篇新的" not in editor.get("/admin/").content.decode()


def test_one_still_signs_in_and_changes_what_is_one_s_own(console):
    freeze()
    editor = console("beta_editor", "beta")
    assert editor.get("/admin/account/").status_code == 200
    assert editor.post("/admin/logout/").status_code == 302


def test_citizens_read_on_and_a_size_of_an_image_that_is_missing_breaks_no_page(citizen):
    with tenant_context(get_tenant("beta")):
        picture = factories.image(uploader="beta_editor")
        page = factories.live_article("beta", picture=picture)
        path = page.url_path.removeprefix("/home")
        with as_owner():
            picture.renditions.all().delete()
    freeze()
    for address in ("/", path, "/news/", "/sitemap/"):
        assert citizen("beta").get(address).status_code == 200, address


def test_pictures_that_were_shown_are_shown_while_the_site_is_frozen(citizen):
    with tenant_context(get_tenant("beta")):
        picture = factories.image(uploader="beta_editor")
        blocks = [
            ("image", {"image": picture.pk, "alt": "图", "caption": "", "decorative": False}),
            ("gallery", {"items": [{"image": picture.pk, "alt": "图", "caption": ""}]}),
        ]
        body = [{"type": kind, "value": value} for kind, value in blocks]
        page = factories.live_article("beta", picture=picture, body=body)
        path = page.url_path.removeprefix("/home")

    def shown():
        text = citizen("beta").get(path).content.decode()
        found = ", ".join(re.findall(r'(?:src|srcset)="(/media/[^"]*)"', text))
        return [one.split()[0] for one in found.split(", ")]

    before = shown()
    assert len(before) >= 8 and not any("not-found" in one for one in before)
    freeze()
    assert shown() == before
    for file in before:
        assert citizen("beta").get(file).status_code == 200, file
    # A site that was frozen before there were two widths shows what it has.
    with tenant_context(get_tenant("beta")), as_owner():
        picture.renditions.filter(filter_spec__regex="width-400|280x210").delete()
    for kept in caches.all(initialized_only=True):
        kept.clear()
    wide = [one for one in before if "width-400" not in one and "280x210" not in one]
    assert set(shown()) == set(wide) and len(shown()) == len(before)


# --- what follows acts ---------------------------------------------------------------------


def test_notices_on_other_sites_are_looked_after_all_the_same():
    from govplatform.lifecycle.states.actions import announce_completion
    from govplatform.lifecycle.tasks import look_after_sites

    from ..life import clear_notices, retiring

    application = retiring()
    announce_completion(application)
    clear_notices(application)
    freeze()
    SiteNotice.objects.filter(kind="completion").update(until=timezone.now())
    look_after_sites.func(0)
    assert SiteNotice.objects.get(kind="completion").down_at is not None
    assert not SiteFault.objects.exists()
