"""One document's whole history on one screen, found by its title or number, for those who may read it."""

import pytest
from django_tenants.utils import schema_context

from content_library.distribution.pushes.actions import push_resource
from govplatform.accounts.models import User
from govplatform.audit.models import Entry
from govplatform.review.submission.actions import decide_review, withdraw_page
from tests.factories import draft_article, draft_policy, publish, submit

LIST = "/admin/documents-record/"


def _user(name):
    return User.objects.get(username=name)


def _at(page, site="alpha"):
    return f"{LIST}{site}/{page.pk}/"


@pytest.fixture
def told(alpha):
    """Written, returned, published, pushed, taken down."""
    page = draft_article(title="城南水厂扩建完工")
    submit(page)
    decide_review(page, acting_user=_user("alpha_content"), approve=False, opinion="请补充落款。")
    publish(page)
    return page


def test_everything_that_was_done_stands_there_in_order(told, console):
    html = console("alpha_editor", "alpha").get(_at(told)).content.decode()
    steps = (
        "新建《城南",
        "把《城南水厂扩建完工》送审",
        "完成了《城南水厂扩建完工》的保密扫描",
        "退回了《城南",
        "请补充落款。",
        "发布了《城南",
    )
    for step in steps:
        assert step in html, step
    assert html.index("发布了《城南") < html.index("退回了《城南") < html.index("新建《城南"), "newest first"
    assert "http://alpha.localhost:8000/news/" in html, "its address"
    assert "第 1 版" in html, "the library"


def test_a_push_and_a_withdrawal_are_told_too(told, live, console):
    from content_library.models import Resource

    resource = Resource.objects.get(tenant__code="alpha", page_id=told.pk)
    push_resource(resource, selector="site=beta", acting_user=_user("alpha_content"))
    withdraw_page(told, acting_user=_user("alpha_content"), reason="数字有误。")
    html = console("alpha_content", "alpha").get(_at(told)).content.decode()
    assert "推送了《城南水厂扩建完工》" in html
    assert "撤回了已发布的《城南水厂扩建完工》" in html and "数字有误。" in html
    assert "已撤回" in html


def test_a_deleted_document_is_found_and_told(alpha, console):
    page = draft_article(title="已经删除的文档")
    number = page.pk
    editor = console("alpha_editor", "alpha")
    assert editor.post(f"/admin/pages/{number}/delete/").status_code == 302
    found = editor.get(LIST, {"q": "删除的文"}).content.decode()
    assert f"{LIST}alpha/{number}/" in found and "已删除" in found
    html = editor.get(f"{LIST}alpha/{number}/").content.decode()
    assert "已经删除的文档" in html and "删除" in html


def test_it_is_found_by_title_and_by_number(alpha, console):
    policy = publish(draft_policy(title="扩建水厂的若干措施"))
    client = console("alpha_secret", "alpha")
    for text in ("水厂的若干", policy.document_number):
        assert f"{LIST}alpha/{policy.pk}/" in client.get(LIST, {"q": text}).content.decode(), text
    assert "没有找到这样的文档" in client.get(LIST, {"q": "绝无此文"}).content.decode()
    assert client.get(LIST, {"q": "\x00%_'"}).status_code in (200, 400)
    assert client.get(LIST).status_code == 200


def test_the_record_leads_to_the_document_and_back(told, console):
    auditor = console("alpha_auditor", "alpha")
    assert _at(told) in auditor.get("/admin/audit/").content.decode()
    assert "发布了《城南水厂扩建完工》" in auditor.get(_at(told)).content.decode()


def test_a_page_leads_to_its_record(told, console):
    assert _at(told) in console("alpha_editor", "alpha").get(f"/admin/pages/{told.pk}/edit/").content.decode()


def test_an_auditor_finds_no_drafts(alpha, console):
    draft = draft_article(title="还没有公开的草稿")
    assert _at(draft) not in console("alpha_auditor", "alpha").get(LIST, {"q": "没有公开的"}).content.decode()
    assert _at(draft) in console("alpha_editor", "alpha").get(LIST, {"q": "没有公开的"}).content.decode()


@pytest.mark.parametrize(
    ("who", "site", "status"),
    [
        ("alpha_editor", "alpha", 200),
        ("alpha_auditor", "alpha", 200),
        ("alpha_admin", "alpha", 403),
        ("outsider", "alpha", 302),
        ("supervisor", "console", 200),
        ("operator", "console", 403),
    ],
)
def test_who_reads_it(told, console, who, site, status):
    assert console(who, site).get(_at(told)).status_code == status
    assert console(who, site).get(LIST).status_code == status


def test_another_site_s_people_get_nothing(told, console):
    for who in ("beta_editor", "beta_auditor"):
        assert console(who, "beta").get(_at(told)).status_code == 404
        assert console(who, "beta").get(_at(told, "beta")).status_code == 404
    assert "扩建完工" not in console("beta_editor", "beta").get(LIST, {"q": "城南水厂"}).content.decode()
    assert console("beta_editor", "beta").get(LIST, {"q": "城南水厂", "site": "alpha"}).status_code == 200


def test_what_is_no_document_is_not_there(alpha, console):
    client = console("alpha_editor", "alpha")
    with schema_context("site_alpha"):
        column = draft_article().get_parent().pk
    for path in (f"alpha/{column}/", "alpha/999999/", f"alpha/{'9' * 30}/", "console/1/", "nowhere/1/"):
        assert client.get(f"{LIST}{path}").status_code == 404, path


def test_statements_do_not_grow_with_the_history(told, console, django_assert_max_num_queries):
    client = console("alpha_editor", "alpha")
    client.get(_at(told))
    with schema_context("site_alpha"):
        for _ in range(20):
            told.save_revision(user=_user("alpha_editor"), log_action=True)
    assert Entry.objects.filter(object_id=str(told.pk)).count() > 20
    with django_assert_max_num_queries(60):
        client.get(_at(told))
