"""信息资源库 in the consoles: what each role finds there, and what of other sites nobody finds."""

import json
from html import unescape
from urllib.parse import quote

import pytest
from django_tenants.utils import tenant_context

from content_library.models import Change, Repost, ResourceFile
from content_library.resources.actions import withdraw_resource
from content_library.resources.entering import save_changed
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.console.test_chinese import visible_words
from tests.pages import ATTACHED
from tests.reposts.conftest import corrected_at, live_at, reposted_at
from tests.statements import Statements

pytestmark = pytest.mark.django_db


def page(client, path="/admin/library/", status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return unescape(answer.content.decode())


def refused(answer):
    """Told whose screen it is, as everywhere in the console."""
    return answer.status_code == 403 and "你在本站没有这样的角色" in answer.content.decode()


def address(resource, end=""):
    return f"/admin/library/{resource.uuid}/{end}"


# --- who ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["beta_editor", "beta_content", "beta_secret"])
def test_everybody_who_works_with_content_browses_and_previews(live, console, who):
    resource = live.resource("article")
    client = console(who, "beta")
    assert "普通信息" in page(client)
    html = page(client, address(resource))
    assert "普通信息" in html and "操作" in html
    assert "测试正文" in page(client, address(resource, "text/1/"))
    assert ("转载到栏目" in html) == (who == "beta_editor")


@pytest.mark.parametrize("who", ["beta_admin", "beta_auditor"])
def test_others_of_the_site_do_not(live, console, who):
    resource = live.resource("article")
    client = console(who, "beta")
    for end in ("", "compare/", "export/", "text/1/", f"files/{'0' * 64}/x.pdf"):
        assert refused(client.get(address(resource, end)))
    assert refused(client.get("/admin/library/"))
    assert refused(client.post("/admin/library/repost/", {}))


@pytest.mark.parametrize("who", ["supervisor", "operator"])
def test_the_supervisor_s_console_has_the_library_and_its_statistics(live, console, who):
    resource = live.resource("article")
    client = console(who, "console")
    assert "普通信息" in page(client)
    html = page(client, address(resource))
    assert "转载到栏目" not in html
    assert "公开的资源" in page(client, "/admin/library-statistics/")


def test_statistics_are_not_for_a_site(console):
    client = console("alpha_editor", "alpha")
    assert refused(client.get("/admin/library-statistics/"))
    assert refused(client.get("/admin/library-statistics/export/?of=site"))


# --- isolation -----------------------------------------------------------------------------


def test_what_another_site_has_not_opened_is_not_there(console):
    hidden = [
        live_at("alpha", title="玄武不得转载", repostable=False)[1],
        live_at("alpha", title="玄武依申请公开")[1],
    ]
    hidden[1].disclosure = "on_request"
    save_changed(hidden[1], Change.Act.RECLASSIFIED)
    with tenant_context(get_tenant("alpha")):
        factories.draft_article(title="玄武草稿")
    client = console("beta_editor", "beta")
    for query in ("", "?query=玄武", "?site=alpha", "?site=alpha&query=玄武"):
        assert not any(title in page(client, f"/admin/library/{query}") for title in ("不得转载</", "玄武依", "玄武草"))
    for resource in hidden:
        for end in ("", "compare/", "export/", "text/1/"):
            assert client.get(address(resource, end)).status_code == 404
    own = console("alpha_editor", "alpha")
    assert "玄武不得转载" in page(own) and "玄武依申请公开" in page(own) and "玄武草稿" not in page(own)
    assert "来源标明不得转载" in page(own, address(hidden[0]))
    assert "玄武不得转载" in page(console("supervisor", "console"))


def test_drafts_of_reposts_are_their_own_site_s_business(live, console):
    resource = live.resource("article")
    reposted_at("beta", resource, live=False)
    assert "白石县" not in page(console("alpha_content", "alpha"), address(resource))
    assert "草稿" in page(console("beta_content", "beta"), address(resource))
    assert "白石县" in page(console("supervisor", "console"), address(resource))


def test_earlier_versions_are_for_the_source_and_for_who_shows_them(live, console):
    resource = live.resource("article")
    corrected_at("alpha", live("article"), title="改正的标题")
    outside, inside = console("beta_editor", "beta"), console("alpha_editor", "alpha")
    assert outside.get(address(resource, "text/1/")).status_code == 404
    assert outside.get(address(resource, "compare/?before=1&after=2")).status_code == 404
    assert "改正的标题" in page(outside, address(resource, "text/2/"))
    assert "普通信息" in page(inside, address(resource, "text/1/"))
    html = page(inside, address(resource, "compare/?before=1&after=2"))
    assert "<ins>" in html and "改正的标题" in html and "普通信息" in html
    assert "与第 1 版比较" in page(inside, address(resource))


def test_a_site_that_pinned_a_version_compares_it_with_the_current_one(live, console):
    source, resource = live("pinned_source"), live.resource("pinned_source")
    corrected_at("alpha", source, body=[{"type": "rich_text", "value": "<p>更正后的正文。</p>"}])
    html = page(console("beta_content", "beta"), address(resource, "compare/"))
    assert "更正后" in html and "第 1 版" in html and "第 2 版" in html


def test_of_what_was_withdrawn_nobody_reads_more_than_title_and_reason(console):
    _page, resource = live_at("alpha", title="撤回的公告", body=[{"type": "rich_text", "value": "<p>泄露的内容</p>"}])
    withdraw_resource(resource, reason="内容有误")
    supervisor, outside = console("supervisor", "console"), console("beta_editor", "beta")
    html = page(supervisor, address(resource))
    assert "撤回的公告" in html and "内容有误" in html and "泄露" not in html and "iframe" not in html
    assert "撤回的公告" not in page(supervisor) and "撤回的公告" in page(supervisor, "/admin/library/?status=withdrawn")
    for client in (supervisor, console("alpha_content", "alpha")):
        assert client.get(address(resource, "text/1/")).status_code == 404
        assert client.get(address(resource, "compare/")).status_code == 404
        answer = client.get(address(resource, "export/"))
        assert answer.status_code == 410 and "泄露" not in answer.content.decode()
    assert outside.get(address(resource)).status_code == 404
    assert "撤回的公告" not in page(outside, "/admin/library/?status=withdrawn")


# --- list ----------------------------------------------------------------------------------


def test_filters_and_their_empty_state(console):
    live_at("alpha", title="城乡供水公告", subject_class="06")
    with tenant_context(get_tenant("alpha")):
        factories.publish(
            factories.draft_policy(title="营商环境办法", subject_class="02", document_kind="measures", audience="企业")
        )
    client = console("beta_editor", "beta")
    for query, found in (
        ("subject_class=06", "城乡供水公告"),
        ("kind=policy", "营商环境办法"),
        ("document_kind=measures", "营商环境办法"),
        ("query=供水", "城乡供水公告"),
        ("site=澄州市人民政府&kind=policy", "营商环境办法"),
        ("level=city&kind=article", "城乡供水公告"),
    ):
        html = page(client, f"/admin/library/?{query}")
        assert found in html and "共 1 条" in html, query
    assert "没有符合这些条件的资源" in page(client, "/admin/library/?level=county")
    assert "没有符合这些条件的资源" in page(client, "/admin/library/?month=1999-01")


def test_the_audience_is_a_filter(live):
    resource = live.resource("article")
    resource.audience = "business"
    save_changed(resource, Change.Act.RECLASSIFIED)
    from content_library.resources.queries import ListFilter, list_resources

    assert [r.title for r in list_resources(ListFilter(audience="business")).resources] == ["普通信息"]
    assert not list_resources(ListFilter(audience="public")).resources


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("site=没有这个站", "没有名称或代码含"),
        ("site=澄州市", "对应多个站点"),
        ("month=十一月", "月份请写成"),
        ("after=xyz", "翻页位置无效"),
    ],
)
def test_what_cannot_be_asked_is_said(live, console, query, said):
    assert said in page(console("beta_editor", "beta"), f"/admin/library/?{query}")


