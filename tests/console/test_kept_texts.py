"""What a browser kept comes back into the form, unsaved; and the server says which texts have arrived."""

from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import Page

from govplatform.review.submission.actions import decide_review
from sites.articles.models import Article
from tests import factories
from tests.console.test_document_through_the_console import article_form
from tests.factories import column, user

WORDS = "断线的时候写的一段。"


def arrived(client):
    return client.get("/admin/session/").json()["arrived"]


def test_a_new_draft_comes_back_unsaved(alpha, console):
    client, address = console("alpha_editor", "alpha"), f"/admin/pages/add/articles/article/{column().pk}/"
    before = Page.objects.count()
    answer = client.post(address, {**article_form(client, address, title=WORDS), "action-restore": "1"})
    html = answer.content.decode()
    assert answer.status_code == 200 and WORDS in html and "已恢复，还没有保存" in html
    assert 'data-w-unsaved-force-value="true"' in html
    assert Page.objects.count() == before


def test_a_draft_comes_back_beside_what_a_colleague_saved_meanwhile(alpha, console):
    page = factories.draft_article()
    client, address = console("alpha_editor", "alpha"), f"/admin/pages/{page.pk}/edit/"
    form = article_form(client, address, title=WORDS, slug=page.slug)
    page.title = "同事改的标题"
    page.save_revision(user=user("alpha_editor2"))
    newest = Article.objects.get(pk=page.pk).latest_revision
    html = client.post(address, {**form, "action-restore": "1"}).content.decode()
    assert WORDS in html and user("alpha_editor2").full_name in html and "历史记录" in html
    assert Article.objects.get(pk=page.pk).latest_revision == newest, "nothing is saved yet"


def test_a_text_has_arrived_when_it_was_taken_and_not_when_it_was_refused(alpha, console):
    page = factories.draft_article()
    client, address = console("alpha_editor", "alpha"), f"/admin/pages/{page.pk}/edit/"
    form = article_form(client, address, slug=page.slug)
    client.post(address, {**form, "title": "有标题", "kept_text": "first"})
    assert arrived(client) == ["first"]
    factories.submit(page)
    client.post(address, {**form, "title": "送审以后写的", "kept_text": "second"})
    assert "second" not in arrived(client)


def test_the_loser_of_two_decisions_keeps_the_opinion(alpha, console):
    page = factories.draft_article()
    factories.submit(page)
    client = console("alpha_content", "alpha")
    screen = client.get(f"/admin/review/{page.pk}/")
    form = {
        "step": "content",
        "revision": screen.context["screen"].revision.pk,
        "verdict": "reject",
        "opinion": WORDS,
        "kept_text": "opinion",
    }
    decide_review(page, acting_user=user("both_content"), approve=False, opinion="先退回了。")
    html = client.post(f"/admin/review/{page.pk}/", form).content.decode()
    assert "data-not-sent" in html and WORDS in html
    assert arrived(client) == []


def test_an_attachment_over_the_limit_is_refused_by_the_server_too(alpha, console, settings):
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 10
    client = console("alpha_editor", "alpha")
    fields = {"title": "大文件", "file": SimpleUploadedFile("a.txt", b"more than ten bytes"), "collection": "1"}
    assert client.post("/admin/documents/add/", fields).status_code == 200
    html = client.get("/admin/documents/add/").content.decode()
    assert 'data-most-bytes="10"' in html
