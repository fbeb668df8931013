"""What each role finds first, and what is not offered to it."""

import re

import pytest

from tests.factories import draft_article, live_article, submit

ADMIN = "/admin/"


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def menu_names(html):
    return set(re.findall(r'"name": "([a-z-]+)"', html))


def test_an_editor_writes_sees_drafts_and_what_is_stuck_with_whom(alpha, console):
    draft_article(title="澄州供水规划草稿")
    waiting = draft_article(title="正在审查的供水通知")
    submit(waiting)
    html = text(console("alpha_editor", "alpha").get(ADMIN))
    assert "写一篇新的" in html
    assert "写政策文件" in html
    assert "澄州供水规划草稿" in html
    assert "正在审查的供水通知" in html
    assert "甲内审" in html


def test_what_came_back_stands_with_its_opinion(alpha, console):
    from govplatform.review.submission.actions import decide_review
    from tests.factories import user

    page = draft_article(title="被退回的通知")
    submit(page)
    decide_review(page, acting_user=user("alpha_content"), approve=False, opinion="第二段数字有误。")
    html = text(console("alpha_editor", "alpha").get(ADMIN))
    assert "退回给你修改" in html
    assert "第二段数字有误。" in html


def test_a_reviewer_of_two_sites_has_one_queue(site, console):
    from django_tenants.utils import tenant_context

    for code in ("alpha", "beta"):
        with tenant_context(site(code)):
            page = draft_article(f"{code}_editor", title=f"{code}的待审信息")
            submit(page, f"{code}_editor")
    html = text(console("both_content", "alpha").get(ADMIN))
    assert "alpha的待审信息" in html
    assert "beta的待审信息" in html
    assert "http://beta.console.localhost:8000/admin/review/" in html


def test_an_administrator_sees_people_and_columns_and_no_draft(alpha, console):
    draft_article(title="管理员看不到的草稿")
    html = text(console("alpha_admin", "alpha").get(ADMIN))
    assert "逾期未更新" in html
    assert "添加人员" in html
    assert "管理员看不到的草稿" not in html


def test_a_column_past_its_limit_is_overdue_and_an_empty_one_is_named(alpha):
    from sites.columns.models import Column
    from sites.columns.overdue import column_states

    live_article()
    Column.objects.filter(slug="news").update(update_limit_days=0)
    states = {state.column.slug: state for state in column_states()}
    assert states["news"].items == 1
    assert not states["news"].is_empty
    assert not states["news"].is_overdue
    assert states["policies"].is_empty


def test_an_operator_sees_the_sites_as_a_tree(db, console):
    html = text(console("operator", "console").get(ADMIN))
    assert html.index("云江省澄州市人民政府") < html.index("澄州市白石县人民政府")
    assert "tree--1" in html
    assert "开设站点" in html


def test_a_supervisor_reads_the_sites_and_opens_none(db, console):
    client = console("supervisor", "console")
    assert "开设站点" not in text(client.get(ADMIN))
    assert "云江省澄州市人民政府" in text(client.get("/admin/fleet/"))
    assert client.get("/admin/fleet/new/").status_code == 403


def test_an_auditor_reads_the_own_chain_and_filters_it(alpha, console):
    live_article(title="审计可见的信息")
    client = console("alpha_auditor", "alpha")
    html = text(client.get("/admin/audit/"))
    assert "审计可见的信息" in html
    assert "送审" in html
    only = text(client.get("/admin/audit/", {"act": "page.publish"}))
    assert "共 1 条" in only
    assert "共 0 条" in text(client.get("/admin/audit/", {"person": "没有这个人"}))
    assert client.post("/admin/audit/").status_code == 403


def test_an_auditor_starts_with_the_newest_of_the_record(alpha, live, console):
    html = text(console("alpha_auditor", "alpha").get(ADMIN))
    assert "最近的审计记录" in html
    assert live("topic").title in html, "published last"
    assert 'action="/admin/audit/"' in html


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("alpha_editor", {"explorer", "images", "documents", "review-published"}),
        ("alpha_content", {"review-queue", "review-published"}),
        ("alpha_secret", {"review-queue", "review-published"}),
        ("alpha_admin", {"explorer", "people"}),
        ("alpha_auditor", {"audit"}),
    ],
)
def test_the_menu_offers_what_the_role_needs_and_nothing_else(alpha, console, who, shown):
    html = text(console(who, "alpha").get(ADMIN))
    props = re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', html, re.S).group(1)
    every = {"explorer", "images", "documents", "review-queue", "review-published", "people", "audit", "settings",
             "reports", "help", "snippets", "forms", "sites-tree"}  # fmt: skip
    assert menu_names(props) & every == shown


@pytest.mark.parametrize(
    "address",
    ["users/", "users/new/", "groups/", "sites/", "sites/new/", "workflows/list/", "workflows/tasks/index/",
     "reports/locked/", "reports/site-history/", "collections/", "password_reset/", "failwhale/"],
)  # fmt: skip
@pytest.mark.parametrize("who", ["alpha_admin", "alpha_editor", "alpha_content"])
def test_wagtail_s_own_registries_do_not_exist(alpha, console, who, address):
    assert console(who, "alpha").get(f"/admin/{address}").status_code == 404