def test_the_empty_library_says_how_it_fills(console):
    assert "自动入库" in page(console("supervisor", "console"))


def test_pages_follow_each_other_with_the_filters_kept(console, monkeypatch):
    monkeypatch.setattr("content_library.resources.queries.PAGE_SIZE", 2)
    import content_library.console.views.browsing as browsing
    from content_library.resources.queries import list_resources

    monkeypatch.setattr(browsing, "list_resources", lambda wanted, after: list_resources(wanted, after=after, size=2))
    for number in range(3):
        live_at("alpha", title=f"分页公告{number}")
    client = console("beta_editor", "beta")
    first = client.get("/admin/library/?query=分页")
    found = first.context["found"]
    assert len(found.resources) == 2 and "下一页" in first.content.decode()
    second = page(client, f"/admin/library/?query=分页&after={found.next}")
    assert "分页公告0" in second and "分页公告2" not in second and "回到第一页" in second
    assert "query=%E5%88%86%E9%A1%B5" in second


def test_the_list_asks_the_database_as_often_for_many_as_for_few(console):
    client = console("beta_editor", "beta")

    def statements():
        page(client)  # what a process reads once and keeps
        with Statements() as caught:
            page(client)
        return len(caught)

    _page, resource = live_at("alpha", subject_class="06")
    reposted_at("beta", resource)
    few = statements()
    for _number in range(3):
        live_at("alpha", subject_class="06")
    assert statements() <= few


