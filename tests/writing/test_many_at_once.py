"""Many pages at once, and copies: each page is an act of its own and says how it went."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page

from govplatform.audit.models import Entry
from govplatform.confidentiality.models import Scan
from govplatform.console.audit_sentences import Names, say
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from govplatform.review.gate.separation import lineage
from govplatform.review.gate.status import page_status
from govplatform.review.models import Clearance
from govplatform.review.submission.due_pages import publish_due_pages
from sites.columns.pinning import pin_page
from sites.writing.batches import MOST, move_pages, plan_pages, submit_pages
from sites.writing.copying import copy_as_draft
from tests import factories
from tests.factories import column, user
from tests.verbs import call_verb


def editor():
    return user("alpha_editor")


def ids(*pages):
    return [page.pk for page in pages]


def without_source():
    page = factories.draft_article()
    page.source = ""
    with holding():
        page.save_revision(user=editor(), clean=False)
    return page


def outcome(results):
    return {result.page_id: (result.done, " ".join(result.said)) for result in results}


@pytest.mark.usefixtures("alpha")
class TestMany:
    def test_what_may_not_be_moved_stays_and_says_why(self, live):
        draft, waiting, public = factories.draft_article(), factories.draft_article(), live("article")
        factories.submit(waiting)
        told = outcome(move_pages([*ids(draft, waiting, public), 999999], column("notices"), acting_user=editor()))
        assert told[draft.pk] == (True, "已移到栏目“通知公告”。")
        assert "正在审核中" in told[waiting.pk][1] and "已经发布" in told[public.pk][1]
        assert "没有编号" in told[999999][1]
        parents = {page.pk: Page.objects.get(pk=page.pk).get_parent().slug for page in (draft, waiting, public)}
        assert parents == {draft.pk: "notices", waiting.pk: "news", public.pk: "news"}

    def test_many_are_handed_in_and_what_is_missing_is_told_page_by_page(self):
        good, bad = factories.draft_article(), without_source()
        told = outcome(submit_pages(ids(bad, good, column()), acting_user=editor()))
        assert told[good.pk][0] and "来源" in told[bad.pk][1] and "是首页或栏目" in told[column().pk][1]
        assert [page_status(Page.objects.get(pk=pk)) for pk in ids(good, bad)] == ["in_review", "draft"]

    def test_a_time_is_reviewed_with_the_words_and_kept(self):
        page, waiting = factories.draft_article(), factories.draft_article()
        factories.submit(waiting)
        moment = (timezone.now() + timedelta(days=2)).replace(microsecond=0)
        told = outcome(plan_pages(ids(page, waiting), moment, acting_user=editor()))
        assert told[page.pk][0] and "正在审核中" in told[waiting.pk][1]
        assert Page.objects.get(pk=page.pk).specific.get_latest_revision_as_object().go_live_at == moment
        factories.publish(page)
        assert page_status(Page.objects.get(pk=page.pk)) == "approved"
        again = outcome(plan_pages(ids(page), moment + timedelta(days=1), acting_user=editor()))
        assert "时间也经过审查" in again[page.pk][1]
        publish_due_pages()
        assert not Page.objects.get(pk=page.pk).live
        assert "发布时间定在" in say(Entry.objects.get(act="page.plan"), Names()).sentence
        past = outcome(plan_pages(ids(factories.draft_article()), timezone.now(), acting_user=editor()))
        assert "已经过去" in next(iter(past.values()))[1]

    def test_nobody_else_and_no_crowd(self):
        page = factories.draft_article()
        with pytest.raises(Refused, match="没有编辑角色"):
            submit_pages(ids(page), acting_user=user("alpha_content"))
        with pytest.raises(Refused, match=f"最多 {MOST} 条"):
            submit_pages(range(1, MOST + 2), acting_user=editor())
        with pytest.raises(Refused, match="没有选中"):
            submit_pages([], acting_user=editor())

    def test_from_the_list_to_the_answer(self, console):
        pages = [factories.draft_article(), without_source()]
        client = console("alpha_editor", "alpha")
        listing = client.get(f"/admin/pages/{column().pk}/").content.decode()
        assert all(f"/admin/bulk/wagtailcore/page/{what}/" in listing for what in ("move", "submit", "plan"))
        query = "&".join(f"id={page.pk}" for page in pages)
        led = client.get(f"/admin/bulk/wagtailcore/page/submit/?{query}")
        assert led.headers["Location"] == f"/admin/writing/batch/submit/?{query}"
        every = client.get(f"/admin/bulk/wagtailcore/page/plan/?id=all&childOf={column().pk}")
        assert all(f"id={page.pk}" in every.headers["Location"] for page in pages)
        asked = client.get(led.headers["Location"]).content.decode()
        assert all(page.title in asked for page in pages)
        answer = client.post("/admin/writing/batch/submit/", {"id": ids(*pages)}).content.decode()
        assert "做成 1 条，没有做成 1 条" in answer and "来源" in answer
        assert f"/admin/writing/batch/submit/?id={pages[1].pk}" in answer
        said = client.post("/admin/writing/batch/plan/", {"id": ids(pages[1]), "moment": "gestern"}).content.decode()
        assert "2026-12-31 08:00 这样" in said and pages[1].title in said
        assert client.get("/admin/writing/batch/nothing/").status_code == 404
        # The administrator still moves columns in Wagtail's way.
        admin = console("alpha_admin", "alpha").get(f"/admin/bulk/wagtailcore/page/move/?id={column().pk}")
        assert admin.status_code == 200

    def test_the_verb_says_both(self):
        good, bad = factories.draft_article(), without_source()
        words = ("batch_pages", "--site", "alpha", "--as", "alpha_editor", "--json", "--pages")
        assert call_verb(*words, f"{good.pk},{bad.pk}", "--at", "2999-01-01T08:00").returncode == 0
        done = call_verb(*words, f"{good.pk},{bad.pk}", "--submit")
        assert done.returncode == 1 and '"done": 1' in done.stdout
        assert call_verb(*words, str(good.pk), "--column", "notices").returncode == 3
        assert call_verb(*words, str(bad.pk), "--at", "soon").returncode == 3


def test_a_copy_begins_anew(alpha, live, console):
    original = live("policy")
    pin_page(original, original.get_parent().specific, timezone.localdate(), acting_user=editor())
    client = console("alpha_editor2", "alpha")
    assert client.get(f"/admin/pages/{original.pk}/copy/").headers["Location"] == f"/admin/writing/copy/{original.pk}/"
    asked = client.get(f"/admin/writing/copy/{original.pk}/").content.decode()
    assert "都不带过来" in asked and original.title in asked
    sent = {"title": "另一件通知", "column": original.get_parent().pk}
    made = client.post(f"/admin/writing/copy/{original.pk}/", sent)
    copy = Page.objects.get(title="另一件通知").specific
    assert made.headers["Location"] == f"/admin/pages/{copy.pk}/edit/"
    assert copy.document_number == original.document_number and str(copy.body) == str(original.body)
    assert (copy.live, copy.first_published_at, copy.index_number, copy.go_live_at) == (False, None, "", None)
    assert copy.slug != original.slug and page_status(copy) == "draft"
    assert not Clearance.objects.filter(page_id=copy.pk).exists() and not Scan.objects.filter(page_id=copy.pk).exists()
    assert user("alpha_editor").pk in lineage(copy, copy.get_latest_revision(), []), "who wrote the words reviews none"
    said = say(Entry.objects.get(act="page.copy"), Names()).sentence
    assert f"把《{original.title}》复制为新稿《另一件通知》" in said
    factories.publish(copy, editor="alpha_editor2")
    assert Page.objects.get(pk=copy.pk).live


def test_what_is_not_copied_says_why(alpha):
    topic = factories.draft_article()
    with pytest.raises(Refused, match="是首页或栏目"):
        copy_as_draft(column(), acting_user=editor())
    with pytest.raises(Refused, match="没有编辑角色"):
        copy_as_draft(topic, acting_user=user("alpha_admin"))
    words = ("copy_draft", "--site", "alpha", "--page", str(topic.pk), "--column", "notices", "--title", "抄一份")
    assert call_verb(*words, "--as", "alpha_editor").returncode == 0
    assert Page.objects.get(title="抄一份").get_parent().slug == "notices"
