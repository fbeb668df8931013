"""An editor names a time in the editor; two reviewers clear it with the content; then it goes live."""

from datetime import timedelta

from django.utils import timezone

from govplatform.review.gate.status import page_status
from govplatform.review.tasks import publish_due_pages
from sites.articles.models import Article
from tests.factories import approve, column


def test_a_time_named_in_the_editor_goes_through_the_review(alpha, console, monkeypatch):
    editor = console("alpha_editor", "alpha")
    moment = (timezone.localtime() + timedelta(hours=3)).replace(second=0, microsecond=0)
    address = f"/admin/pages/add/articles/article/{column('news').pk}/"
    form = editor.get(address).content.decode()
    assert "定时发布与到期撤下" in form
    response = editor.post(
        address,
        {
            "title": "定时信息", "slug": "", "summary": "", "source": "本站", "author": "", "keywords": "",
            "subject_class": "", "audience": "", "disclosure": "proactive", "picture": "",
            "go_live_at": moment.strftime("%Y-%m-%d %H:%M"), "expire_at": "",
            "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "quotation", "body-0-id": "",
            "body-0-value-text": "到时再看。", "body-0-value-attribution": "",
            "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0",
            "comments-MAX_NUM_FORMS": "", "action-submit": "1",
        },
    )  # fmt: skip
    assert response.status_code == 302, response.context["form"].errors
    page = Article.objects.get(draft_title="定时信息")
    assert page_status(page) == "in_review"
    approve(page, "alpha_content")
    assert approve(page, "alpha_secret").status == "approved"
    assert page.get_latest_revision_as_object().go_live_at == moment
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment + timedelta(minutes=1))
    assert publish_due_pages() == 1
    page.refresh_from_db()
    assert page_status(page) == "live"
    assert page.first_published_at >= moment