# --- repost ---------------------------------------------------------------------------------


def test_an_editor_ticks_several_and_reposts_them(live, console):
    resources = [live.resource(name) for name in ("article", "second")]
    barred = live_at("alpha", title="不得转载的公告", repostable=False)[1]
    client = console("beta_editor", "beta")
    data = {"resource": [str(r.uuid) for r in [*resources, barred]], "column": "news", "mode": "pinned"}
    answer = client.post("/admin/library/repost/", {**data, "query": "query=信息&evil=//x"}, follow=True)
    assert answer.redirect_chain[0][0].startswith("/admin/library/?query=")
    html = unescape(answer.content.decode())
    assert "已建立 2 篇转载草稿" in html and "没有编号为" in html
    assert "本站已转载（草稿）" in html
    made = Repost.objects.filter(resource__in=[*resources, barred])
    assert sorted(made.values_list("tenant__code", "mode")) == [("beta", "pinned")] * 2


@pytest.mark.parametrize(
    ("data", "said"),
    [({"mode": "mirror"}, "请先选择栏目"), ({"column": "news", "mode": "mirror"}, "请先勾选"),
     ({"column": "nowhere", "mode": "mirror"}, "本站没有这个栏目")],
)  # fmt: skip
def test_what_is_missing_for_a_repost_is_said(console, data, said):
    answer = console("beta_editor", "beta").post("/admin/library/repost/", data, follow=True)
    assert said in answer.content.decode() and not Repost.objects.exists()


@pytest.mark.parametrize("who", ["beta_content", "alpha_editor"])
def test_nobody_else_reposts_into_a_site(live, console, who):
    resource = live.resource("article")
    data = {"resource": [str(resource.uuid)], "column": "news", "mode": "mirror"}
    client = console(who, "beta" if who.startswith("beta") else "alpha")
    answer = client.post("/admin/library/repost/", data, headers={"host": "beta.console.localhost"})
    assert answer.status_code in (302, 403) and not Repost.objects.filter(resource=resource).exists()


# --- text, files, export ---------------------------------------------------------------------


