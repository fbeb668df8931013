"""转载 in the console of the receiving site."""

import pytest
from django_tenants.utils import tenant_context

from content_library.models import Repost
from sites.reposts.models import RepostPage
from tests import factories

from .conftest import corrected_at, live_at, reposted_at

pytestmark = pytest.mark.django_db


def test_an_editor_finds_ticks_and_reposts(beta, live, console):
    resource = live.resource("article")
    _page, barred = live_at("alpha", title="不可转载的普通信息", repostable=False)
    client = console("beta_editor", "beta")
    html = client.get("/admin/reposts/?query=普通信息").content.decode()
    assert "普通信息" in html and str(resource.uuid) in html and "不可转载的普通信息" not in html
    with tenant_context(beta):
        column = factories.column()
    answer = client.post("/admin/reposts/", {"column": column.pk, "mode": "mirror", "resource": [str(resource.uuid)]})
    assert answer.status_code == 302
    repost = Repost.objects.get(resource=resource)
    assert (repost.tenant.code, repost.mode, repost.state) == ("beta", "mirror", "draft")
    html = client.get("/admin/reposts/").content.decode()
    assert "本站已经转载（草稿）" in html
    answer = client.post(
        "/admin/reposts/", {"column": column.pk, "mode": "mirror", "resource": [str(resource.uuid), str(barred.uuid)]}
    )
    html = answer.content.decode()
    assert "已经转载" in html and "不得转载" in html
    assert Repost.objects.filter(resource__in=[resource, barred]).count() == 1


def test_a_missing_column_is_named(beta, live, console):
    resource = live.resource("article")
    answer = console("beta_editor", "beta").post(
        "/admin/reposts/", {"mode": "mirror", "resource": [str(resource.uuid)]}
    )
    assert answer.status_code == 400 and "请先选择栏目" in answer.content.decode()


@pytest.mark.parametrize("username", ["beta_content", "beta_admin", "beta_auditor"])
def test_others_learn_why_not(beta, console, username):
    assert console(username, "beta").get("/admin/reposts/").status_code == 403


def test_the_edit_view_shows_the_source_and_offers_the_newest_version(beta, live, console):
    source, resource, page = live("pinned_source"), live.resource("pinned_source"), live("pinned", "beta")
    client = console("beta_editor", "beta")
    html = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert "来源标题" in html and "固定版本" in html and resource.url in html
    assert "采用新版本" not in html and 'name="title"' not in html
    corrected_at("alpha", source, title="改过的标题")
    html = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert "采用新版本" in html and "来源已更新到第 2 版" in html
    assert "转载的信息有了新版本" in client.get("/admin/").content.decode()
    assert client.post(f"/admin/reposts/{page.pk}/adopt/").status_code == 302
    with tenant_context(beta):
        page = RepostPage.objects.get(pk=page.pk)
        assert page.get_latest_revision_as_object().version == 2
        assert (page.live, page.version) == (True, 1)


def test_no_repost_is_made_or_copied_past_the_library(beta, live, console):
    resource = live.resource("article")
    page = reposted_at("beta", resource, live=False)
    client = console("beta_editor", "beta")
    with tenant_context(beta):
        column, before = factories.column(), RepostPage.objects.count()
    assert client.get(f"/admin/pages/add/reposts/repostpage/{column.pk}/").status_code in (302, 403, 404)
    said = client.post(f"/admin/writing/copy/{page.pk}/", {"title": "x", "column": column.pk}).content.decode()
    assert "是转载，不能复制" in said
    with tenant_context(beta):
        assert RepostPage.objects.count() == before


def test_a_posted_form_changes_nothing_of_the_source(beta, live, console):
    resource = live.resource("article")
    page = reposted_at("beta", resource, live=False)
    client = console("beta_editor", "beta")
    client.post(
        f"/admin/pages/{page.pk}/edit/",
        {"title": "别的", "mode": "link", "version": "9", "slug": page.slug, "comments-TOTAL_FORMS": 0,
         "comments-INITIAL_FORMS": 0},
    )  # fmt: skip
    with tenant_context(beta):
        draft = RepostPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert (draft.title, draft.mode, draft.version) == ("普通信息", "mirror", 1)


def test_files_of_a_draft_are_for_those_who_see_drafts(beta, live, console):
    page, file = reposted_at("beta", live.resource("paper"), live=False), live.file("paper")
    address = f"/admin/reposts/{page.pk}/files/{file.blob_id}/{file.name}"
    assert console("beta_editor", "beta").get(address).status_code == 200
    assert console("beta_content", "beta").get(address).status_code == 200
    assert console("beta_admin", "beta").get(address).status_code == 404
    assert console("alpha_editor", "alpha").get(address).status_code == 404
