"""One text in several columns: one page at one address, listed in several places and counted once."""

import pytest
from wagtail.models import Page

from content_library.models import Resource
from govplatform.audit.models import Entry
from govplatform.console.audit_sentences import Names, say
from govplatform.refusals import Refused
from govplatform.review.models import Clearance
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from sites.columns.listing import list_page_in, listings_of
from sites.columns.models import Pin
from sites.columns.overdue import column_states
from sites.columns.pinning import pin_page
from sites.writing.placing import Place, place_draft
from tests.columns.test_pins import today
from tests.console.conftest import citizen, console  # noqa: F401
from tests.factories import column, draft_article, user
from tests.verbs import call_verb


def editor():
    return user("alpha_editor")


def listed(citizen, path):  # noqa: F811
    return citizen("alpha").get(path).content.decode().partition("column-sheet")[2].partition("</main>")[0]


def test_it_is_listed_there_too_at_its_one_address(alpha, live, console, citizen):  # noqa: F811
    page, clearances = live("article"), Clearance.objects.count()
    items = {state.column.slug: state.items for state in column_states()}
    client = console("alpha_editor", "alpha")
    address = f"/admin/writing/listing/{page.pk}/"
    assert "通知公告" in client.get(address).content.decode()
    assert client.post(address, {"columns": [column("notices").pk]}).status_code == 302
    public = citizen("alpha")
    link = f'href="{site_path(page)}"'
    assert link in listed(citizen, "/notices/") and link in listed(citizen, "/news/")
    feed = public.get("/notices/feed.xml").content.decode()
    assert feed.count(f"{site_path(page)}</link>") == 1 and "/notices/article/" not in feed
    assert public.get("/notices/article/").status_code == 404
    assert public.get("/sitemap.xml").content.decode().count(f"{site_path(page)}<") == 1
    assert Resource.objects.filter(tenant=alpha, page_id=page.pk).count() == 1
    assert {state.column.slug: state.items for state in column_states()} == items
    assert Clearance.objects.count() == clearances
    withdraw_page(page, acting_user=user("alpha_content"), reason="信息有误。")
    assert link not in listed(citizen, "/notices/")
    said = say(Entry.objects.get(act="page.list"), Names())
    assert "还在哪些栏目列出" in said.sentence and said.changes == [("栏目", "（空）", "通知公告")]


def test_what_is_pinned_there_goes_with_the_listing(alpha, live, citizen):  # noqa: F811
    page = live("article")
    with pytest.raises(Refused, match="列表里没有"):
        pin_page(page, column("notices"), today(), acting_user=editor())
    list_page_in(page, [column("notices")], acting_user=editor())
    pin_page(page, column("notices"), today(), acting_user=editor())
    assert "置顶" in listed(citizen, "/notices/") and "置顶" not in listed(citizen, "/news/")
    assert list_page_in(page, [], acting_user=editor())
    assert not Pin.objects.exists() and not list_page_in(page, [], acting_user=editor())


def test_a_draft_that_moves_there_is_there_once(alpha):
    draft = draft_article()
    list_page_in(draft, [column("notices")], acting_user=editor())
    place_draft(draft, Place(column("notices")), acting_user=editor())
    assert not listings_of(Page.objects.get(pk=draft.pk)).exists()


def test_what_may_not_says_why(alpha, live, console, subtests):  # noqa: F811
    page = live("article")
    cases = (
        (column("notices"), [column("news")], "alpha_editor", "首页或栏目"),
        (page, [column("news")], "alpha_editor", "已经有它"),
        (page, [column("notices")], "alpha_admin", "没有编辑角色"),
    )
    for what, where, who, words in cases:
        with subtests.test(words), pytest.raises(Refused, match=words):
            list_page_in(what, where, acting_user=user(who))
    sent = console("alpha_editor", "alpha").post(f"/admin/writing/listing/{page.pk}/", {"columns": ["999999", "x"]})
    assert "重新选择" in sent.content.decode() and not listings_of(page).exists()


def test_the_verb_of_listing(alpha, live):
    words = ("list_page", "--site", "alpha", "--page", str(live("article").pk), "--as", "alpha_editor", "--json")
    assert '"columns": ["notices"]' in call_verb(*words, "--columns", "notices").stdout
    assert call_verb(*words, "--columns", "nowhere").returncode == 3
    assert '"columns": []' in call_verb(*words, "--columns", "").stdout