def test_the_text_comes_clean_with_files_under_the_console_s_addresses(live, console):
    resource = live.resource("paper")
    client = console("beta_content", "beta")
    answer = client.get(address(resource, "text/1/"))
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    html = answer.content.decode()
    file = ResourceFile.objects.get(version=resource.current)
    path = address(resource, f"files/{file.blob_id}/{quote(file.name)}")
    assert path in html and "library:blob" not in html and "<script" not in html
    got = client.get(path)
    assert b"".join(got.streaming_content) == ATTACHED
    assert got.headers["Content-Disposition"].startswith("attachment") and got.headers["Content-Security-Policy"]
    shown = page(client, address(resource))
    assert file.blob_id in shown and "字节" in shown
    assert client.get(address(resource, f"files/{file.blob_id}/other.txt")).status_code == 404
    assert client.get(address(resource, f"files/{'0' * 64}/{file.name}")).status_code == 404
    withdraw_resource(resource, reason="撤回")
    assert console("alpha_content", "alpha").get(path).status_code == 404


def test_hostile_html_of_a_version_does_nothing(live, console):
    from content_library.console.rendering import preview_html

    resource = live.resource("article")
    version = resource.current
    version.html = (
        '<p onclick="x()">好</p><script>x()</script><img src="https://evil.example/x.png"><iframe src="/"></iframe>'
    )
    html = preview_html(resource, version)
    assert "好" in html and not any(word in html for word in ("script", "onclick", "evil", "iframe"))


def test_the_export_is_what_another_platform_imports(live, console):
    resource = live.resource("article")
    answer = console("beta_editor", "beta").get(address(resource, "export/"))
    made = json.loads(b"".join(answer.streaming_content))
    assert made["uuid"] == str(resource.uuid) and made["metadata"]["title"] == "普通信息"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_policy_and_interpretation_lead_to_each_other(live, console):
    client = console("beta_editor", "beta")
    first, second = live.resource("policy"), live.resource("interpretation")
    assert address(second) in page(client, address(first))
    assert address(first) in page(client, address(second))


def test_other_parts_put_their_buttons_and_panels_here(live, console):
    from wagtail import hooks

    from content_library.resources.screen_parts import ACTS, ResourceAct

    resource = live.resource("article")

    def act(resource, tenant, user):
        yield ResourceAct("推送给下级", f"/admin/push/{resource.uuid}/", "upload")

    with hooks.register_temporarily(ACTS, act):
        html = page(console("alpha_content", "alpha"), address(resource))
    assert "推送给下级" in html and f"/admin/push/{resource.uuid}/" in html


def test_a_number_that_is_none_is_not_found(live, console):
    client = console("alpha_editor", "alpha")
    assert client.get("/admin/library/00000000-0000-4000-8000-000000000000/").status_code == 404
    resource = live.resource("article")
    assert client.get(address(resource, "text/9/")).status_code == 404
    assert client.get(address(resource, "compare/?before=x&after=1")).status_code == 404


def test_no_screen_leaves_a_trace_in_the_breadcrumbs_of_others(live, console):
    from wagtail.admin.views.generic import WagtailAdminTemplateMixin

    before = list(WagtailAdminTemplateMixin.breadcrumbs_items)
    resource = live.resource("article")
    client = console("supervisor", "console")
    for path in (address(resource), "/admin/library-statistics/", "/admin/vocabularies/subject/", "/admin/dictionary/"):
        page(client, path)
    page(console("alpha_admin", "alpha"), "/admin/people/")
    assert before == WagtailAdminTemplateMixin.breadcrumbs_items


def test_every_word_is_chinese(console):
    source, resource = live_at("alpha", title="中文公告")
    corrected_at("alpha", source, title="更正的中文公告")
    reposted_at("beta", resource)
    known, shown_at = {"UUID", "CSV", "SM"}, Repost.objects.get().path
    for who, site, paths in (
        ("beta_editor", "beta", ["/admin/library/", address(resource)]),
        ("alpha_content", "alpha", [address(resource), address(resource, "compare/")]),
        ("alpha_admin", "alpha", ["/admin/index-numbers/"]),
        ("supervisor", "console", ["/admin/library/", address(resource), "/admin/library-statistics/"]),
    ):
        client = console(who, site)
        for path in paths:
            assert set(visible_words(page(client, path).replace(shown_at, ""))) <= known, path
