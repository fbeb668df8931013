"""A document's whole way through the console: an editor and two reviewers."""

import re

import pytest
from wagtail.models import Page

from govplatform.review.gate.scans import scan_now
from govplatform.review.gate.status import page_status
from govplatform.review.models import Decision
from sites.articles.models import Article
from tests.factories import column, draft_article, submit, user

CONTENT_CHECKS = ["facts", "wording", "source", "metadata", "no-advertising"]


def article_form(client, address, **fields):
    """What the editor's form would send, read from the page itself, with ``fields`` on top."""
    html = client.get(address).content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    return {
        **sent,
        "title": "澄州市全面启动春季植树",
        "slug": "spring-trees",
        "summary": "",
        "source": "澄州市自然资源局",
        "disclosure": "proactive",
        "body-count": "1",
        "body-0-type": "quotation",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-id": "",
        "body-0-value-text": "植树造林，造福子孙。",
        "body-0-value-source": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        **fields,
    }


def decide(client, page, verdict, *, checked=(), opinion="同意。"):
    address = f"/admin/review/{page.pk}/"
    html = client.get(address).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(step|revision)" value="([^"]*)"', html))
    return client.post(address, {**hidden, "verdict": verdict, "opinion": opinion, "checked": list(checked)})


def all_checks(client, page):
    html = client.get(f"/admin/review/{page.pk}/").content.decode()
    return re.findall(r'name="checked" value="([^"]+)"', html)


def test_three_people_bring_a_document_to_the_citizens(alpha, console, citizen):
    editor = console("alpha_editor", "alpha")
    address = f"/admin/pages/add/articles/article/{column('news').pk}/"
    response = editor.post(address, {**article_form(editor, address), "action-submit": "1"})
    page = Article.objects.get(slug="spring-trees")
    assert response.headers["Location"] == f"/admin/review/{page.pk}/"
    assert page_status(page) == "in_review"
    # the worker's part
    scan_now(page, acting_user=None)
    for who in ("alpha_content", "alpha_secret"):
        client = console(who, "alpha")
        assert "澄州市全面启动春季植树" in client.get("/admin/review/").content.decode()
        response = decide(client, page, "approve", checked=all_checks(client, page))
        assert response.status_code == 302, response.content.decode()
    page.refresh_from_db()
    assert page.live
    assert "植树造林" in citizen("alpha").get("/news/spring-trees/").content.decode()
    assert {d.reviewer.username for d in Decision.objects.filter(page_id=page.pk)} == {"alpha_content", "alpha_secret"}


def test_what_is_not_filled_in_is_said_and_the_draft_stays(alpha, console):
    editor = console("alpha_editor", "alpha")
    address = f"/admin/pages/add/articles/article/{column('news').pk}/"
    form = article_form(editor, address, **{"body-count": "0", "action-submit": "1"})
    response = editor.post(address, form, follow=True)
    assert "正文是空的" in response.content.decode()
    page = Article.objects.get(slug="spring-trees")
    assert page_status(page) == "draft"
    assert page.current_workflow_state is None


def test_submitting_from_the_editor_is_recorded(alpha, console):
    from govplatform.audit.models import Entry

    page = draft_article()
    editor = console("alpha_editor", "alpha")
    address = f"/admin/pages/{page.pk}/edit/"
    editor.post(address, {**article_form(editor, address, slug=page.slug), "action-submit": "1"})
    assert page_status(Page.objects.get(pk=page.pk)) == "in_review"
    entry = Entry.objects.filter(chain=alpha.schema_name).order_by("-number").first()
    assert (entry.act, entry.actor_id) == ("review.submit", user("alpha_editor").pk)


@pytest.mark.parametrize("action", ["action-publish", "action-restart-workflow", "action-cancel-workflow"])
def test_other_actions_of_the_editor_only_save(alpha, console, action):
    page = draft_article()
    editor = console("alpha_editor", "alpha")
    address = f"/admin/pages/{page.pk}/edit/"
    editor.post(address, {**article_form(editor, address, slug=page.slug), action: "1"})
    page = Page.objects.get(pk=page.pk)
    assert not page.live
    assert page.current_workflow_state is None
    assert page.draft_title == "澄州市全面启动春季植树"


def test_the_editor_offers_save_and_submit_alone(alpha, console):
    page = draft_article()
    html = console("alpha_editor", "alpha").get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert 'name="action-submit"' in html
    for name in ("action-publish", "action-unpublish", "action-cancel-workflow"):
        assert f'name="{name}"' not in html


def test_a_submission_is_taken_back_on_a_screen_of_its_own(alpha, console):
    page = draft_article()
    submit(page)
    editor = console("alpha_editor", "alpha")
    assert "撤回送审" in editor.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert editor.post(f"/admin/review/{page.pk}/take-back/").status_code == 302
    assert page_status(Page.objects.get(pk=page.pk)) == "draft"
    again = editor.post(f"/admin/review/{page.pk}/take-back/").content.decode()
    assert "不在审核中" in again


def test_a_refused_decision_keeps_the_opinion_and_names_every_reason(alpha, console):
    page = draft_article()
    submit(page)
    client = console("alpha_content", "alpha")
    html = decide(client, page, "approve", checked=["facts"], opinion="基本可以，稍后补充。").content.decode()
    assert html.count("检查清单有一项没有确认") == 4
    assert "基本可以，稍后补充。" in html
    assert re.search(r'value="facts" checked', html)
    assert page_status(Page.objects.get(pk=page.pk)) == "in_review"


def test_whoever_had_a_hand_in_it_is_told_and_has_no_buttons(alpha, console):
    page = draft_article("alpha_editor", owner=user("alpha_content"))
    submit(page)
    html = console("alpha_content", "alpha").get(f"/admin/review/{page.pk}/").content.decode()
    assert "回避规则" in html
    assert 'name="verdict"' not in html


def test_a_version_resubmitted_meanwhile_is_not_decided_unseen(alpha, console):
    from govplatform.review.submission.actions import take_back

    page = draft_article()
    submit(page)
    client = console("alpha_content", "alpha")
    old = page.latest_revision_id
    checks = all_checks(client, page)
    take_back(page, acting_user=user("alpha_editor"))
    page.title = "换过的标题"
    page.save_revision(user=user("alpha_editor"))
    submit(page)
    sent = {"step": "content", "revision": str(old), "verdict": "approve", "opinion": "同意。", "checked": checks}
    html = client.post(f"/admin/review/{page.pk}/", sent).content.decode()
    assert "重新送审了新的版本" in html
    assert not Decision.objects.filter(page_id=page.pk).exists()


def test_after_a_decision_the_next_one_in_the_queue_opens(alpha, console):
    first, second = draft_article(), draft_article()
    submit(first)
    submit(second)
    client = console("alpha_content", "alpha")
    response = decide(client, first, "approve", checked=all_checks(client, first))
    assert response.headers["Location"] == f"http://alpha.console.localhost:8000/admin/review/{second.pk}/"


def test_the_difference_to_the_last_cleared_version_is_shown(alpha, live, console):
    page = live("article")
    page.title = "新标题"
    page.save_revision(user=user("alpha_editor"))
    submit(page)
    html = console("alpha_content", "alpha").get(f"/admin/review/{page.pk}/").content.decode()
    assert 'class="deletion"' in html
    assert 'class="addition"' in html


def test_the_preview_is_the_site_s_own_look_and_for_those_who_may_see_drafts(alpha, console, citizen):
    page = draft_article(title="只供审查的草稿")
    address = f"/admin/review/{page.pk}/preview/"
    response = console("alpha_content", "alpha").get(address)
    assert "只供审查的草稿" in response.content.decode()
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    for who in ("alpha_admin", "alpha_auditor"):
        assert console(who, "alpha").get(address).status_code == 403
    assert citizen("alpha").get(address).status_code == 404


def test_the_editor_s_own_preview_renders_inside_the_console(alpha, console):
    page = draft_article(title="编辑器里的预览")
    response = console("alpha_editor", "alpha").get(f"/admin/pages/{page.pk}/view_draft/")
    assert "编辑器里的预览" in response.content.decode()


def test_a_published_page_is_withdrawn_with_a_reason(alpha, live, console):
    page = live("article")
    client = console("alpha_content", "alpha")
    address = f"/admin/review/{page.pk}/withdraw/"
    assert page.title in client.get("/admin/review/published/").content.decode()
    assert "撤回须写明理由" in client.post(address, {"reason": " "}).content.decode()
    assert client.post(address, {"reason": "来源有误。"}).status_code == 302
    assert page_status(Page.objects.get(pk=page.pk)) == "withdrawn"
    assert console("alpha_editor", "alpha").get(address).status_code == 403


@pytest.mark.parametrize("who", ["alpha_admin", "alpha_auditor"])
def test_who_sees_no_drafts_sees_no_review(alpha, console, who):
    page = draft_article(title="看不到的草稿")
    submit(page)
    client = console(who, "alpha")
    for address in (f"/admin/review/{page.pk}/", "/admin/review/", "/admin/review/published/"):
        assert client.get(address).status_code == 403
    for address in ("/admin/pages/", f"/admin/pages/{column('news').pk}/", "/admin/pages/search/?q=看不到"):
        assert_unseen(client.get(address, follow=True))
    api = client.get("/admin/api/main/pages/", {"child_of": column("news").pk})
    assert "看不到的草稿" not in api.content.decode()
    assert_unseen(client.get(f"/admin/pages/{page.pk}/edit/", follow=True))


def assert_unseen(answer):
    """Whoever is sent home sees the start page; the auditor's holds the record, which names what was acted on."""
    shown = answer.content.decode()
    if answer.redirect_chain:
        shown = re.sub(r'<section class="timeline">.*?</section>', "", shown, flags=re.DOTALL)
    assert "看不到的草稿" not in shown


def test_another_site_s_reviewer_stays_outside(alpha, console):
    page = draft_article()
    submit(page)
    client = console("both_content", "alpha")
    assert client.get(f"/admin/review/{page.pk}/").status_code == 200
    stranger = console("beta_content", "beta")
    stranger.defaults["HTTP_HOST"] = "alpha.console.localhost"
    # The same for what there is as for what there is not.
    answers = [stranger.get(f"/admin/review/{number}/") for number in (page.pk, 999_999)]
    assert [(answer.status_code, answer["Location"].partition("?")[0]) for answer in answers] == [
        (302, "/admin/login/")
    ] * 2
