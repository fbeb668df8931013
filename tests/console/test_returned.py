"""A return comes to the desk: opinion and findings beside the text, in the state, and in the reviewer's difference."""

import re

import pytest

from govplatform.review.gate.status import page_status
from govplatform.review.submission.actions import decide_review, take_back
from sites.articles.models import Article
from tests import factories
from tests.console.test_document_through_the_console import article_form
from tests.factories import user

TELEPHONE = "13812345678"
OPINION = "联系电话是个人手机，请换成办公电话。"


@pytest.fixture
def returned(alpha):
    page = factories.draft_article(body=[{"type": "rich_text", "value": f"<p>联系电话：{TELEPHONE}。</p>"}])
    factories.submit(page)
    decide_review(page, acting_user=user("alpha_content"), approve=False, opinion=OPINION)
    return Article.objects.get(pk=page.pk)


def edit(console, page):
    return console("alpha_editor", "alpha").get(f"/admin/pages/{page.pk}/edit/").content.decode()


def test_the_opinion_and_the_findings_stand_beside_the_text(returned, console):
    html = edit(console, returned)
    assert page_status(returned) == "returned"
    panel = html[html.index("data-returned") :]
    assert OPINION in panel and f'data-words="{TELEPHONE}"' in panel
    assert "已退回，内容审核" in html
    assert (
        "已退回" in console("alpha_editor", "alpha").get(f"/admin/pages/{returned.get_parent().pk}/").content.decode()
    )


def test_once_handed_in_again_it_is_no_return_any_more(returned, console):
    factories.submit(returned)
    take_back(returned, acting_user=user("alpha_editor"))
    assert "data-returned" not in edit(console, returned)
    assert page_status(Article.objects.get(pk=returned.pk)) == "draft"


def test_drafts_and_public_pages_have_no_such_panel(alpha, console):
    for page in (factories.draft_article(), factories.live_article()):
        assert "data-returned" not in edit(console, page)


def changed(page, words):
    page.body = [{"type": "rich_text", "value": f"<p>{words}</p>"}]
    page.save_revision(user=user("alpha_editor"))
    factories.submit(page)


def test_the_reviewer_sees_what_was_changed_since_the_return(returned, console):
    changed(returned, "联系电话：0871-12345678。")
    html = console("alpha_content", "alpha").get(f"/admin/review/{returned.pk}/").content.decode()
    assert "与退回的版本相比" in html and OPINION in html
    changes = html[html.index('id="changes"') :]
    assert "0871" in changes[: changes.index("</section>")]
    assert "改为与上次通过审查的版本相比" not in html, "nothing of it was ever cleared"


def test_of_a_public_page_the_difference_is_switchable(alpha, console):
    page = factories.live_article(body=[{"type": "rich_text", "value": "<p>公开的原文。</p>"}])
    changed(page, "改坏了的一版。")
    decide_review(page, acting_user=user("alpha_content"), approve=False, opinion="不能这样改。")
    changed(Article.objects.get(pk=page.pk), "改好了的一版。")
    reviewer = console("alpha_content", "alpha")

    def changes(query=""):
        html = reviewer.get(f"/admin/review/{page.pk}/{query}").content.decode()
        section = html[html.index('id="changes"') :]
        return re.sub(r"<[^>]+>", "", section[: section.index("</section>")])

    assert "与退回的版本相比" in changes() and "坏" in changes() and "原文" not in changes()
    assert "与上次通过审查的版本相比" in changes("?against=cleared") and "原文" in changes("?against=cleared")
    assert "与退回的版本相比" in changes("?against=nothing")


def test_after_the_next_clearance_the_return_is_history(returned, console):
    changed(returned, "联系电话：0871-12345678。")
    factories.approve(returned, "alpha_content")
    factories.approve(returned, "alpha_secret")
    changed(Article.objects.get(pk=returned.pk), "第二次修改。")
    html = console("alpha_content", "alpha").get(f"/admin/review/{returned.pk}/").content.decode()
    assert "与上次通过审查的版本相比" in html and "与退回的版本相比" not in html


def test_a_window_that_was_open_saves_beside_the_version_that_was_returned(returned, console):
    editor = console("alpha_editor", "alpha")
    address, before = f"/admin/pages/{returned.pk}/edit/", returned.latest_revision_id
    form = article_form(editor, address, slug=returned.slug, title="接着写")
    response = editor.post(
        address, {**form, "overwrite_revision_id": str(before)}, headers={"accept": "application/json"}
    )
    assert response.json()["success"], response.content
    page = Article.objects.get(pk=returned.pk)
    assert page.latest_revision_id != before and page.draft_title == "接着写"
    assert page.revisions.get(pk=before).as_object().title == returned.title


@pytest.mark.parametrize("action", ["", "action-submit"])
def test_nobody_puts_a_version_over_one_that_they_were_not_told_of(alpha, console, action):
    page = factories.draft_article()
    address = f"/admin/pages/{page.pk}/edit/"
    one, other = console("alpha_editor", "alpha"), console("alpha_editor2", "alpha")
    sent = article_form(other, address, slug=page.slug, title="第二个人的题目", **({action: "1"} if action else {}))
    one.post(address, article_form(one, address, slug=page.slug, title="第一个人的题目"))
    refused = other.post(address, sent).content.decode()
    assert "甲编辑 在" in refused and "第二个人的题目" in refused and "看对方改了什么" in refused
    assert Article.objects.get(pk=page.pk).draft_title == "第一个人的题目"
    again = dict(re.findall(r'<input type="hidden" name="(loaded_[^"]+)" value="([^"]*)"', refused))
    assert other.post(address, {**sent, **again}).status_code == 302
    page = Article.objects.get(pk=page.pk)
    assert page.draft_title == "第二个人的题目"
    assert "第一个人的题目" in [revision.as_object().title for revision in page.revisions.all()]
    assert (page_status(page) == "in_review") is bool(action)


def test_whoever_was_told_in_the_window_is_not_asked_again(alpha, console):
    page = factories.draft_article()
    address = f"/admin/pages/{page.pk}/edit/"
    one, other = console("alpha_editor", "alpha"), console("alpha_editor2", "alpha")
    sent = article_form(other, address, slug=page.slug, title="第二个人的题目", over_newer="1")
    one.post(address, article_form(one, address, slug=page.slug, title="第一个人的题目"))
    assert other.post(address, sent).status_code == 302
    assert Article.objects.get(pk=page.pk).draft_title == "第二个人的题目"


def test_reviewers_and_neighbours_do_not_open_the_desk(returned, console):
    assert console("alpha_content", "alpha").get(f"/admin/pages/{returned.pk}/edit/").status_code == 404
    assert OPINION not in console("beta_editor", "beta").get(f"/admin/pages/{returned.pk}/edit/").content.decode()
