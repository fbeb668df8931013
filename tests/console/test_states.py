"""Where a page is stands in the same words in the list, beside the text, on the start page and on the review screen."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from content_library.models import Repost, Resource
from content_library.resources.actions import withdraw_resource
from govplatform.accounts.models import User
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from govplatform.review.gate.status import page_status, state_words
from govplatform.review.models import AfterReview
from govplatform.review.submission.actions import decide_review, submit_for_review, withdraw_page
from govplatform.review.submission.followups import confirm_withdrawal, judge_after_review, open_followups
from govplatform.review.tasks import publish_due_pages
from govplatform.tenancy.queries import get_tenant
from govplatform.waiting.queries import waiting_for
from tests.factories import approve, column, draft_article, live_article, publish, submit, user
from tests.reposts.conftest import corrected_at, reposted_at
from tests.review.reviewers import emergency, reviewer

START = "/admin/"


@pytest.fixture
def beta(db):
    return get_tenant("beta")


def edit(page):
    return f"/admin/pages/{page.pk}/edit/"


def review(page):
    return f"/admin/review/{page.pk}/"


def newest(page):
    return type(page).objects.get(pk=page.pk)


def listed(client, page):
    """The line of a page in the list of its column."""
    html = client.get(f"/admin/pages/{page.get_parent().pk}/").content.decode()
    begin = html.index(newest(page).get_admin_display_title())
    return html[begin : html.index("</tr>", begin)]


def text(client, address):
    response = client.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


def news(name):
    return [m.title for group in waiting_for(User.objects.get(username=name), only={"down"}) for m in group.matters]


def approved_for(page, moment):
    page.go_live_at = moment
    with holding():
        page.save_revision(user=user("alpha_editor"))
    page = newest(page)
    submit(page)
    approve(page, "alpha_content")
    approve(page, "alpha_secret")
    return newest(page)


def test_what_waits_for_its_time_is_no_draft(alpha, console):
    moment = (timezone.localtime() + timedelta(days=3)).replace(second=0, microsecond=0)
    page = approved_for(draft_article(title="下周的停水通知"), moment)
    said, editor = f"已通过，待发布（{moment:%Y-%m-%d %H:%M}）", console("alpha_editor", "alpha")
    assert state_words(page) == said
    assert said in listed(editor, page)
    assert said in text(editor, edit(page)) and said in text(editor, review(page))
    start = text(editor, START)
    assert "已通过，等待发布" in start
    assert "下周的停水通知" not in start[start.index('id="drafts') :]


def test_what_expired_is_no_draft(alpha, console, monkeypatch):
    end = timezone.now() + timedelta(hours=2)
    page = publish(draft_article(title="过期的征集", expire_at=end))
    monkeypatch.setattr("django.utils.timezone.now", lambda: end + timedelta(minutes=1))
    publish_due_pages()
    monkeypatch.undo()
    page = newest(page)
    assert page_status(page) == "expired"
    editor = console("alpha_editor", "alpha")
    assert "已到期" in listed(editor, page) and "已到期" in text(editor, edit(page))
    assert "起公众看不到。" in text(editor, edit(page))
    start = text(editor, START)
    assert "过期的征集" in start[start.index('id="came-down') : start.index('id="drafts')]
    assert "过期的征集" not in start[start.index('id="drafts') :]


@pytest.fixture
def taken_down(alpha):
    page = live_article(title="有误的公告")
    return page, withdraw_page(page, acting_user=user("supervisor"), reason="附件泄密。", break_glass=True)


def test_a_withdrawal_reaches_who_wrote_and_who_reviewed(taken_down, console):
    page, _withdrawal = taken_down
    editor = console("alpha_editor", "alpha")
    for html in (text(editor, START), text(editor, edit(page)), text(editor, review(page))):
        assert "已撤回" in html and "附件泄密。" in html and user("supervisor").full_name in html
    start = text(editor, START)
    assert "有误的公告" not in start[start.index('id="drafts') :]
    assert "已撤回" in listed(editor, page)
    for name in ("alpha_editor", "alpha_content", "alpha_secret"):
        assert len(news(name)) == 1 and "附件泄密。" in news(name)[0], name
    for name in ("supervisor", "beta_editor", "both_content"):
        assert news(name) == [], name


def test_a_contest_reaches_everybody_with_its_opinion(taken_down, console, alpha):
    page, withdrawal = taken_down
    reviewer("third", alpha, "confidentiality-reviewer")
    confirm_withdrawal(withdrawal, acting_user=user("third"), confirm=False, opinion="附件早已公开。")
    for name in ("alpha_editor", "alpha_content", "supervisor"):
        assert "提出异议：附件早已公开。" in news(name)[0], name
    assert news("third") == [], "who said it knows it"
    editor = console("alpha_editor", "alpha")
    for html in (text(editor, START), text(editor, edit(page)), text(editor, review(page))):
        assert "提出异议" in html and "附件早已公开。" in html
    for client in (console("supervisor", "console"), console("alpha_content", "alpha")):
        html = text(client, "/admin/review/again/")
        assert "近日的撤回" in html and "附件早已公开。" in html
    submit_for_review(newest(page), acting_user=user("alpha_editor"))
    assert news("alpha_editor") == [], "it is on its way again"


def urgent():
    page = draft_article(title="防汛转移通知")
    submit_for_review(page, acting_user=user("alpha_editor"), emergency=emergency())
    return newest(page)


def test_an_emergency_says_so_with_reason_limit_and_who_looks_again(alpha, console):
    page, editor = urgent(), console("alpha_editor", "alpha")
    assert "紧急审核中" in listed(editor, page)
    for html in (text(editor, START), text(editor, edit(page)), text(console("alpha_content", "alpha"), review(page))):
        assert "紧急" in html and "防汛预警。" in html
    screen = text(console("alpha_content", "alpha"), review(page))
    assert "紧急办理期限" in screen and "还剩" in screen and "个工作日内由没有经手的人复核" in screen
    assert "紧急理由：防汛预警。" in text(editor, edit(page)) and "紧急办理期限：" in text(editor, edit(page))
    approve(page, "alpha_content")
    approve(page, "alpha_secret")
    assert "事后复核" in text(editor, edit(page)) and "之前，还剩" in text(editor, edit(page))
    judge_after_review(AfterReview.objects.get(), acting_user=user("both_content"), confirm=True, opinion="属实。")
    assert "复核通过" in text(editor, edit(page)) and "属实。" in text(editor, review(page))


def test_what_was_withdrawn_needs_no_review_after_the_fact(alpha, console):
    page = urgent()
    approve(page, "alpha_content")
    approve(page, "alpha_secret")
    assert [item.kind for item in open_followups(user("both_content"))] == ["after_review"]
    withdraw_page(newest(page), acting_user=user("alpha_content"), reason="水情已解除。")
    assert open_followups(user("both_content")) == []
    with pytest.raises(Refused, match="不再需要"):
        judge_after_review(AfterReview.objects.get(), acting_user=user("both_content"), confirm=True, opinion="x")
    assert "不再复核" in text(console("alpha_editor", "alpha"), edit(page))


def test_a_change_of_what_is_live_is_told_beside_that(alpha, console):
    page = live_article(title="供水公告")
    page.title = "供水公告（改）"
    with holding():
        page.save_revision(user=user("alpha_editor"))
    assert state_words(newest(page)) == "已发布，有新的修改"
    submit(newest(page))
    assert state_words(newest(page)) == "已发布，修改审核中"
    decide_review(newest(page), acting_user=user("alpha_content"), approve=False, opinion="补落款。")
    assert state_words(newest(page)) == "已发布，修改被退回"
    assert "已发布，修改被退回" in listed(console("alpha_editor", "alpha"), page)


def test_nothing_that_does_nothing_is_offered_beside_the_text(alpha, console):
    editor = console("alpha_editor", "alpha")
    for address in (edit(draft_article()), f"/admin/pages/add/articles/article/{column('news').pk}/"):
        html = text(editor, address)
        assert "schedule-publishing-dialog" not in html and "设置计划" not in html
        assert 'href="#jump-go_live_at"' in html and 'id="id_go_live_at"' in html


def test_a_recall_during_the_review_is_told_to_editor_and_reviewer(beta, live, console):
    page = reposted_at("beta", live.resource("article"), live=False)
    with tenant_context(beta):
        submit(page, "beta_editor")
    withdraw_resource(Resource.objects.get(pk=live.resource("article").pk), reason="数字有误，来源收回。")
    with tenant_context(beta):
        assert state_words(newest(page)) == "来源已撤回"
        editor = console("beta_editor", "beta")
        for html in (text(editor, edit(page)), text(console("beta_content", "beta"), review(page))):
            assert "来源已经撤回原信息" in html and "数字有误，来源收回。" in html
        assert "来源已撤回" in listed(editor, page)


def test_a_mirror_says_which_version_citizens_read_and_offers_only_what_is_left(beta, live, console, citizen):
    source, page = live("mirror_source"), live("mirror", "beta")
    corrected_at("alpha", source, title="更正后的标题")
    with tenant_context(beta):
        editor = console("beta_editor", "beta")
        html = text(editor, edit(page))
        assert "公众看到的版本" in html and "第 2 版" in html and "采用新版本" not in html
        assert Repost.objects.get(page_id=page.pk, tenant=beta).version == 2
        shown = citizen("beta").get(page.get_url_parts()[2]).content.decode()
        assert "首次发布时间：" in shown and "（来源）" in shown and "更正时间：" in shown and "本站转载时间：" in shown


def test_a_corrected_page_tells_citizens_its_first_date(alpha, citizen):
    page = live_article(title="原来的标题")
    path = page.get_url_parts()[2]
    first = citizen("alpha").get(path).content.decode()
    assert "更正时间：" not in first and "首次发布时间：" not in first
    corrected_at("alpha", page, title="更正的标题")
    html = citizen("alpha").get(path).content.decode()
    assert "更正时间：" in html
    began = html.index("首次发布时间：")
    assert f"{timezone.localtime(page.first_published_at):%Y-%m-%d %H:%M}" in html[began : began + 120]
